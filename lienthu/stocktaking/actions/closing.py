"""Closing a round: what is missing is noted as missing, what turned up as found; and taking that back.

Each copy is marked by circulation in its own transaction, so that a copy that is lent at this moment decides nothing
about the others. A killed job goes on where it was.
"""

from collections.abc import Callable

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.items import ItemMoved, change_status
from lienthu.catalogue.queries.items import copy_of_item
from lienthu.circulation.actions import Refused as CirculationRefused
from lienthu.circulation.actions import mark
from lienthu.circulation.queries.words import Action
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.locks import sole_runner
from lienthu.stocktaking.access import require_manage
from lienthu.stocktaking.actions.frame import locked
from lienthu.stocktaking.models import Expected, Round, State
from lienthu.stocktaking.policy import Outcome
from lienthu.stocktaking.queries import freeze, lines_of

# One runner for each round; the number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_321
WORKING = (State.CLOSING, State.RETURNING)
Progress = Callable[[Round], None]
_MARKS = {Outcome.MISSING: Action.MARK_MISSING, Outcome.FOUND_AGAIN: Action.MARK_FOUND}
# States in which a copy may be noted so; in any other a desk was quicker. The state that the mark gives is among them:
# a job that was killed after the mark asks again with the same key and hears what it did.
_BEFORE = {
    Action.MARK_MISSING: frozenset({"AVAILABLE", "REFERENCE_ONLY", "DAMAGED", "MISSING"}),
    Action.MARK_FOUND: frozenset({"LOST", "MISSING", "AVAILABLE"}),
}
_MISSED = frozenset({"MISSING", "AVAILABLE"})
_SPECIAL = frozenset({"REFERENCE_ONLY", "DAMAGED"})
_BACK = frozenset({"AVAILABLE", "REFERENCE_ONLY", "DAMAGED"})
_KEPT = "KEPT"
_EACH = 50


def request_close(*, actor: Actor, round_id: int) -> None:
    """Let a job close the round: no number is taken any more. Raises both Refused."""
    _request(actor, round_id, was=State.COUNTING, becomes=State.CLOSING, deed="stocktaking.closing")


def request_return(*, actor: Actor, round_id: int) -> None:
    """Let a job take back what the closing marked. Raises both Refused."""
    _request(actor, round_id, was=State.CLOSED, becomes=State.RETURNING, deed="stocktaking.returning")


def _request(actor: Actor, round_id: int, *, was: object, becomes: object, deed: str) -> None:
    with writing(actor) as w:
        one = locked(round_id, was)
        require_manage(actor, one)
        # What was counted is kept: later the copies go on living.
        one.counts = freeze(one) if becomes == State.CLOSING else one.counts
        one.state, one.done, one.closed_by = becomes, 0, actor.account_id
        one.save(update_fields=["state", "counts", "done", "closed_by"])
        w.audit(deed, target=("round", one.public_id), at=one.library.code, details=dict(one.counts))
        w.publish("stocktaking.round_requested", round_id=one.pk)


def work_on_round(*, actor: Actor, one: Round) -> Round:
    """Do what the state of a round asks for; may run twice. Raises AlreadyRunning while another process is at it."""
    with sole_runner(LOCK_CLASS, one.pk):
        one.refresh_from_db()
        if one.state == State.CLOSING:
            _close(actor, one)
        elif one.state == State.RETURNING:
            _take_back(actor, one)
        one.refresh_from_db()
    return one


def _close(actor: Actor, one: Round) -> None:
    open_lines = [line for line in lines_of(one) if line.outcome in _MARKS and not line.marked and not line.spared]
    for place, line in enumerate(open_lines, start=1):
        assert line.item_id is not None
        action = _MARKS[line.outcome]
        becomes = _marked(actor, one, line.item_id, action, among=_BEFORE[action], key=f"stock-{one.pk}-{line.item_id}")
        Expected.objects.filter(round=one, item=line.item_id).update(marked=becomes)
        _told(one, place)
    _finish(actor, one, State.CLOSED, "stocktaking.closed")


def _take_back(actor: Actor, one: Round) -> None:
    """Only what this round noted as missing and is so still; what turned up or was lost meanwhile stays so."""
    rows = Expected.objects.filter(round=one, marked="MISSING").order_by("item_id")
    for place, (item_id, before) in enumerate(list(rows.values_list("item_id", "status")), start=1):
        key = f"stock-{one.pk}-{item_id}-back"
        became = _marked(actor, one, item_id, Action.MARK_FOUND, among=_MISSED, key=key)
        if became == "AVAILABLE" and before in _SPECIAL:
            _restore(actor, one, item_id, before)
        Expected.objects.filter(round=one, item=item_id).update(marked="TAKEN_BACK" if became in _BACK else became)
        _told(one, place)
    _finish(actor, one, State.RETURNED, "stocktaking.returned")


def _marked(actor: Actor, one: Round, item_id: int, action: Action, *, among: frozenset[str], key: str) -> str:
    """The state that the copy has now. One that a desk handled since, or circulation refuses, stays as it is."""
    copy = copy_of_item(item_id)
    if copy is None or copy.status not in among:
        return _KEPT
    try:
        return mark(
            actor=actor,
            action=action,
            item_id=item_id,
            library_id=one.library_id,
            branch_id=one.branch_id,
            channel="STOCK",
            request_key=key,
            note=one.name,
        )
    except CirculationRefused as refusal:
        return str(refusal.reasons[0].code)[:14]


def _restore(actor: Actor, one: Round, item_id: int, before: str) -> None:
    """A copy that is only read on the premises, or damaged, was so before it was missed."""
    with writing(actor) as w:
        try:
            change_status(w, item_id=item_id, was="AVAILABLE", becomes=before)
        except ItemMoved:
            w.nothing_changed()
            return
        details = {"item": item_id, "becomes": before}
        w.audit("stocktaking.restored", target=("round", one.public_id), at=one.library.code, details=details)


def _told(one: Round, place: int) -> None:
    if place % _EACH == 0:
        Round.objects.filter(pk=one.pk).update(done=place)


def _finish(actor: Actor, one: Round, state: object, deed: str) -> None:
    with writing(actor) as w:
        Round.objects.filter(pk=one.pk).update(state=state, closed_at=clock.now())
        w.audit(deed, target=("round", one.public_id), at=one.library.code, details=dict(one.counts))
