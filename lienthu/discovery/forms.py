"""Reads the address of a result page; anything unusable in it is read as not asked."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import QueryDict

from lienthu.discovery.wanted import DEFAULT_SIZE, MAX_CHOICES, SIZES, Wanted
from lienthu.discovery.wording import TYPES
from lienthu.kernel.http import page_number
from lienthu.kernel.text import normalise
from lienthu.search import Sort

# More than the engine reads of a query, which says so to the reader.
MAX_QUERY = 10_000

_YEARS = range(0, 10_000)


def read_wanted(given: QueryDict) -> Wanted:
    """Read an address that somebody may have typed, cut or edited; there is always an answer."""
    size = _number(given.get("size"), among=SIZES) or DEFAULT_SIZE
    wanted = Wanted(
        q=normalise(given.get("q", "")[:MAX_QUERY].replace("\x00", " ")).strip(),
        available=_truth(given.get("available")),
        digital=_truth(given.get("digital")),
        type=tuple(value for value in _many(given, "type") if value in TYPES),
        library=tuple(value.upper() for value in _many(given, "library")),
        language=tuple(value.lower() for value in _many(given, "language")),
        decade=tuple(int(value) for value in _many(given, "decade") if _number(value, among=_YEARS) is not None),
        subject=tuple(_many(given, "subject")),
        year_from=_number(given.get("year_from"), among=_YEARS),
        year_to=_number(given.get("year_to"), among=_YEARS),
        sort=_sort(given.get("sort", "")),
        size=size,
    )
    return replace(wanted, page=page_number(given.get("page"), last=wanted.last_page))


def _many(given: QueryDict, name: str) -> Iterable[str]:
    """The values of a parameter given several times or parted by commas (subjects hold commas themselves)."""
    values = given.getlist(name)[:MAX_CHOICES]
    parts = values if name == "subject" else [part for value in values for part in value.split(",")]
    return dict.fromkeys(part.strip()[:300] for part in parts[:MAX_CHOICES] if part.strip())


def _number(value: str | None, *, among: Iterable[int]) -> int | None:
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return None
    return int(text) if int(text) in among else None


def _truth(value: str | None) -> bool:
    return (value or "").strip().lower() in {"1", "true", "on", "yes"}


def _sort(value: str) -> Sort:
    return Sort(value) if value in set(Sort) else Sort.RELEVANCE
