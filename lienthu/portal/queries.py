"""What the home page shows, gathered from the modules below; numbers are kept for a minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.core.cache import caches
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from lienthu.catalogue.queries import (
    UnionRecord,
    availability_of,
    find_union_record,
    newest,
    titles_by_holder,
    totals,
)
from lienthu.discovery.queries import Card, ShelfClass, class_numbers, class_shelf, count_of, shelf_card
from lienthu.kernel import ids
from lienthu.libraries.queries import library_names, local_now, open_state, public_libraries, timetables_of
from lienthu.portal.manual import Example

SECONDS = 60
SUGGESTED = 5
# Searches worth trying in a province of the north; only those that find something here are offered.
CANDIDATES = (
    "truyện kiều", "hát then", "hồ chí minh", "dân tộc tày", "người dao", "tân trào", "lịch sử việt nam", "thơ",
    "chè", "từ điển", "địa lý", "văn hóa dân gian",
)  # fmt: skip

Value = TypeVar("Value")


@dataclass(frozen=True)
class LibraryPoint:
    """One library for the map and the list of open ones. `moment` is when it closes or opens next."""

    name: str
    url: str
    latitude: float | None
    longitude: float | None
    note: str
    is_open: bool
    moment: datetime | None


@dataclass(frozen=True)
class Network:
    """The network at this moment."""

    libraries: Sequence[LibraryPoint]
    titles: int
    copies: int
    available_titles: int
    digital_titles: int

    @property
    def open_now(self) -> list[LibraryPoint]:
        return [library for library in self.libraries if library.is_open]

    @property
    def opening_next(self) -> list[LibraryPoint]:
        waiting = [(one.moment, one.name, one) for one in self.libraries if not one.is_open and one.moment is not None]
        return [one for _moment, _name, one in sorted(waiting, key=lambda row: row[:2])]


@dataclass(frozen=True)
class CountedExample:
    """An example of the manual with the number of its results."""

    query: str
    meaning: str
    url: str
    count: int


def network() -> Network:
    """Figures and libraries, as of the last minute."""
    return _kept("network", _network)


def _network() -> Network:
    found = totals()
    return Network(
        libraries=_libraries(),
        titles=found.titles,
        copies=found.copies,
        available_titles=count_of(available=True),
        digital_titles=count_of(digital=True),
    )


def _libraries() -> list[LibraryPoint]:
    libraries = list(public_libraries())
    tables, now, names = timetables_of(libraries), local_now(), library_names()
    points = []
    for library in libraries:
        table = tables[library.pk]
        state = open_state(table, at=now) if table.week is not None else None
        until = getattr(state.now, "until", None) if state else None
        closes = datetime.combine(now.date(), until, tzinfo=now.tzinfo) if until else None
        points.append(
            LibraryPoint(
                name=names.get(library.code, library.name_vi),
                url=reverse("libraries:library", args=[library.code]),
                latitude=library.latitude,
                longitude=library.longitude,
                note=library.get_kind_display(),
                is_open=bool(state and state.is_open),
                moment=closes or (state.next_opening if state else None),
            )
        )
    return points


def suggested_searches() -> list[tuple[str, str]]:
    """(words, address) of searches that find something here."""
    found = _kept("searches", lambda: [words for words in CANDIDATES if count_of(words)][:SUGGESTED])
    return [(words, f"{reverse('discovery:results')}?{_query(words)}") for words in found]


def new_arrivals(count: int) -> list[Card]:
    """The newest records of which there are copies, with what can be had of them now."""
    records = _kept(f"newest.{count}", lambda: newest(count))
    availability = availability_of(record.id for record in records)
    return [shelf_card(record, availability[record.id]) for record in records]


def main_classes() -> list[ShelfClass]:
    """The ten main classes as a shelf: each as wide as its share."""
    found = _kept("classes", lambda: class_numbers(""))
    return class_shelf(found)


def titles_by_library() -> list[tuple[str, str, int, int]]:
    """(name, address, titles, copies) of every library that has public copies, in Vietnamese order."""
    names = library_names()
    return [
        (names.get(code, code), reverse("libraries:library", args=[code]), titles, copies)
        for code, titles, copies in _kept("holders", titles_by_holder)
    ]


def counted_examples(examples: Sequence[Example]) -> list[CountedExample]:
    """The examples of the manual with what they find in this catalogue."""
    return [
        CountedExample(
            query=one.query,
            meaning=str(one.meaning),
            url=f"{reverse('discovery:results')}?{_query(one.query)}",
            count=count_of(one.query),
        )
        for one in examples
    ]


def record_title(public_id: str) -> str | None:
    """The title of a record that somebody wants to report about."""
    cluster_id = ids.decode(public_id)
    found = find_union_record(cluster_id) if cluster_id is not None else None
    return found.full_title if isinstance(found, UnionRecord) else None


def _query(words: str) -> str:
    return urlencode({"q": words})


def _kept(name: str, make: Callable[[], Value]) -> Value:
    """A value kept in this process for a minute, for each language."""
    key = f"portal.{name}.{get_language()}"
    value: Value | None = caches["local"].get(key)
    if value is None:
        value = make()
        caches["local"].set(key, value, SECONDS)
    return value
