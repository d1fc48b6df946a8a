"""What the lists keep of readers, for the readers' room (`patrons.actions.owners.Owner`)."""

from typing import Any

from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing
from lienthu.patrons.actions import Section
from lienthu.patrons.queries import hold_patron
from lienthu.readinglists.models import ListedTitle, ReadingList


def hold_still(*, patron_id: int) -> None:
    """Who changes a list holds the reader's row."""
    hold_patron(patron_id)


def against_merging(*, loser: int, winner: int) -> list[str]:
    """Nothing speaks against it."""
    return []


def move(w: Writing, *, loser: int, winner: int) -> dict[str, str]:
    """All lists; one whose name the winner has too gets a number behind it. The answer: names by list."""
    taken = set(ReadingList.objects.filter(patron_id=winner).values_list("name", flat=True))
    moved = {}
    for one in ReadingList.objects.filter(patron_id=loser).order_by("pk"):
        moved[str(one.pk)] = one.name
        one.name = _free(one.name, taken)
        taken.add(one.name)
        one.patron_id = winner
        one.save(update_fields=["patron", "name"])
    return moved


def _free(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        behind = f" ({number})"
        found, number = name[: 100 - len(behind)] + behind, number + 1
    return found


def move_back(w: Writing, *, moved: Any, loser: int, winner: int) -> None:
    """The same lists, as far as the winner still has them, under their old names where those are free."""
    for number, name in moved.items():
        one = ReadingList.objects.filter(pk=int(number), patron_id=winner).first()
        if one is None:
            continue
        taken = set(ReadingList.objects.filter(patron_id=loser).values_list("name", flat=True))
        one.name = _free(name, taken)
        one.patron_id = loser
        one.save(update_fields=["patron", "name"])


def open_matters(*, patron_id: int) -> list[str]:
    """Nothing has to be settled."""
    return []


def about(*, patron_id: int) -> list[Section]:
    """All lists with their titles."""
    kept = ListedTitle.objects.filter(list__patron_id=patron_id).select_related("list").order_by("list_id", "pk")
    columns = (
        ("list", _("Danh sách")),
        ("title", _("Nhan đề")),
        ("note", _("Ghi chú")),
        ("at", _("Thêm lúc")),
    )
    rows = tuple((one.list.name, one.title, one.note, one.added_at) for one in kept)
    empty = ReadingList.objects.filter(patron_id=patron_id, titles=None).order_by("pk")
    return [
        Section(
            "reading_lists",
            _("Danh sách đọc"),
            columns,
            rows + tuple((one.name, "", "", one.made_at) for one in empty),
        )
    ]


def forget_history(w: Writing, *, patron_id: int) -> None:
    """What somebody wants to read is no past doing: they delete it themselves."""


def forget(w: Writing, *, patron_id: int) -> None:
    """Everything."""
    ReadingList.objects.filter(patron_id=patron_id).delete()
