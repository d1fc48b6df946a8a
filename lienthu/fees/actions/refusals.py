"""How the room of money says no."""

from typing import Any


class Refused(Exception):
    """Nothing was booked. `code` names the reason, `params` are what its sentence needs (wording.refusal_sentence)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
