"""How an action of circulation says no."""

from collections.abc import Sequence

from lienthu.circulation.policy import Reason


class Refused(Exception):
    """Nothing was done. `reasons` are all that stand in the way, the copy's own first."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = tuple(reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


def refuse(code: str, **params: object) -> Refused:
    """A refusal for one reason."""
    return Refused([Reason(code, params)])
