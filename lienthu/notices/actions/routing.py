"""From a notice to its words and its ways: made once, by the job, after the transaction that told it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import translation

from lienthu.kernel import clock
from lienthu.libraries.queries import LOCAL
from lienthu.notices.models import Delivery, Device, Notice, State
from lienthu.notices.policy import CHANNELS, KINDS, Reach, due_moment, render, route
from lienthu.notices.ports import configured
from lienthu.notices.queries import TextBook, Timetable, preferences_of
from lienthu.patrons.queries import Contact, contacts_of

AT_ONCE = 200


def route_new() -> int:
    """Give words and deliveries to notices whose time has come; how many. Two workers never take the same ones."""
    with transaction.atomic():
        notices = list(
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("library")
            .filter(routed_at=None, not_before__lte=clock.now())
            .order_by("not_before", "id")[:AT_ONCE]
        )
        if notices:
            _Router(notices).run()
    return len(notices)


class _Router:
    """What a batch of notices needs to know, read once."""

    def __init__(self, notices: list[Notice]) -> None:
        self.notices = notices
        patrons = sorted({one.patron_id for one in notices if one.patron_id is not None})
        self.contacts = contacts_of(patrons)
        holders = [one.patron_id for one in self.contacts.values()]
        self.choices = preferences_of(holders)
        self.with_device = set(Device.objects.filter(patron__in=holders).values_list("patron_id", flat=True))
        self.book, self.timetable = TextBook(), Timetable()
        self.open = configured()

    def run(self) -> None:
        now, deliveries = clock.now(), []
        for notice in self.notices:
            contact = self.contacts.get(notice.patron_id or 0)
            self._word(notice, contact, now)
            deliveries += self._deliveries(notice, contact, now)
        Notice.objects.bulk_update(
            self.notices, ["routed_at", "template", "language", "subject", "body", "short", "patron"]
        )
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)

    def _word(self, notice: Notice, contact: Contact | None, now: datetime) -> None:
        notice.routed_at = now
        notice.language = "en" if contact and contact.language == "en" else "vi"
        text = self.book.text(notice.kind, notice.library_id)
        notice.template = text.template
        if contact is None:
            return
        # of a merged record, the one that holds now
        notice.patron_id = contact.patron_id
        with translation.override(notice.language):
            library = notice.library
            name = library.name_en if notice.language == "en" and library.name_en else library.name_vi
            words = notice.params | {"reader": contact.name, "library": name}
            made = render(text.en if notice.language == "en" else text.vi, words)
        notice.subject, notice.body, notice.short = made.subject, made.body, made.short[:600]

    def _deliveries(self, notice: Notice, contact: Contact | None, now: datetime) -> list[Delivery]:
        kind, timing = KINDS[notice.kind], self.timetable.of(notice.library_id)
        ways = _still(notice) or route(self._reach(notice, contact))
        local = now.astimezone(LOCAL)
        return [
            Delivery(
                notice=notice,
                channel=channel,
                state=State.SKIPPED if reason else State.WAITING,
                reason=reason,
                due_at=due_moment(kind, channel, now=local, timing=timing),
                ended_at=now if reason else None,
            )
            for channel, reason in ways.items()
        ]

    def _reach(self, notice: Notice, contact: Contact | None) -> Reach:
        if contact is None or not contact.active:
            return Reach({}, {}, {}, gone=True)
        return Reach(
            addresses={
                "EMAIL": bool(contact.email),
                "SMS": bool(contact.phone),
                "PUSH": contact.patron_id in self.with_device,
            },
            open_channels=self.open,
            chosen=self.choices.get((contact.patron_id, KINDS[notice.kind].topic), {}),
            consented=contact.agreed,
        )


def _still(notice: Notice) -> Mapping[str, str] | None:
    return dict.fromkeys(CHANNELS, "NO_LONGER_TRUE") if notice.withdrawn_at else None
