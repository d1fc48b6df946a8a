"""A payment shared over what is open, the oldest charge first. Money is whole đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Open:
    """A charge of which something is open."""

    charge_id: int
    kind: str
    on: date
    open: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a payment gives to one charge; `left` stays open of it."""

    charge_id: int
    kind: str
    amount: int
    left: int


class TooMuch(ValueError):
    """More money than there is to pay. `owed` is what is open."""

    def __init__(self, owed: int) -> None:
        super().__init__(str(owed))
        self.owed = owed


def allocate(amount: int, charges: Sequence[Open]) -> tuple[Share, ...]:
    """Share `amount` over the charges by day, then by number; each gets all that is open of it until nothing is left.

    Raises ValueError for an amount that is no payment, TooMuch for more than is owed.
    """
    if amount <= 0:
        raise ValueError(amount)
    owed = sum(one.open for one in charges)
    if amount > owed:
        raise TooMuch(owed)
    shares, rest = [], amount
    for one in sorted(charges, key=lambda charge: (charge.on, charge.charge_id)):
        part = min(rest, one.open)
        if part > 0:
            shares.append(Share(one.charge_id, one.kind, part, one.open - part))
            rest -= part
    return tuple(shares)
