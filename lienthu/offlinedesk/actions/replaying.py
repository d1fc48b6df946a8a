"""Doing the events of a device, in their order, each once: in a transaction of its own that also notes its outcome.

A process that is killed between two events leaves the rest PENDING, and whoever comes next goes on there. Two at once
wait for each other at the same event.
"""

import json
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, connection

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.queries.items import CopySummary, copies_with_numbers
from lienthu.circulation import actions as circulation
from lienthu.circulation.queries.present import CopyNow, copy_now
from lienthu.circulation.queries.words import Action, Reason
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.postgresql.planned import ask, tell
from lienthu.offlinedesk.models import Device, Event, EventState
from lienthu.offlinedesk.policy.conflicts import Situation, Verdict, verdict_for
from lienthu.patrons.queries import CardHolder, patron_of_card

CHANNEL = "OFFLINE"
_TRIES = 3
_BARRED = ("REFERENCE_ONLY", "IN_PROCESS", "DAMAGED", "WITHDRAWN")
Notice = list[Any]
BATCH = 200
_OUTCOME = """
UPDATE offlinedesk_event SET state = %(state)s, title = %(title)s, due_on = %(due)s, steps = %(steps)s::jsonb,
    notices = %(notices)s::jsonb, done_at = %(at)s
WHERE id = %(id)s AND state = 'PENDING'
"""


class _DoneMeanwhile(Exception):
    """Another process did the event."""


# What tells that the ground of a judgement is gone, or was none; a deadlock too.
_CHANGED = (circulation.Refused, IntegrityError, DataError, OperationalError, _DoneMeanwhile)


@dataclass
class Known:
    """What one replay of some seconds asks once: who holds a card, which copies bear a number."""

    cards: dict[str, CardHolder | None] = field(default_factory=dict)
    copies: dict[str, list[CopySummary]] = field(default_factory=dict)

    def learn(self, batch: list[Event]) -> None:
        """The copies of many events in one statement."""
        self.copies |= copies_with_numbers({event.copy for event in batch} - self.copies.keys())

    def holder(self, card: str) -> CardHolder | None:
        if card not in self.cards:
            self.cards[card] = patron_of_card(card)
        return self.cards[card]

    def copy(self, number: str, device: Device) -> CopySummary | None:
        """The copy meant by a number: of the device's library, else the only one anywhere."""
        found = self.copies[number]
        own = [copy for copy in found if copy.library_id == device.library_id]
        if own:
            return own[0]
        return found[0] if len(found) == 1 else None


def replay(*, device: Device, actor: Actor, seconds: float = 20.0) -> int:
    """Do what is pending of a device in this actor's name, for at most so long; return how many are left.

    The caller has seen to it that the actor may lend at the device's library.
    """
    ends = time.monotonic() + seconds
    known = Known()
    with connection.cursor() as cursor:
        # An outcome and what it did are one transaction, so losing the last ones to a power cut only does them again.
        # What is told to the device is read after `_settle_on_disk`.
        cursor.execute("SET synchronous_commit = off")
    try:
        while time.monotonic() < ends and (batch := _pending(device)):
            known.learn(batch)
            for event in batch:
                _do_one(event, device, actor, known)
                if time.monotonic() > ends:
                    break
    finally:
        _settle_on_disk(device)
    return Event.objects.filter(device=device, state=EventState.PENDING).count()


def _pending(device: Device) -> list[Event]:
    """The next events, not locked: each is looked at again when its turn comes."""
    return list(Event.objects.filter(device=device, state=EventState.PENDING).order_by("number")[:BATCH])


def _settle_on_disk(device: Device) -> None:
    """One commit that waits for the disk takes all before it along."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    Device.objects.filter(pk=device.pk).update(seen_at=clock.now())


def _do_one(event: Event, device: Device, actor: Actor, known: Known) -> None:
    """One event and its outcome. Who comes second finds it done and takes back the little it did."""
    try:
        with writing(actor, as_one=True) as w:
            _carry_out(event, _judged(event, device, known), device, actor)
            _note_outcome(event, device, w)
    except _CHANGED:
        with writing(actor) as w:
            if _is_pending(event, w):
                _judge_again(event, device, actor, known)
                _note_outcome(event, device, w)


def _is_pending(event: Event, w: Writing) -> bool:
    """Locks it."""
    if ask("SELECT state FROM offlinedesk_event WHERE id = %s FOR UPDATE", [event.pk]) == [(EventState.PENDING,)]:
        return True
    w.nothing_changed()
    return False


def _note_outcome(event: Event, device: Device, w: Writing) -> None:
    """Raises _DoneMeanwhile."""
    noted = tell(
        _OUTCOME,
        {
            "id": event.pk,
            "state": event.state,
            "title": event.title,
            "due": event.due_on,
            "steps": json.dumps(event.steps),
            "notices": json.dumps(event.notices, ensure_ascii=False),
            "at": clock.now(),
        },
    )
    if not noted:
        raise _DoneMeanwhile
    if event.state != EventState.DONE:
        w.audit(
            "offlinedesk.replayed",
            target=("offline_event", f"{device.public_id}-{event.number}"),
            at=device.library.code,
            details={"kind": event.kind, "copy": event.copy, "state": event.state, "why": _codes(event)},
        )


def _codes(event: Event) -> str:
    return " ".join(str(code) for code, _params in event.notices)


@dataclass(frozen=True)
class _Judged:
    """What is to be done with whom, by what was seen just before."""

    verdict: Verdict
    copy: CopySummary | None
    holder: CardHolder | None


def _judged(event: Event, device: Device, known: Known) -> _Judged:
    copy = known.copy(event.copy, device)
    holder = known.holder(event.card) if event.kind == "CHECKOUT" else None
    event.title = copy.title[:300] if copy else ""
    return _Judged(verdict_for(_situation(event, copy, copy_now(copy.item_id) if copy else None, holder)), copy, holder)


def _carry_out(event: Event, found: _Judged, device: Device, actor: Actor) -> None:
    """Raises one of _CHANGED when it cannot be done any more."""
    event.due_on = None
    event.notices = _perform(event, found.verdict, found.copy, found.holder, device, actor)
    event.steps = list(found.verdict.steps)
    event.state = _state(found.verdict, event)


def _judge_again(event: Event, device: Device, actor: Actor, known: Known) -> None:
    """What changed in between is judged anew by the table, a few times; each try takes itself back."""
    refused: tuple[Reason, ...] = ()
    for _time in range(_TRIES):
        try:
            with writing(actor):
                _carry_out(event, _judged(event, device, known), device, actor)
        except circulation.Refused as refusal:
            refused = refusal.reasons
        except (IntegrityError, DataError):
            refused = (Reason("CHANGED_SINCE"),)
        else:
            return
    event.steps, event.due_on = [], None
    event.state = EventState.REFUSED if event.kind == "RENEW" else EventState.ASKS
    event.notices = [["REFUSED", {"code": one.code, "params": _plain(one.params)}] for one in refused]


def _state(verdict: Verdict, event: Event) -> str:
    if event.notices and event.notices[-1][0] == "WAS_NOT_LENT":
        return "PAST"
    return "NOTED" if verdict.state == "DONE" and event.notices else verdict.state


def _situation(event: Event, copy: CopySummary | None, now: CopyNow | None, holder: CardHolder | None) -> Situation:
    card = "-"
    if event.kind == "CHECKOUT":
        card = "UNKNOWN" if holder is None else _card(holder)
    if copy is None or now is None:
        return Situation(event.kind, card, "UNKNOWN", "NOW")
    late = now.since is not None and now.since > event.at
    return Situation(event.kind, card, _stands(now, holder), "LATE" if late else "NOW")


def _card(holder: CardHolder) -> str:
    if holder.card_status == "ACTIVE":
        return "KNOWN"
    return "REPLACED" if holder.replaced_by and holder.card_status != "LOST" else "LOST"


def _stands(now: CopyNow, holder: CardHolder | None) -> str:
    reader = holder.patron_id if holder else None
    if now.status in ("LOST", "CLAIMED"):
        return "GONE"
    if now.status in _BARRED:
        return "BARRED"
    if now.loan_id is not None:
        return "SAME" if reader is not None and now.patron_id == reader else "OTHER"
    return "KEPT" if now.kept_for is not None and now.kept_for != reader else "FREE"


def _perform(
    event: Event,
    verdict: Verdict,
    copy: CopySummary | None,
    holder: CardHolder | None,
    device: Device,
    actor: Actor,
) -> list[Notice]:
    """Ask circulation for each step. Raises circulation's Refused."""
    notices: list[Notice] = (
        [[verdict.notice, {"number": (holder and holder.replaced_by) or ""}]] if verdict.notice else []
    )
    if event.doubt:
        notices.append([f"CLOCK_{event.doubt}", {"device_at": event.device_at}])
    if copy is None:
        return notices
    key = f"offline-{device.pk}-{event.number}"
    common: dict[str, Any] = {"actor": actor, "at": event.at, "channel": CHANNEL}
    for step in verdict.steps:
        place = {"item_id": copy.item_id, "library_id": device.library_id, "request_key": f"{key}-{step}"}
        if step == "CHECKIN":
            found = circulation.checkin(**common, **place, branch_id=device.branch_id)
            if event.kind == "CHECKIN":
                notices += _taken_in(found)
        elif step == "MARK_MISSING":
            circulation.mark(**common, **place, action=Action.MARK_MISSING)
        elif step == "CHECKOUT" and holder is not None:
            lent = circulation.checkout(
                **common, **place, patron_id=holder.patron_id, branch_id=device.branch_id, happened=True
            )
            event.due_on = lent.loan.due_on
            notices += [["AGAINST_RULE", {"code": code}] for code in lent.overridden]
        elif step == "RENEW":
            now = copy_now(copy.item_id)
            if now is None or now.loan_id is None:
                raise circulation.Refused([Reason("NOT_ON_LOAN")])
            renewed = circulation.renew(**common, loan_id=now.loan_id, request_key=f"{key}-{step}")
            event.due_on = renewed.loan.due_on
    return notices + _broken_promise(event)


def _taken_in(found: circulation.CheckedIn) -> list[Notice]:
    if found.what == circulation.TO_HOLD_SHELF:
        return [["HOLD_WAITING", {}]]
    if found.what == circulation.TO_TRANSIT:
        return [["SEND_ON", {"library": found.to_library_id}]]
    return [["WAS_NOT_LENT", {}]] if found.what == circulation.NOTHING else []


def _broken_promise(event: Event) -> list[Notice]:
    """The reader was told a later day than the one that holds."""
    try:
        promised = date.fromisoformat(event.promised)
    except ValueError:
        return []
    if event.due_on is None or event.due_on >= promised:
        return []
    return [["DUE_EARLIER", {"promised": promised.isoformat(), "due": event.due_on.isoformat()}]]


def _plain(params: Any) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in dict(params).items()}
