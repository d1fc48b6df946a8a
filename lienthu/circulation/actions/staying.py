"""A copy kept by another library for some time, as part of a set that travels."""

from collections.abc import Iterable
from datetime import date, datetime

from lienthu.audit.actions import Writing
from lienthu.circulation.models import Stay


def begin_stay(w: Writing, *, item_id: int, library_id: int, until: date, at: datetime, point: str = "") -> None:
    """From now on the copy is at home at this library too, or at a point that it looks after.

    The caller audits, and has sent the copy there.
    """
    Stay.objects.create(item_id=item_id, library_id=library_id, point=point, until=until, since=at)


def stay_until(w: Writing, *, item_ids: Iterable[int], until: date) -> None:
    """The copies are due back on another day."""
    Stay.objects.filter(item_id__in=list(item_ids), ended_at=None).update(until=until)


def end_stay(w: Writing, *, item_id: int, at: datetime) -> bool:
    """The copy belongs only to its own library again; a check-in elsewhere sends it home. False: it stayed nowhere."""
    return bool(Stay.objects.filter(item_id=item_id, ended_at=None).update(ended_at=at))
