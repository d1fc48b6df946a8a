"""A copy kept by another library for some time, as part of a set that travels."""

from datetime import date, datetime

from lienthu.audit.actions import Writing
from lienthu.circulation.models import Stay


def begin_stay(w: Writing, *, item_id: int, library_id: int, until: date, at: datetime) -> None:
    """From now on the copy is at home at this library too. The caller audits, and has sent the copy there."""
    Stay.objects.create(item_id=item_id, library_id=library_id, until=until, since=at)


def end_stay(w: Writing, *, item_id: int, at: datetime) -> bool:
    """The copy belongs only to its own library again; a check-in elsewhere sends it home. False: it stayed nowhere."""
    return bool(Stay.objects.filter(item_id=item_id, ended_at=None).update(ended_at=at))
