"""Lending and renewing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lienthu.circulation.access import LEND, OVERRIDE, require_desk, require_desk_or_self
from lienthu.circulation.actions.charging import charge_for_renewal, noted
from lienthu.circulation.actions.effects import perform
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused, refuse
from lienthu.circulation.actions.rows import note_step
from lienthu.circulation.actions.stage import Stage, done_before, staging
from lienthu.circulation.models import Hold, HoldState, Loan
from lienthu.circulation.policy import (
    OVERRIDABLE,
    Action,
    Reason,
    Request,
    Who,
    decide_checkout,
    decide_renewal,
    may_take,
)
from lienthu.circulation.queries.calendars import calendar_at
from lienthu.circulation.queries.counting import Due, Terms, count_loans, due_of, ruled, terms_for, with_debt
from lienthu.circulation.queries.readers import NoSuchReader, reader_now
from lienthu.circulation.queries.state import free_copies
from lienthu.identity.access import Actor, may

__all__ = ["LEND", "CheckedOut", "Renewed", "checkout", "renew"]


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A loan as it was made; `due` and `terms` are None when the same request came before."""

    loan: Loan
    due: Due | None
    terms: Terms | None
    again: bool = False
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """A loan with its new due date."""

    loan: Loan
    due: Due | None
    again: bool = False


def checkout(
    *,
    actor: Actor,
    item_id: int,
    patron_id: int,
    library_id: int,
    branch_id: int | None = None,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
    override: str = "",
    happened: bool = False,
) -> CheckedOut:
    """Lend a copy to a reader at a library.

    `override` is the reason of a person who lends nevertheless. `happened`: the reader has left with the copy (a desk
    without network noted it), so what a person could set aside, and a queue, only go into `overridden`. Raises
    identity's Refused without the permission, circulation's Refused with all reasons; then nothing changed.
    """
    library = library_at(library_id)
    require_desk(actor, library)
    with staging(
        actor=actor,
        action=Action.CHECKOUT,
        item_id=item_id,
        library=library,
        branch_id=branch_id,
        at=at,
        channel=channel,
        request_key=request_key,
        patron_id=patron_id,
    ) as stage:
        before = done_before(stage)
        if before is not None and before.loan_id is not None:
            return CheckedOut(Loan.objects.get(pk=before.loan_id), None, None, again=True)
        _learn_reader(stage, patron_id)
        who, request = _who(stage, patron_id)
        transition = stage.transition(who, request)
        passed = []
        if happened and transition.refusal == "HELD_FOR_ANOTHER" and stage.scene.bound is None:
            transition, passed = stage.transition(Who.OTHER, Request.NONE), [transition.refusal]
        terms, due = _terms(stage)
        reasons = _reasons(stage, transition.refusal, terms)
        overridden = passed + _refuse_or_override(stage, reasons, override, happened=happened)
        perform(stage, transition)
        loan: Loan = stage.made["loan"]
        note_step(stage)
        details: dict[str, Any] = {"loan": loan.pk, "due": due.on.isoformat(), "channel": channel}
        if overridden:
            details |= {"override": override[:200], "reasons": overridden}
        stage.w.audit(
            "circulation.checked_out",
            target=("item", stage.scene.copy.accession_number or item_id),
            at=library.code,
            details=details,
        )
        stage.w.publish(
            "circulation.loan_started",
            loan_id=loan.pk,
            item_id=item_id,
            library_id=library.pk,
            hold_id=stage.made.get("hold_id"),
        )
        return CheckedOut(loan, due, terms, overridden=tuple(overridden))


def renew(
    *,
    actor: Actor,
    loan_id: int,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
    override: str = "",
) -> Renewed:
    """Renew an open loan, by the desk that lent it or by its reader. Raises Loan.DoesNotExist and both Refused."""
    found = Loan.objects.select_related("library__scope").get(pk=loan_id, ended_at=None)
    library, patron_id = found.library, found.patron_id
    require_desk_or_self(actor, library, patron_id)
    with staging(
        actor=actor,
        action=Action.RENEW,
        item_id=found.item_id,
        library=library,
        branch_id=found.branch_id,
        at=at,
        channel=channel,
        request_key=request_key,
        patron_id=patron_id,
    ) as stage:
        if done_before(stage) is not None:
            return Renewed(Loan.objects.get(pk=loan_id), None, again=True)
        loan = stage.scene.loan
        mine = loan is not None and loan.pk == loan_id
        transition = stage.transition(Who.BORROWER if mine else Who.OTHER, None if mine else Request.NONE)
        if loan is None or not mine or patron_id is None:
            raise Refused([Reason(transition.refusal or "NOT_ON_LOAN")])
        _learn_reader(stage, patron_id)
        terms, due = _terms(stage, loan)
        if stage.reader is None:
            raise refuse("NO_SUCH_READER")
        reasons = decide_renewal(
            rules=ruled(terms),
            reader=stage.reader.facts,
            counts=with_debt(
                count_loans(
                    patron_id=patron_id, library_id=library.pk, item_type=loan.item_type, at=stage.at, but=loan.pk
                ),
                terms,
                patron_id,
            ),
            refusal=transition.refusal,
            renewed=loan.renewals,
            due=loan.due_on,
            becomes=due.on,
            today=stage.today,
        )
        overridden = _refuse_or_override(stage, reasons, override)
        charge_for_renewal(stage, loan)
        perform(stage, transition)
        note_step(stage, **noted(stage))
        details: dict[str, Any] = {"loan": loan.pk, "due": due.on.isoformat(), "channel": channel}
        if overridden:
            details |= {"override": override[:200], "reasons": overridden}
        stage.w.audit(
            "circulation.renewed",
            target=("item", stage.scene.copy.accession_number or loan.item_id),
            at=library.code,
            details=details,
        )
        stage.w.publish("circulation.loan_renewed", loan_id=loan.pk, item_id=loan.item_id, library_id=library.pk)
        return Renewed(loan, due)


def _learn_reader(stage: Stage, patron_id: int) -> None:
    try:
        stage.reader = reader_now(patron_id=patron_id, library_id=stage.library.pk, on=stage.today)
    except NoSuchReader:
        raise refuse("NO_SUCH_READER") from None


def _who(stage: Stage, patron_id: int) -> tuple[Who, Request]:
    """The reader seen from the copy; requests beyond the reach of this copy do not count."""
    scene, request = stage.scene, stage.request()
    if scene.loan is not None:
        return (Who.BORROWER if scene.loan.patron_id == patron_id else Who.OTHER), request
    if scene.bound is not None:
        own = scene.bound.patron_id == patron_id
        stage.made["hold"] = scene.bound if own else None
        return (Who.OWNER if own else Who.OTHER), request
    if request == Request.NONE:
        return Who.OTHER, request
    free = free_copies(scene.copy)
    who = may_take(scene.queue(), item_id=scene.copy.item_id, free_copies=free, patron_id=patron_id, today=stage.today)
    if who == "NONE":
        return Who.OTHER, Request.NONE
    if who == "OWNER":
        stage.made["hold"] = _own_hold(stage, patron_id)
    return Who(who), request


def _own_hold(stage: Stage, patron_id: int) -> Hold:
    own = [hold for hold in stage.scene.pending.values() if hold.patron_id == patron_id]
    return min((hold for hold in own if hold.state == HoldState.PENDING), key=lambda hold: (hold.position, hold.pk))


def _terms(stage: Stage, renewed: Loan | None = None) -> tuple[Terms, Due]:
    category = stage.reader.category if stage.reader else ""
    place = {"library_id": stage.library.pk, "branch_id": stage.branch_id}
    terms = terms_for(**place, category=category, item_type=stage.scene.copy.item_type, on=stage.today)
    due = due_of(
        terms=terms,
        library_id=stage.library.pk,
        branch_id=stage.branch_id,
        at=stage.at,
        renewed_from=renewed.due_on if renewed else None,
        calendar=calendar_at(library_id=stage.library.pk, branch_id=stage.branch_id),
    )
    stage.made |= {"terms": terms, "due": due}
    return terms, due


def _reasons(stage: Stage, refusal: str, terms: Terms) -> list[Reason]:
    reader = stage.reader
    if reader is None:
        raise refuse("NO_SUCH_READER")
    counts = count_loans(
        patron_id=reader.patron_id,
        library_id=stage.library.pk,
        item_type=stage.scene.copy.item_type,
        at=stage.at,
    )
    stage.made["out"] = {"all": counts.loans, "of_type": counts.loans_of_type, "here": counts.loans_here}
    counts = with_debt(counts, terms, reader.patron_id)
    return decide_checkout(rules=ruled(terms), reader=reader.facts, counts=counts, refusal=refusal, today=stage.today)


def _refuse_or_override(stage: Stage, reasons: list[Reason], override: str, *, happened: bool = False) -> list[str]:
    """Raise Refused, unless a person with the permission gave a reason and every refusal may be overridden.

    What has happened already asks for no permission any more.
    """
    if not reasons:
        return []
    arguable = all(reason.code in OVERRIDABLE for reason in reasons)
    allowed = happened or (override.strip() and may(stage.actor, OVERRIDE, stage.library.scope))
    if not (arguable and allowed):
        raise Refused(reasons)
    return [reason.code for reason in reasons]
