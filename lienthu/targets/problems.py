"""Why a target gave nothing, as a code with values; `wording` has the sentences."""

from typing import Any


class TargetProblem(Exception):
    """A target could not be asked, or its answer could not be used. `params` are plain values for the sentence."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def as_dict(self) -> dict[str, Any]:
        """The form that is stored."""
        return {"code": self.code, "params": self.params}
