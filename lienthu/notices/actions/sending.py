"""Sending what is due: claimed first and committed, then sent, then noted. What dies in between is never sent twice."""

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.kernel import clock
from lienthu.kernel.locks import AlreadyRunning, sole_runner
from lienthu.libraries.queries import LOCAL
from lienthu.notices.models import Channel, Delivery, Device, Reason, State
from lienthu.notices.policy import Rendered, after_quiet, digest, next_try
from lienthu.notices.ports import Outcome, Outgoing, Refused, Sent, TryLater, Unsure, mail, push, sms
from lienthu.notices.queries import Timetable
from lienthu.patrons.queries import Contact, contacts_of

log = structlog.get_logger()
LOCK = 4_107
# Longer than any port may take: what is still in hand then belongs to a worker that died.
IN_HAND = timedelta(minutes=5)
TOO_OLD = timedelta(days=5)
_MOST_TOGETHER = 40
_OUTSIDE = (Channel.EMAIL, Channel.SMS, Channel.PUSH)


def send_due(*, seconds: float = 45.0) -> int:
    """Send what is due, for at most so long; how many messages left. Only one worker does so at a time."""
    sent, until = 0, time.monotonic() + seconds
    try:
        with sole_runner(LOCK, 1):
            note_killed()
            while time.monotonic() < until and (bundle := claim()):
                deliver(bundle)
                sent += 1
    except AlreadyRunning:
        pass
    return sent


def claim() -> list[Delivery]:
    """Take the next message: everything that waits for one reader by one channel, as one bundle. Commits SENDING."""
    while True:
        with transaction.atomic():
            first = (
                Delivery.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("notice")
                .filter(state=State.WAITING, channel__in=_OUTSIDE, due_at__lte=clock.now())
                .order_by("due_at", "id")
                .first()
            )
            if first is None:
                return []
            bundle = _claimed(first)
        if bundle:
            return bundle


def _claimed(first: Delivery) -> list[Delivery]:
    """The bundle of this delivery; nothing when it has to wait or to be left out."""
    now = clock.now()
    local = now.astimezone(LOCAL)
    timing = Timetable().of(first.notice.library_id)
    if first.channel != Channel.EMAIL and (later := after_quiet(local, timing)) > local:
        Delivery.objects.filter(pk=first.pk).update(due_at=later)
        return []
    end_of_day = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), tzinfo=local.tzinfo)
    together = list(
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("notice__library")
        .filter(state=State.WAITING, channel=first.channel, notice__patron=first.notice.patron_id)
        .filter(due_at__lt=end_of_day)
        .order_by("notice_id")[:_MOST_TOGETHER]
    )
    alive = []
    for one in together:
        if reason := _outlived(one, now):
            Delivery.objects.filter(pk=one.pk).update(state=State.SKIPPED, reason=reason, ended_at=now)
        else:
            alive.append(one)
    Delivery.objects.filter(pk__in=[one.pk for one in alive]).update(
        state=State.SENDING, bundle=first.pk, claimed_at=now, reason="", detail=""
    )
    for one in alive:
        one.bundle = first.pk
    return alive


def _outlived(one: Delivery, now: datetime) -> str:
    notice = one.notice
    if notice.withdrawn_at is not None:
        return "NO_LONGER_TRUE"
    if notice.patron_id is None or notice.purged_at is not None:
        return "READER_GONE"
    return "TOO_OLD" if now - notice.not_before > TOO_OLD and not one.ended_by else ""


def deliver(bundle: list[Delivery]) -> None:
    """Send a claimed bundle and note how it went."""
    first = bundle[0]
    contact = contacts_of([first.notice.patron_id or 0]).get(first.notice.patron_id or 0)
    if contact is None or not contact.active:
        outcome: Outcome = Refused("READER_GONE")
    else:
        outcome = _through(str(first.channel), contact, message_of(bundle))
    _note(bundle, outcome)
    # never an address, never a name
    log.info("notice", bundle=first.bundle, channel=first.channel, parts=len(bundle), outcome=type(outcome).__name__)


def message_of(bundle: list[Delivery]) -> Outgoing:
    """What a bundle says, in the reader's language."""
    notices = [one.notice for one in bundle]
    newest = notices[-1]
    library = newest.library
    with translation.override(newest.language or "vi"):
        count = len(notices)
        heading = ngettext("%(count)d thông báo từ thư viện", "%(count)d thông báo từ thư viện", count) % {
            "count": count
        }
        parts = [Rendered(one.subject, one.body, one.short) for one in notices]
        text = digest(parts, heading=heading, more=_("Xem ở trang Tin nhắn của bạn."))
        name = library.name_en if newest.language == "en" and library.name_en else library.name_vi
    return Outgoing(
        reference=f"lienthu-{bundle[0].bundle}",
        sender=name,
        reply_to=library.email,
        subject=text.subject,
        body=text.body,
        short=text.short,
        language=newest.language or "vi",
        url=f"{settings.SITE_URL.rstrip('/')}/tai-khoan/tin-nhan/" if settings.SITE_URL else "",
    )


def _through(channel: str, contact: Contact, message: Outgoing) -> Outcome:
    if channel == Channel.EMAIL:
        return mail.deliver(contact.email, message) if contact.email else Refused("NO_ADDRESS")
    if channel == Channel.SMS:
        return sms.deliver(contact.phone, message) if contact.phone else Refused("NO_ADDRESS")
    return _to_devices(contact.patron_id, message)


def _to_devices(patron_id: int, message: Outgoing) -> Outcome:
    """One device that takes it is enough; devices that are gone are forgotten."""
    outcomes: list[Outcome] = []
    for device in Device.objects.filter(patron_id=patron_id).order_by("pk"):
        outcome = push.deliver(device.endpoint, device.key, device.secret, message)
        if isinstance(outcome, Refused) and outcome.reason == "NO_ADDRESS":
            device.delete()
        outcomes.append(outcome)
    for kind in (Sent, Unsure, TryLater, Refused):
        if found := next((one for one in outcomes if isinstance(one, kind)), None):
            return found
    return Refused("NO_ADDRESS")


def _note(bundle: list[Delivery], outcome: Outcome) -> None:
    now = clock.now()
    # also from UNCERTAIN: a slow worker that somebody took for dead still knows best
    rows = Delivery.objects.filter(bundle=bundle[0].bundle, state__in=[State.SENDING, State.UNCERTAIN])
    rows = rows.filter(pk__in=[one.pk for one in bundle])
    with transaction.atomic():
        if isinstance(outcome, Sent):
            rows.update(state=State.SENT, reason="", detail="", tries=bundle[0].tries + 1, ended_at=now)
        elif isinstance(outcome, Unsure):
            _end(rows, State.UNCERTAIN, outcome, now)
        elif isinstance(outcome, Refused):
            _end(rows, State.FAILED, outcome, now)
            _to_the_desk(bundle, now)
        else:
            _again(bundle, rows, outcome, now)


def _end(rows: QuerySet[Delivery], state: object, outcome: Unsure | Refused | TryLater, now: datetime) -> None:
    rows.update(state=state, reason=outcome.reason, detail=outcome.detail[:60], ended_at=now)


def _again(bundle: list[Delivery], rows: QuerySet[Delivery], outcome: TryLater, now: datetime) -> None:
    tries = max(one.tries for one in bundle) + 1
    wait = next_try(tries, asked=outcome.after)
    rows.update(tries=tries)
    if wait is None:
        _end(rows, State.FAILED, outcome, now)
        _to_the_desk(bundle, now)
    else:
        rows.update(state=State.WAITING, due_at=now + wait, reason=outcome.reason, detail=outcome.detail[:60])


def _to_the_desk(bundle: list[Delivery], now: datetime) -> None:
    """When no other way is open, somebody has to call or write."""
    notices = [one.notice_id for one in bundle]
    open_ways = Delivery.objects.filter(
        notice__in=notices, state__in=[State.WAITING, State.SENDING, State.SENT, State.UNCERTAIN]
    ).values_list("notice_id", flat=True)
    left = set(notices) - set(open_ways)
    Delivery.objects.bulk_create(
        [Delivery(notice_id=one, channel=Channel.DESK, state=State.WAITING, due_at=now) for one in sorted(left)],
        ignore_conflicts=True,
    )


def note_killed() -> int:
    """What was in hand of a worker that died may have been delivered: nobody sends it again but a person."""
    return Delivery.objects.filter(state=State.SENDING, claimed_at__lt=clock.now() - IN_HAND).update(
        state=State.UNCERTAIN, reason=Reason.KILLED, ended_at=clock.now()
    )
