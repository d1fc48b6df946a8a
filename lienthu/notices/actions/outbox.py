"""Putting notices into the outbox, in the transaction of what they tell; taking them back when that is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthu.audit.actions import Writing
from lienthu.kernel import clock
from lienthu.kernel.postgresql.planned import tell
from lienthu.notices.models import Notice
from lienthu.notices.policy import KINDS

# As long as a desk can undo what it did, and a little longer.
RESTORED_WITHIN = timedelta(minutes=30)
# "about <> ''" is said for the index, which has only those.
_WITHDRAW = """
UPDATE notices_notice SET withdrawn_at = %(now)s WHERE about = %(about)s AND about <> '' AND withdrawn_at IS NULL
"""


class BadNotice(ValueError):
    """A notice of no known kind, without key, or without the values that its text needs. A fault of the caller."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell. `about` names what it speaks of ("loan:17"), by which it is withdrawn."""

    kind: str
    patron_id: int
    library_id: int
    params: Mapping[str, object]
    key: str
    about: str = ""
    not_before: datetime | None = None


def send(
    w: Writing,
    *,
    kind: str,
    patron_id: int,
    library_id: int,
    params: Mapping[str, object],
    key: str,
    about: str = "",
    not_before: datetime | None = None,
) -> None:
    """Tell a reader something, once for each key for ever; one statement. Raises BadNotice."""
    send_many(w, [News(kind, patron_id, library_id, params, key, about, not_before)])


def send_many(w: Writing, news: Iterable[News]) -> None:
    """The same for many, in one statement. What was told before is left alone."""
    now = clock.now()
    Notice.objects.bulk_create([_row(one, now) for one in news], ignore_conflicts=True, batch_size=500)


def _row(one: News, now: datetime) -> Notice:
    kind = KINDS.get(one.kind)
    if kind is None or not one.key or not kind.params <= one.params.keys():
        raise BadNotice(one.kind)
    return Notice(
        key=one.key,
        kind=one.kind,
        patron_id=one.patron_id,
        library_id=one.library_id,
        about=one.about,
        params={name: one.params[name] for name in sorted(kind.params)},
        made_at=now,
        not_before=one.not_before or now,
    )


def withdraw(*, about: str) -> None:
    """What is told about this is over: nothing more goes out. One statement, in the transaction of what ended it."""
    tell(_WITHDRAW, {"about": about, "now": clock.now()})


def restore(*, about: str) -> None:
    """What was withdrawn a moment ago holds after all."""
    lately = clock.now() - RESTORED_WITHIN
    Notice.objects.filter(about=about, withdrawn_at__gte=lately).update(withdrawn_at=None)
