"""Requests: placed, put aside for a while, cancelled, expired."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.queries.items import CopySummary, copies_of_clusters, copy_of_item, work_of
from lienthu.circulation.access import require_desk_or_self
from lienthu.circulation.actions.effects import end_hold, served_as
from lienthu.circulation.actions.places import library_at
from lienthu.circulation.actions.refusals import Refused, refuse
from lienthu.circulation.actions.stage import KEY_LENGTH, lock_reader
from lienthu.circulation.actions.targeting import target_now
from lienthu.circulation.models import (
    OPEN_HOLDS,
    Fact,
    FactEvent,
    Hold,
    HoldGroup,
    HoldLevel,
    HoldState,
    Loan,
    Step,
)
from lienthu.circulation.policy import (
    Action,
    Request,
    Situation,
    Where,
    Who,
    decide_hold,
    transition_for,
)
from lienthu.circulation.queries.counting import count_holds, local_day, ruled, terms_for, with_debt
from lienthu.circulation.queries.readers import NoSuchReader, ReaderNow, own_number, reader_now
from lienthu.circulation.queries.state import locked_scene
from lienthu.identity.access import Actor, system_actor
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library

# Copies in these states will be lent again some day; the rest can serve nobody.
SERVING = ("AVAILABLE", "ON_LOAN", "ON_HOLD_SHELF", "IN_TRANSIT", "IN_PROCESS", "CLAIMED")
EXPIRE_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: any copy of a union record (of its work, with level TITLE), or one copy."""

    cluster_id: int
    level: str = "EDITION"
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A wish with where and when it is asked."""

    wish: Wish
    library: Library
    branch_id: int | None
    expires_on: date | None
    moment: datetime
    channel: str


def place_hold(
    *,
    actor: Actor,
    patron_id: int,
    wish: Wish,
    pickup_library_id: int,
    pickup_branch_id: int | None = None,
    expires_on: date | None = None,
    at: datetime | None = None,
    channel: str = "DESK",
    request_key: str = "",
) -> Hold:
    """Put a reader into the queue, by the desk of the pickup library or by the reader. Raises both Refused."""
    library, moment = library_at(pickup_library_id), at or clock.now()
    require_desk_or_self(actor, library, patron_id)
    with writing(actor) as w:
        lock_reader(patron_id)
        before = Step.objects.filter(request_key=request_key[:KEY_LENGTH]).first() if request_key else None
        if before is not None:
            if before.action != Action.PLACE_HOLD or before.hold_id is None:
                raise refuse("KEY_USED")
            w.nothing_changed()
            return Hold.objects.get(pk=before.hold_id)
        asking = Asking(wish, library, pickup_branch_id, expires_on, moment, channel)
        hold = add_hold(asking, patron_id)
        target_now([hold.pk], moment=moment)
        Step.objects.create(
            action=Action.PLACE_HOLD,
            library=library,
            hold=hold,
            account_id=actor.account_id,
            reader=patron_id,
            request_key=request_key[:KEY_LENGTH],
            at=moment,
        )
        w.audit(
            "circulation.hold_placed",
            target=("record", ids.encode(wish.cluster_id)),
            at=library.code,
            details={"hold": hold.pk, "level": hold.level, "channel": channel},
        )
        w.publish("circulation.hold_placed", hold_id=hold.pk, cluster_id=wish.cluster_id, library_id=library.pk)
        return hold


def add_hold(asking: Asking, patron_id: int, *, group: HoldGroup | None = None, times: int = 1) -> Hold:
    """Decide, then put a reader into the queue, `times` for a group; the last request. The caller holds the reader's
    lock. Raises Refused."""
    wish, library, today = asking.wish, asking.library, local_day(asking.moment)
    copies = _copies(wish)
    try:
        reader = reader_now(patron_id=patron_id, library_id=library.pk, on=today)
    except NoSuchReader:
        raise refuse("NO_SUCH_READER") from None
    item_type = copies[0].item_type if copies else ""
    terms = terms_for(
        library_id=library.pk, branch_id=asking.branch_id, category=reader.category, item_type=item_type, on=today
    )
    reasons = decide_hold(
        rules=ruled(terms),
        reader=reader.facts,
        counts=with_debt(count_holds(patron_id=patron_id), terms, patron_id),
        refusals=_refusals(wish, copies, patron_id),
        today=today,
    )
    if reasons:
        raise Refused(reasons)
    for _ in range(times):
        hold = Hold.objects.create(
            patron_id=patron_id,
            level=HoldLevel.COPY if wish.item_id else wish.level,
            cluster_id=wish.cluster_id,
            work_id=_work_of(wish),
            copy_id=wish.item_id,
            pickup_library=library,
            pickup_branch_id=asking.branch_id,
            category=reader.category,
            age_band=reader.age_band,
            keep=reader.keep,
            shelf_days=terms.hold_shelf_days.value,
            placed_at=asking.moment,
            expires_on=asking.expires_on,
            channel=asking.channel,
            group=group,
        )
        _count(hold, reader, copies[0], asking.moment)
    return hold


def cancel_hold(*, actor: Actor, hold_id: int, reason: str = "", at: datetime | None = None) -> Hold:
    """Take a reader out of the queue, by the desk of the pickup library or by the reader.

    A copy that waits on the shelf stays there until a scan says where it goes. Raises Hold.DoesNotExist, both Refused.
    """
    found = Hold.objects.select_related("pickup_library__scope").get(pk=hold_id)
    require_desk_or_self(actor, found.pickup_library, found.patron_id)
    with writing(actor) as w:
        scene = locked_scene(found.assigned_id) if found.assigned_id is not None else None
        hold = Hold.objects.select_for_update(of=("self",)).select_related("pickup_library").get(pk=hold_id)
        if hold.ended_at is not None:
            raise refuse("NO_HOLD")
        moment = at or clock.now()
        status = scene.copy.status if scene else None
        Step.objects.create(
            action=Action.CANCEL_HOLD,
            item_id=hold.assigned_id if scene else None,
            library_id=hold.pickup_library_id,
            hold=hold,
            account_id=actor.account_id,
            reader=hold.patron_id,
            result={"was": status, "becomes": status, "hold": served_as(hold)},
            at=moment,
        )
        _end(w, hold, HoldState.CANCELLED, moment, reason)
        return hold


def freeze_hold(*, actor: Actor, hold_id: int, until: date | None) -> Hold:
    """Let others go first until a day (None: no longer). The place in the queue stays. Raises as cancel_hold does."""
    found = Hold.objects.select_related("pickup_library__scope").get(pk=hold_id)
    require_desk_or_self(actor, found.pickup_library, found.patron_id)
    with writing(actor) as w:
        hold = Hold.objects.select_for_update(of=("self",)).select_related("pickup_library").get(pk=hold_id)
        if hold.state != HoldState.PENDING:
            raise refuse("ALREADY_SERVED" if hold.state in OPEN_HOLDS else "NO_HOLD")
        hold.frozen_until = until
        hold.target_id = hold.asked_at = None
        hold.save(update_fields=["frozen_until", "target", "asked_at"])
        target_now([hold.pk], moment=clock.now())
        w.audit(
            "circulation.hold_changed",
            target=("record", ids.encode(hold.cluster_id)),
            at=hold.pickup_library.code,
            details={"hold": hold.pk, "frozen_until": until.isoformat() if until else ""},
        )
        return hold


def expire_holds(*, at: datetime | None = None) -> int:
    """End requests that were not picked up in time, or whose last day has passed; how many. For the nightly job."""
    moment = at or clock.now()
    today = local_day(moment)
    late = Hold.objects.filter(state=HoldState.READY, shelf_until__lt=today) | Hold.objects.filter(
        state=HoldState.PENDING, expires_on__lt=today
    )
    done = 0
    for hold_id in list(late.order_by("pk").values_list("pk", flat=True)[:EXPIRE_AT_ONCE]):
        with writing(system_actor("circulation")) as w:
            seen = Hold.objects.get(pk=hold_id)
            if seen.assigned_id is not None:
                locked_scene(seen.assigned_id)
            hold = Hold.objects.select_for_update(of=("self",)).select_related("pickup_library").get(pk=hold_id)
            if hold.ended_at is not None or (hold.state, hold.assigned_id) != (seen.state, seen.assigned_id):
                w.nothing_changed()
                continue
            _end(w, hold, HoldState.EXPIRED, moment, "")
            done += 1
    return done


def _end(w: Writing, hold: Hold, state: object, moment: datetime, reason: str) -> None:
    payload: dict[str, Any] = {"hold_id": hold.pk, "item_id": hold.assigned_id, "library_id": hold.pickup_library_id}
    payload["by_reader"] = hold.patron_id is not None and own_number(w.actor.account_id) == hold.patron_id
    # Published while the reader is still linked, so that a notice can be queued.
    w.publish("circulation.hold_expired" if state == HoldState.EXPIRED else "circulation.hold_cancelled", **payload)
    end_hold(hold, state, stage_at=moment, reason=reason)
    w.audit(
        "circulation.hold_cancelled",
        target=("record", ids.encode(hold.cluster_id)),
        at=hold.pickup_library.code,
        details={"hold": hold.pk, "how": state, "reason": reason[:200]},
    )


def _copies(wish: Wish) -> list[CopySummary]:
    """The copies that the wish speaks of; hidden ones are for nobody."""
    if wish.item_id is not None:
        one = copy_of_item(wish.item_id)
        return [one] if one is not None and one.cluster_id == wish.cluster_id and one.visibility != "HIDDEN" else []
    return [copy for copy in copies_of_clusters([wish.cluster_id]) if copy.visibility != "HIDDEN"]


def _refusals(wish: Wish, copies: list[CopySummary], patron_id: int) -> tuple[str, ...]:
    if not copies:
        return ("NO_COPY",)
    has = set(
        Loan.objects.filter(
            patron_id=patron_id, ended_at=None, item_id__in=[copy.item_id for copy in copies]
        ).values_list("item_id", flat=True)
    )
    waiting = Hold.objects.filter(patron_id=patron_id, ended_at=None, cluster_id=wish.cluster_id).exists()
    if wish.item_id is not None:
        (copy,) = copies
        who = Who.BORROWER if copy.item_id in has else Who.OWNER if waiting else Who.OTHER
        request = Request.PENDING_HERE if waiting else Request.NONE
        refusal = transition_for(Situation(Action.PLACE_HOLD, copy.status, request, who, Where.HOME)).refusal
        return (refusal,) if refusal else ()
    found = ["ALREADY_BORROWED"] if has else []
    found += ["ALREADY_HELD"] if waiting else []
    if not any(copy.status in SERVING for copy in copies):
        found.append("NO_COPY")
    return tuple(found)


def _work_of(wish: Wish) -> int | None:
    if wish.level != HoldLevel.TITLE or wish.item_id is not None:
        return None
    return work_of(wish.cluster_id)


def _count(hold: Hold, reader: ReaderNow, copy: CopySummary, moment: datetime) -> None:
    Fact.objects.create(
        event=FactEvent.HOLD_PLACED,
        on=local_day(moment),
        library_id=hold.pickup_library_id,
        branch_id=hold.pickup_branch_id,
        item_library_id=copy.library_id,
        category=reader.category,
        age_band=reader.age_band,
        item_type=copy.item_type,
        channel=hold.channel,
    )
