"""A reader's own lists, changed. Each action holds the reader's row, so that merging readers waits for it.

The trail says that a list was changed, not what is in it: what somebody wants to read is their own affair.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from lienthu.audit.actions import Writing, writing
from lienthu.catalogue.access import sight_of
from lienthu.catalogue.queries import survivors_of, union_records
from lienthu.identity.access import Actor
from lienthu.kernel.text import normalise
from lienthu.patrons.queries import held_patron_of_account
from lienthu.readinglists.models import ListedTitle, ReadingList
from lienthu.readinglists.policy import MOST_LISTS, MOST_TITLES


class NoCard(Exception):
    """This account belongs to no reader."""


class Full(Exception):
    """As many lists, or titles in a list, as one reader may keep."""


class NameTaken(Exception):
    """The reader has a list of this name."""


class NotShown(Exception):
    """The catalogue shows this person no such title."""


@contextmanager
def _mine(actor: Actor) -> Iterator[tuple[Writing, int]]:
    with writing(actor) as w:
        patron_id = None if actor.account_id is None else held_patron_of_account(actor.account_id)
        if patron_id is None:
            raise NoCard
        yield w, patron_id


def _note(w: Writing, action: str, one: ReadingList) -> None:
    w.audit(f"readinglists.{action}", target=("reading_list", one.public_id))


def _clean(name: str) -> str:
    return " ".join(normalise(name).split())[:100]


def make_list(*, actor: Actor, name: str) -> ReadingList:
    """A new list. Raises NoCard, NameTaken, Full; ValueError without a name."""
    with _mine(actor) as (w, patron_id):
        one = _made(patron_id, name)
        _note(w, "made", one)
    return one


def _made(patron_id: int, name: str) -> ReadingList:
    name = _clean(name)
    if not name:
        raise ValueError("a list has a name")
    own = ReadingList.objects.filter(patron_id=patron_id)
    if own.filter(name=name).exists():
        raise NameTaken(name)
    if own.count() >= MOST_LISTS:
        raise Full(MOST_LISTS)
    return ReadingList.objects.create(patron_id=patron_id, name=name)


def rename_list(*, actor: Actor, list_id: int, name: str) -> None:
    """Raises NoCard, NameTaken, DoesNotExist; ValueError without a name."""
    with _mine(actor) as (w, patron_id):
        one = ReadingList.objects.get(pk=list_id, patron_id=patron_id)
        name = _clean(name)
        if not name:
            raise ValueError("a list has a name")
        if name == one.name:
            w.nothing_changed()
            return
        if ReadingList.objects.filter(patron_id=patron_id, name=name).exists():
            raise NameTaken(name)
        one.name = name
        one.save(update_fields=["name"])
        _note(w, "renamed", one)


def delete_list(*, actor: Actor, list_id: int) -> None:
    """The list and what was noted in it. Deleting twice is deleting once. Raises NoCard."""
    with _mine(actor) as (w, patron_id):
        one = ReadingList.objects.filter(pk=list_id, patron_id=patron_id).first()
        if one is None:
            w.nothing_changed()
            return
        _note(w, "deleted", one)
        one.delete()


def add_title(*, actor: Actor, cluster_id: int, list_id: int | None = None, name: str = "") -> tuple[ReadingList, bool]:
    """Keep a title in a list, or in a new one of that name; the list, and whether the title is new in it.

    Raises NoCard, NotShown, Full, NameTaken, DoesNotExist; ValueError without list and name.
    """
    with _mine(actor) as (w, patron_id):
        now_at = survivors_of([cluster_id]).get(cluster_id, cluster_id)
        record = union_records([now_at], sight=sight_of(actor)).get(now_at)
        if record is None:
            raise NotShown(cluster_id)
        one = ReadingList.objects.get(pk=list_id, patron_id=patron_id) if list_id else _made(patron_id, name)
        if list_id and record.id in _standing_in(one):
            w.nothing_changed()
            return one, False
        if ListedTitle.objects.filter(list=one).count() >= MOST_TITLES:
            raise Full(MOST_TITLES)
        ListedTitle.objects.create(list=one, cluster_id=record.id, title=record.full_title)
        _note(w, "changed", one)
    return one, True


def _standing_in(one: ReadingList) -> set[int]:
    """The union records in a list, as they are called today."""
    kept = set(ListedTitle.objects.filter(list=one).values_list("cluster_id", flat=True))
    return kept | set(survivors_of(kept).values())


def _same_as(one: ReadingList, entry: ListedTitle) -> list[int]:
    """The entries of a list that are one title today."""
    kept = dict(ListedTitle.objects.filter(list=one).values_list("pk", "cluster_id"))
    now_at = survivors_of(set(kept.values()))
    wanted = now_at.get(entry.cluster_id, entry.cluster_id)
    return [number for number, cluster_id in kept.items() if now_at.get(cluster_id, cluster_id) == wanted]


def remove_title(*, actor: Actor, list_id: int, entry_id: int) -> None:
    """Take a title out of a list; twice is once. Raises NoCard."""
    with _mine(actor) as (w, patron_id):
        entry = _entry(patron_id, list_id, entry_id)
        if entry is None:
            w.nothing_changed()
            return
        ListedTitle.objects.filter(pk__in=_same_as(entry.list, entry)).delete()
        _note(w, "changed", entry.list)


def note_title(*, actor: Actor, list_id: int, entry_id: int, note: str) -> None:
    """What I want to remember about a title. Raises NoCard, DoesNotExist."""
    with _mine(actor) as (w, patron_id):
        entry = _entry(patron_id, list_id, entry_id)
        if entry is None:
            raise ListedTitle.DoesNotExist
        entry.note = normalise(note).strip()[:500]
        entry.save(update_fields=["note"])
        _note(w, "changed", entry.list)


def move_title(*, actor: Actor, list_id: int, entry_id: int, to_id: int) -> ReadingList:
    """Put a title into another list with its note. Raises NoCard, Full, DoesNotExist."""
    with _mine(actor) as (w, patron_id):
        entry = _entry(patron_id, list_id, entry_id)
        target = ReadingList.objects.get(pk=to_id, patron_id=patron_id)
        if entry is None:
            raise ListedTitle.DoesNotExist
        if target.pk == entry.list_id:
            w.nothing_changed()
            return target
        source, same = entry.list, _same_as(entry.list, entry)
        if survivors_of([entry.cluster_id]).get(entry.cluster_id, entry.cluster_id) in _standing_in(target):
            ListedTitle.objects.filter(pk__in=same).delete()
        elif ListedTitle.objects.filter(list=target).count() >= MOST_TITLES:
            raise Full(MOST_TITLES)
        else:
            ListedTitle.objects.filter(pk__in=[one for one in same if one != entry.pk]).delete()
            ListedTitle.objects.filter(pk=entry.pk).update(list=target)
        _note(w, "changed", source)
        _note(w, "changed", target)
    return target


def _entry(patron_id: int, list_id: int, entry_id: int) -> ListedTitle | None:
    found = ListedTitle.objects.select_related("list")
    return found.filter(pk=entry_id, list_id=list_id, list__patron_id=patron_id).first()
