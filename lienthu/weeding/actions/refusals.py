"""How an action of weeding says no."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """Nothing was done. `code` and `params` become a sentence in `wording`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = params
