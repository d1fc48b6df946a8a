"""Why a loan may not be renewed, as far as rules decide it. All reasons at once, as codes that programs can read."""

from datetime import date

from lienthu.loanrules.policy.terms import Terms


def renewal_refusals(*, terms: Terms, renewed: int, due: date, today: date, new_due: date) -> tuple[str, ...]:
    """Return the reasons against a renewal; none: it may be renewed.

    NOT_LENDABLE, IN_LIBRARY, TOO_MANY (renewed often enough), TOO_SOON (not within the last days of the loan),
    NO_LATER (the new due date would not be later than the present one).
    """
    reasons = []
    if not terms.lendable.value:
        reasons.append("NOT_LENDABLE")
    if terms.in_library_only.value:
        reasons.append("IN_LIBRARY")
    if renewed >= terms.renewals.value:
        reasons.append("TOO_MANY")
    if (due - today).days > terms.renewal_opens_days.value:
        reasons.append("TOO_SOON")
    if new_due <= due:
        reasons.append("NO_LATER")
    return tuple(reasons)
