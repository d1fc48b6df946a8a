"""The lines of each kind of entry. The sum of the lines of one entry is zero, always."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.fees.policy.allocating import Share

# Where the money of a payment comes from, or that of a refund goes to.
SOURCES = {"CASH": "CASH", "TRANSFER": "BANK", "DEPOSIT": "DEPOSIT", "CREDIT": "CREDIT"}
OF_READER = frozenset({"OWED", "DEPOSIT", "CREDIT"})


@dataclass(frozen=True, slots=True)
class Posting:
    """One line: positive is debit. `charge_id` only on OWED."""

    account: str
    amount: int
    charge_id: int | None = None


def payment(shares: Sequence[Share], *, method: str) -> list[Posting]:
    """Money comes in and less is owed; what was asked for as a deposit is from now on held as one."""
    total = sum(share.amount for share in shares)
    lines = [Posting(SOURCES[method], total)]
    lines += [Posting("OWED", -share.amount, share.charge_id) for share in shares]
    held = sum(share.amount for share in shares if share.kind == "DEPOSIT")
    if held:
        lines += [Posting("INCOME", held), Posting("DEPOSIT", -held)]
    return lines


def waiver(charge_id: int, amount: int) -> list[Posting]:
    """Less is owed, and nobody paid."""
    return [Posting("FORGIVEN", amount), Posting("OWED", -amount, charge_id)]


def moved(amount: int, *, of: str, method: str) -> list[Posting]:
    """Money of the reader (DEPOSIT, CREDIT) comes in, or with a negative amount goes out."""
    return [Posting(SOURCES[method], amount), Posting(of, -amount)]


def withdrawal(charge_id: int, *, still_open: int, paid: int, forgiven: int) -> list[Posting]:
    """A charge that should not be: nothing of it stays open, and what was paid for it belongs to the reader again."""
    lines = [Posting("INCOME", still_open + paid + forgiven)]
    if still_open:
        lines.append(Posting("OWED", -still_open, charge_id))
    if paid:
        lines.append(Posting("CREDIT", -paid))
    if forgiven:
        lines.append(Posting("FORGIVEN", -forgiven))
    return lines


def negated(lines: Sequence[Posting]) -> list[Posting]:
    """The entry that takes another one back."""
    return [Posting(line.account, -line.amount, line.charge_id) for line in lines]


def opening(amount: int) -> list[Posting]:
    """Change that is put into a drawer."""
    return [Posting("CASH", amount), Posting("SAFE", -amount)] if amount else []


def closing(*, expected: int, counted: int) -> list[Posting]:
    """The drawer is emptied into the safe; what is missing or too much is a difference of its own."""
    lines = [("CASH", -expected), ("SAFE", counted), ("DIFFERENCE", expected - counted)]
    return [Posting(account, amount) for account, amount in lines if amount]
