"""What pages, papers and rules ask about weedings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet

from lienthu.kernel import clock
from lienthu.weeding.models import Piece, State, Weeding
from lienthu.weeding.policy import years_after, years_between

_HELD = """
SELECT count(*) FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE i.library_id = %s AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE'
"""
# A person, a van, another library or a waiting reader has a claim on the copy.
BUSY = """
(i.status IN ('ON_LOAN', 'IN_TRANSIT', 'ON_HOLD_SHELF', 'CLAIMED')
 OR EXISTS (SELECT FROM circulation_loan l WHERE l.item_id = i.id AND l.ended_at IS NULL)
 OR EXISTS (SELECT FROM circulation_transit t WHERE t.item_id = i.id AND t.ended_at IS NULL)
 OR EXISTS (SELECT FROM circulation_stay s WHERE s.item_id = i.id AND s.ended_at IS NULL)
 OR EXISTS (SELECT FROM circulation_hold h WHERE h.state IN ('PENDING', 'SENT', 'READY')
            AND (h.copy_id = i.id OR h.assigned_id = i.id OR h.target_id = i.id)))
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many copies a weeding names, and what became of them. `listed` leaves out what is kept."""

    named: int
    kept: int
    listed: int
    withdrawn: int
    left_out: int
    returned: int


def counts_of(one: Weeding) -> Counts:
    """The counts of a weeding, in one statement."""
    found = Piece.objects.filter(weeding=one).aggregate(
        named=Count("pk"),
        kept=Count("pk", filter=~Q(kept_out="")),
        listed=Count("pk", filter=Q(kept_out="")),
        withdrawn=Count("pk", filter=Q(withdrawn_at__isnull=False)),
        left_out=Count("pk", filter=Q(left_out=True)),
        returned=Count("pk", filter=Q(returned_at__isnull=False)),
    )
    return Counts(**found)


def pieces_of(one: Weeding) -> QuerySet[Piece]:
    """The copies of a weeding with their titles, in the order of their numbers."""
    pieces = Piece.objects.filter(weeding=one).select_related("item__record__cluster")
    return pieces.order_by("item__accession_number", "pk")


# The number names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_332


def held_by(library_id: int) -> int:
    """How many copies a library holds; withdrawn ones are not held."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [library_id])
        return int(cursor.fetchone()[0])


def busy_items(item_ids: Collection[int]) -> set[int]:
    """Those of these copies that may not go: lent, asked for, on the way, or staying elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT i.id FROM catalogue_item i WHERE i.id = ANY(%s) AND {BUSY}", [list(item_ids)])
        return {item_id for (item_id,) in cursor.fetchall()}


def last_done(library_id: int) -> Weeding | None:
    """The last weeding of a library that was finished and not taken back."""
    return Weeding.objects.filter(library=library_id, state=State.DONE).order_by("-done_at").first()


def under_way(one: Weeding) -> Weeding | None:
    """Another weeding of the same library that was decided and is not finished."""
    decided = Weeding.objects.filter(library=one.library_id, state__in=[State.DECIDED, State.WITHDRAWING])
    return decided.exclude(pk=one.pk).order_by("pk").first()


def lock_library(library_id: int) -> None:
    """Let no other decision about this library be made until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, library_id])


def next_allowed(library_id: int, *, held: int) -> date | None:
    """The first day of the next weeding; None: there was none before."""
    last = last_done(library_id)
    if last is None or last.done_at is None:
        return None
    return years_after(last.done_at.astimezone(clock.VIETNAM).date(), years_between(held))


def still_withdrawn(one: Weeding) -> QuerySet[Piece]:
    """Copies that are withdrawn by this weeding to this moment: not changed since, nor withdrawn by a later one."""
    later = Piece.objects.filter(withdrawn_at__isnull=False, returned_at=None, weeding__gt=one.pk).values("item_id")
    gone = Piece.objects.filter(weeding=one, withdrawn_at__isnull=False, returned_at=None, not_returned=False)
    return gone.filter(item__status="WITHDRAWN").exclude(item_id__in=later)


def with_counts(weedings: QuerySet[Weeding]) -> QuerySet[Weeding]:
    """Weedings with `listed`: how many copies go, or would."""
    return weedings.annotate(listed=Count("pieces", filter=Q(pieces__kept_out="")))


def records_in_lists(record_ids: Collection[int]) -> set[int]:
    """Those of these records with a copy that is or was in a list: an import that is taken back leaves them."""
    return set(Piece.objects.filter(item__record__in=list(record_ids)).values_list("item__record_id", flat=True))
