"""Which copy is asked for when several could serve: near, cheap to bring, and not always from the same library.

Every part of the score is in kilometres, so that it can be said in a sentence: the way from the library of the copy to
the place of pickup, a fixed part for handing over between two libraries, a part for each copy that the library sent to
others lately, and a part for taking the last copy off its shelf. The smallest sum wins; ties go to the older copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
# What stands for a library whose place on the map is unknown.
UNKNOWN_KM = 50.0
HANDOVER_KM = 10.0
SENT_LATELY_KM = 1.0
LAST_COPY_KM = 5.0
LATELY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a library is, in degrees; None: not known."""

    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Free:
    """A copy on a shelf that nobody has asked for yet."""

    item_id: int
    library_id: int
    cluster_id: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A waiting request: any free copy of `clusters`, or only `item_id`; never one of `passed`."""

    hold_id: int
    pickup_library_id: int
    clusters: tuple[int, ...]
    item_id: int | None = None
    passed: frozenset[int] = frozenset()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """What a copy costs, in kilometres and their like."""

    distance: float
    known: bool
    handover: float
    fairness: float
    last_copy: float

    @property
    def total(self) -> float:
        return self.distance + self.handover + self.fairness + self.last_copy


@dataclass(frozen=True, slots=True)
class Choice:
    """The copy that is asked for, and how many others were dearer."""

    hold_id: int
    copy: Free
    score: Score
    beaten: int


def kilometres(one: Spot, other: Spot) -> float | None:
    """The distance as the crow flies; None when a place is not known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    a, b = radians(one.latitude or 0), radians(other.latitude or 0)
    way = radians((other.longitude or 0) - (one.longitude or 0))
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(way / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def score(*, copy: Free, pickup: int, spots: Mapping[int, Spot], sent: Mapping[int, int], left: int) -> Score:
    """The parts of the score. `sent`: copies that each library sent to others lately; `left`: its free copies of this
    title, this one counted."""
    if copy.library_id == pickup:
        return Score(0.0, True, 0.0, 0.0, 0.0)
    nowhere = Spot(None, None)
    way = kilometres(spots.get(copy.library_id, nowhere), spots.get(pickup, nowhere))
    return Score(
        distance=UNKNOWN_KM if way is None else way,
        known=way is not None,
        handover=HANDOVER_KM,
        fairness=SENT_LATELY_KM * sent.get(copy.library_id, 0),
        last_copy=LAST_COPY_KM if left <= 1 else 0.0,
    )


def allocate(
    *, asks: Iterable[Ask], free: Sequence[Free], spots: Mapping[int, Spot], sent: Mapping[int, int]
) -> list[Choice]:
    """Choose a copy for each request, the first in the queue first; no copy is given twice."""
    shelves: dict[int, list[Free]] = {}
    left: dict[tuple[int, int], int] = {}
    for copy in free:
        shelves.setdefault(copy.cluster_id, []).append(copy)
        left[copy.cluster_id, copy.library_id] = left.get((copy.cluster_id, copy.library_id), 0) + 1
    sending = dict(sent)
    chosen: list[Choice] = []
    for ask in sorted(asks, key=lambda one: (one.position, one.hold_id)):
        fitting = [
            copy
            for cluster in ask.clusters
            for copy in shelves.get(cluster, ())
            if copy.item_id not in ask.passed and ask.item_id in (None, copy.item_id)
        ]
        if not fitting:
            continue
        scored = [
            (score(copy=one, pickup=ask.pickup_library_id, spots=spots, sent=sending, left=_left(left, one)), one)
            for one in fitting
        ]
        best, copy = min(scored, key=lambda pair: (pair[0].total, pair[1].item_id))
        shelves[copy.cluster_id].remove(copy)
        left[copy.cluster_id, copy.library_id] -= 1
        if copy.library_id != ask.pickup_library_id:
            sending[copy.library_id] = sending.get(copy.library_id, 0) + 1
        chosen.append(Choice(ask.hold_id, copy, best, len(fitting) - 1))
    return chosen


def _left(left: Mapping[tuple[int, int], int], copy: Free) -> int:
    return left[copy.cluster_id, copy.library_id]
