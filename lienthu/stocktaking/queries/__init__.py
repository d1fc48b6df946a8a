"""What a round found: every copy and number with its outcome, worked out by one statement from the state of now."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lienthu.catalogue.queries.items import copies_by_id
from lienthu.stocktaking.models import Expected, Round, Scan
from lienthu.stocktaking.policy import GROUP_OF, Group, Outcome, Seen, in_wrong_place, outcome_of

# Whoever handled a copy at a desk after the round began has had it in the hand (circulation_step). For a copy that
# was scanned only what came after the scan counts: it was lent again.
_ROWS = """
SELECT COALESCE(e.item_id, s.item_id), COALESCE(i.accession_number, s.number), e.item_id IS NOT NULL,
       s.id IS NOT NULL, COALESCE(i.status, ''), COALESCE(i.library_id = %(library)s, false),
       EXISTS (SELECT FROM circulation_step t WHERE t.item_id = i.id AND t.undone_at IS NULL
               AND t.at > COALESCE(s.at, %(since)s)),
       COALESCE(e.spared, ''), COALESCE(e.marked, ''), s.at, COALESCE(s.by, ''), COALESCE(s.place, ''),
       COALESCE(i.call_number, ''), COALESCE(i.shelf, ''), COALESCE(l.name_vi, ''),
       COALESCE(b.name_vi, ''), COALESCE(a.name_vi, ''), i.branch_id, s.branch_id, COALESCE(e.outcome, s.outcome, '')
FROM (SELECT * FROM stocktaking_expected WHERE round_id = %(round)s) e
FULL JOIN (SELECT * FROM stocktaking_scan WHERE round_id = %(round)s) s ON s.item_id = e.item_id
LEFT JOIN catalogue_item i ON i.id = COALESCE(e.item_id, s.item_id)
LEFT JOIN libraries_library l ON l.id = i.library_id
LEFT JOIN libraries_branch b ON b.id = i.branch_id
LEFT JOIN libraries_branch a ON a.id = s.branch_id
ORDER BY i.shelf NULLS FIRST, i.call_number, 2
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One copy or number of a round. `item_id` None: no copy has this number."""

    item_id: int | None
    number: str
    outcome: Outcome
    status: str
    spared: str
    marked: str
    scanned_at: datetime | None
    scanned_by: str
    scanned_place: str
    call_number: str
    shelf: str
    library: str
    branch: str
    scanned_branch: str

    @property
    def group(self) -> Group:
        return GROUP_OF[self.outcome]


def lines_of(one: Round) -> Iterator[Line]:
    """Everything of a round, in the order of the shelves; memory does not grow with it."""
    values = {"round": one.pk, "library": one.library_id, "since": one.opened_at}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        while rows := cursor.fetchmany(2_000):
            yield from (_line(row, one.shelf) for row in rows)


def _line(row: tuple[Any, ...], counted: str) -> Line:
    item_id, number, expected, scanned, status, own, moved, spared, marked, *rest, branch, at_branch, frozen = row
    at_shelf, shelf = rest[2], rest[4]
    seen = Seen(
        expected=expected,
        scanned=scanned,
        status=status,
        own_library=own,
        moved_since=moved,
        misplaced=in_wrong_place(at_branch=at_branch, branch=branch, at_shelf=at_shelf, shelf=shelf, counted=counted),
    )
    return Line(item_id, number, Outcome(frozen) if frozen else outcome_of(seen), status, spared, marked, *rest)


def freeze(one: Round) -> dict[str, int]:
    """Write down every outcome as it is now, so that minutes of a closed round never change; the counts."""
    counts: dict[str, int] = {}
    copies: dict[str, list[int]] = {}
    numbers: dict[str, list[str]] = {}
    for line in lines_of(one):
        counts[line.outcome] = counts.get(line.outcome, 0) + 1
        if line.item_id is not None:
            copies.setdefault(line.outcome, []).append(line.item_id)
        else:
            numbers.setdefault(line.outcome, []).append(line.number)
    for outcome, items in copies.items():
        Expected.objects.filter(round=one, item__in=items).update(outcome=outcome)
        Scan.objects.filter(round=one, item__in=items).update(outcome=outcome)
    for outcome, some in numbers.items():
        Scan.objects.filter(round=one, item=None, number__in=some).update(outcome=outcome)
    return counts


def counts_of(one: Round) -> dict[str, int]:
    """How many of each outcome; of a closed round what was kept at its end."""
    if one.counts:
        return dict(one.counts)
    counts: dict[str, int] = {}
    for line in lines_of(one):
        counts[line.outcome] = counts.get(line.outcome, 0) + 1
    return counts


def in_groups(counts: dict[str, int]) -> dict[Group, int]:
    """The same by the four columns of the minutes."""
    found = dict.fromkeys(Group, 0)
    for outcome, count in counts.items():
        found[GROUP_OF[Outcome(outcome)]] += count
    return found


def titles_of(lines: Iterable[Line]) -> dict[int, str]:
    """Titles by copy, in one statement."""
    numbers = [line.item_id for line in lines if line.item_id is not None]
    return {number: copy.title for number, copy in copies_by_id(numbers).items()}


def expected_count(one: Round) -> int:
    """How many copies should be there."""
    return Expected.objects.filter(round=one).count()


def records_counted(record_ids: Collection[int]) -> set[int]:
    """Those of these records with a copy that a round expected or found: an import that is taken back leaves them."""
    found = set(Expected.objects.filter(item__record__in=list(record_ids)).values_list("item__record_id", flat=True))
    scanned = Scan.objects.filter(item__record__in=list(record_ids))
    return found | set(scanned.values_list("item__record_id", flat=True))
