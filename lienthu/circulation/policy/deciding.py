"""What stands in the way of a loan, a renewal or a request, beside the state of the copy: all reasons at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

# A person with the permission may lend nevertheless; the state of the copy cannot be argued away.
OVERRIDABLE = frozenset(
    {
        "CARD_EXPIRED",
        "BLOCKED",
        "GUARDIAN_MISSING",
        "NOT_LENDABLE",
        "TOO_MANY",
        "TOO_MANY_OF_TYPE",
        "TOO_MANY_HERE",
        "OVERDUE",
        "OWES_TOO_MUCH",
        "TOO_MANY_RENEWALS",
        "TOO_SOON",
        "HOLDS_NOT_ALLOWED",
        "TOO_MANY_HOLDS",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a refusal: a code, what its sentence needs, and the rule it comes from (as loans keep it)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A value of the rules with the row that gave it; None: the product's own default."""

    value: Any
    rule: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BlockSeen:
    """A block of a reader that holds at this library."""

    code: str
    reason: str
    until: date | None = None
    library_code: str | None = None


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What is known of the reader on the day."""

    card_expires: date | None = None
    blocks: tuple[BlockSeen, ...] = ()
    guardian_missing: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What the reader has now. `oldest_overdue` is the due day of the loan that is overdue longest,
    `owed` what is still to pay, in whole đồng."""

    loans: int = 0
    loans_of_type: int = 0
    loans_here: int = 0
    holds: int = 0
    oldest_overdue: date | None = None
    owed: int = 0


Rules = Mapping[str, Ruled]


def decide_checkout(*, rules: Rules, reader: ReaderFacts, counts: Counts, refusal: str, today: date) -> list[Reason]:
    """Reasons against a loan; `refusal` is that of the table of transitions."""
    reasons = [Reason(refusal)] if refusal else []
    reasons += _standing(reader, today)
    if not rules["lendable"].value:
        reasons.append(Reason("NOT_LENDABLE", rule=rules["lendable"].rule))
    for name, code, have in (
        ("max_loans", "TOO_MANY", counts.loans),
        ("max_loans_of_type", "TOO_MANY_OF_TYPE", counts.loans_of_type),
        ("max_loans_here", "TOO_MANY_HERE", counts.loans_here),
    ):
        if have >= rules[name].value:
            reasons.append(Reason(code, {"most": rules[name].value, "have": have}, rules[name].rule))
    return [*reasons, *_overdue(rules, counts, today), *_debt(rules, counts)]


def decide_renewal(
    *,
    rules: Rules,
    reader: ReaderFacts,
    counts: Counts,
    refusal: str,
    renewed: int,
    due: date,
    becomes: date,
    today: date,
) -> list[Reason]:
    """Reasons against renewing a loan due on `due`, which would then be due on `becomes`."""
    reasons = [Reason(refusal)] if refusal else []
    reasons += _standing(reader, today)
    if renewed >= rules["renewals"].value:
        params = {"most": rules["renewals"].value, "have": renewed}
        reasons.append(Reason("TOO_MANY_RENEWALS", params, rules["renewals"].rule))
    opens = due - timedelta(days=min(rules["renewal_opens_days"].value, (due - date.min).days))
    if today < opens:
        reasons.append(Reason("TOO_SOON", {"from": opens.isoformat()}, rules["renewal_opens_days"].rule))
    if becomes <= due and not reasons:
        reasons.append(Reason("NOTHING_GAINED", {"due": due.isoformat()}, rules["renewal_days"].rule))
    return [*reasons, *_overdue(rules, counts, today), *_debt(rules, counts)]


def decide_hold(
    *, rules: Rules, reader: ReaderFacts, counts: Counts, refusals: tuple[str, ...], today: date
) -> list[Reason]:
    """Reasons against a request; `refusals` are those of the copies (or none)."""
    reasons = [Reason(code) for code in refusals]
    reasons += _standing(reader, today)
    if not rules["holds_allowed"].value:
        reasons.append(Reason("HOLDS_NOT_ALLOWED", rule=rules["holds_allowed"].rule))
    if counts.holds >= rules["max_holds"].value:
        params = {"most": rules["max_holds"].value, "have": counts.holds}
        reasons.append(Reason("TOO_MANY_HOLDS", params, rules["max_holds"].rule))
    return [*reasons, *_debt(rules, counts)]


def _standing(reader: ReaderFacts, today: date) -> Iterator[Reason]:
    if reader.card_expires is not None and reader.card_expires < today:
        yield Reason("CARD_EXPIRED", {"on": reader.card_expires.isoformat()})
    for block in reader.blocks:
        until = block.until.isoformat() if block.until else ""
        yield Reason(
            "BLOCKED",
            {"block": block.code, "reason": block.reason, "until": until, "library": block.library_code or ""},
        )
    if reader.guardian_missing:
        yield Reason("GUARDIAN_MISSING")


def _overdue(rules: Rules, counts: Counts, today: date) -> Iterator[Reason]:
    limit = rules["overdue_blocks_after_days"].value
    if not limit or counts.oldest_overdue is None:
        return
    days = (today - counts.oldest_overdue).days
    if days >= limit:
        yield Reason("OVERDUE", {"days": days, "after": limit}, rules["overdue_blocks_after_days"].rule)


def _debt(rules: Rules, counts: Counts) -> Iterator[Reason]:
    limit = rules["debt_limit"]
    if limit.value and counts.owed > limit.value:
        yield Reason("OWES_TOO_MUCH", {"owed": counts.owed, "most": limit.value}, limit.rule)
