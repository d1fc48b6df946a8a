"""What a loan costs its reader: a fine for days late, the price of a lost copy, and both taken back."""

from lienthu.circulation.actions.stage import Stage
from lienthu.circulation.models import Loan, LoanEnd, Step
from lienthu.circulation.queries.calendars import calendar_at
from lienthu.circulation.queries.counting import local_day
from lienthu.fees.actions import charge, charge_again, reverse
from lienthu.fees.queries import charges_with, price_of
from lienthu.loanrules.queries import costs_when_late, fine_of, kept_rule


def charge_for_return(stage: Stage) -> int:
    """Charge the fine of the loan that has just ended, by the terms it keeps; how many đồng."""
    loan, reader = stage.made.get("loan"), stage.made.get("reader")
    if loan is None or reader is None or loan.ended_at is None:
        return 0
    return _charge_fine(stage, loan, reader)


def charge_for_renewal(stage: Stage, loan: Loan) -> int:
    """The same for the days late until a renewal, before the loan gets its new due date."""
    return _charge_fine(stage, loan, loan.patron_id or 0)


def charge_for_loss(stage: Stage) -> int:
    """Charge the replacement of a lost copy that was lent, where its library has published a price for that."""
    loan, reader = stage.made.get("loan"), stage.made.get("reader")
    if loan is None or reader is None:
        return 0
    copy = stage.scene.copy
    price = price_of(copy.library_id, "REPLACEMENT", on=stage.today)
    if price is None:
        return 0
    key = f"{_replacement(loan)}{stage.at.isoformat()}"
    charge(
        stage.w,
        patron_id=reader,
        library_id=copy.library_id,
        kind="REPLACEMENT",
        amount=price.amount,
        because={**_book(stage, loan), "price": price.name_vi, "price_en": price.name_en},
        key=key,
        at=stage.at,
    )
    _remember(stage, key)
    return price.amount


def take_loss_back(stage: Stage) -> None:
    """A lost copy is here again: nobody owes its replacement, and what was paid belongs to the reader."""
    if stage.made.get("was") != "LOST":
        return
    lost = Loan.objects.filter(item_id=stage.scene.copy.item_id, ended_how=LoanEnd.LOST).order_by("-ended_at").first()
    for key in charges_with(_replacement(lost)) if lost is not None else ():
        reverse(stage.w, key=key, reason="FOUND", library_code=stage.library.code)
        stage.made.setdefault("uncharged", []).append(key)


def take_charges_back(stage: Stage, step: Step) -> None:
    """What the undone step charged is owed no more; what it took back is owed again."""
    for key in step.result.get("charged", []):
        reverse(stage.w, key=key, reason="UNDONE", library_code=stage.library.code)
    for key in step.result.get("uncharged", []):
        charge_again(stage.w, key=key, times=step.pk, library_code=stage.library.code)


def noted(stage: Stage) -> dict[str, list[str]]:
    """What the step has to remember of money, so that it can be undone."""
    return {name: stage.made[name] for name in ("charged", "uncharged") if name in stage.made}


def _replacement(loan: Loan) -> str:
    return f"replacement-{loan.pk}-"


def _charge_fine(stage: Stage, loan: Loan, reader: int) -> int:
    if not costs_when_late(loan.terms) or stage.at <= loan.due_at:
        return 0
    # What the reader says to have brought back is looked for; those days are not charged.
    until = local_day(min(stage.at, loan.claimed_at) if loan.claimed_at else stage.at)
    calendar = calendar_at(library_id=loan.library_id, branch_id=loan.branch_id)
    fine = fine_of(kept=loan.terms, calendar=calendar, due=loan.due_on, returned=until)
    if not fine.amount:
        return 0
    key = f"fine-{loan.pk}-{loan.due_on.isoformat()}-{stage.at.isoformat()}"
    because = {
        **_book(stage, loan),
        "due": loan.due_on.isoformat(),
        "until": until.isoformat(),
        "late": fine.days_late,
        "closed": fine.days_closed,
        "grace": fine.days_in_grace,
        "charged": fine.days_charged,
        "per_day": loan.terms["values"]["fine_per_day"]["value"],
        "capped": fine.capped,
        "rule": kept_rule(loan.terms, "fine_per_day"),
    }
    charge(
        stage.w,
        patron_id=reader,
        library_id=loan.library_id,
        library_code=stage.library.code,
        kind="FINE",
        amount=fine.amount,
        because=because,
        key=key,
        at=stage.at,
    )
    _remember(stage, key)
    return fine.amount


def _book(stage: Stage, loan: Loan) -> dict[str, object]:
    copy = stage.scene.copy
    return {"loan": loan.pk, "title": copy.title, "number": copy.accession_number}


def _remember(stage: Stage, key: str) -> None:
    stage.made.setdefault("charged", []).append(key)
