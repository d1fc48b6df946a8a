"""What pages and minutes show of a set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from lienthu.rotation.models import OPEN_STATES, LetterState, Piece, RotationSet, State


@dataclass(frozen=True, slots=True)
class Counts:
    """How many copies a set has, and how many were counted at each handover."""

    listed: int
    sent: int
    arrived: int
    back: int
    home: int


def counts_of(one: RotationSet) -> Counts:
    """The counts of a set, in one statement."""
    found = Piece.objects.filter(set=one).aggregate(
        listed=Count("pk"),
        sent=Count("pk", filter=Q(sent=True)),
        arrived=Count("pk", filter=Q(arrived_at__isnull=False)),
        back=Count("pk", filter=Q(back_at__isnull=False)),
        home=Count("pk", filter=Q(home_at__isnull=False)),
    )
    return Counts(**found)


def pieces_of(one: RotationSet) -> QuerySet[Piece]:
    """The copies of a set with their titles, in the order of their numbers."""
    return (
        Piece.objects.filter(set=one).select_related("item__record__cluster").order_by("item__accession_number", "pk")
    )


def not_counted(one: RotationSet) -> QuerySet[Piece]:
    """What the present handover still misses."""
    waiting = {
        State.SENT: Q(sent=True, arrived_at=None),
        State.THERE: Q(arrived_at__isnull=False, back_at=None),
        State.RETURNING: Q(back_at__isnull=False, home_at=None),
    }.get(State(one.state))
    return pieces_of(one).filter(waiting) if waiting is not None else pieces_of(one).none()


def with_counts(sets: QuerySet[RotationSet]) -> QuerySet[RotationSet]:
    """Sets with `listed`: how many copies go along, or would."""
    return sets.annotate(listed=Count("pieces", filter=Q(pieces__left_out="")))


def records_in_sets(record_ids: Collection[int]) -> set[int]:
    """Those of these records with a copy that is or was in a set: an import that is taken back leaves them."""
    return set(Piece.objects.filter(item__record__in=list(record_ids)).values_list("item__record_id", flat=True))


def copies_in_sets(library_id: int) -> dict[int, str]:
    """Copies of a library that are in a set which is not finished, each with the name of the set."""
    pieces = Piece.objects.filter(open=True, set__owner=library_id, set__state__in=OPEN_STATES)
    return dict(pieces.values_list("item_id", "set__name"))


def letters_of(one: RotationSet) -> list[tuple[date, str, int]]:
    """How the reminders of a set went: day, state in words, to how many people; the newest day first."""
    found = one.letters.values_list("day", "state").annotate(count=Count("pk")).order_by("-day", "state")
    return [(day, str(LetterState(state).label), count) for day, state, count in found]
