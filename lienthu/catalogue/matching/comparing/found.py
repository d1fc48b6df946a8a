"""One thing that a comparison found."""

from typing import NamedTuple


class Found(NamedTuple):
    """`veto`: certainly different; `doubt`: at most a question; `support`: a second witness beside the title."""

    code: str
    weight: float
    left: str = ""
    right: str = ""
    veto: bool = False
    doubt: bool = False
    support: bool = False
