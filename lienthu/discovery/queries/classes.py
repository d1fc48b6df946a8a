"""The tree of class numbers with the number of records below each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from lienthu.discovery.index import engine
from lienthu.discovery.wording import CLASSES
from lienthu.search import Code, CodeField, SearchRequest

_DIGITS = "0123456789"
# A class number is three digits, a point, and decimals; deeper than this the lists are short anyway.
LONGEST = 8


@dataclass(frozen=True, slots=True)
class ClassNumber:
    """A class: `stem` is what its numbers begin with, `shown` how it is written (9 -> 900)."""

    stem: str
    shown: str
    count: int


def class_numbers(stem: str) -> list[ClassNumber]:
    """The classes below a stem that hold records."""
    below = [stem + digit for digit in _DIGITS] if len(stem) != 3 else [f"{stem}.{digit}" for digit in _DIGITS]
    found = (ClassNumber(one, _shown(one), _count(one)) for one in below)
    return [one for one in found if one.count]


@dataclass(frozen=True, slots=True)
class ShelfClass:
    """A main class on the shelf of the home page; `width` is its share of the shelf in twelfths, at least one."""

    shown: str
    name: str
    count: int
    url: str
    width: int


def class_shelf(classes: Sequence[ClassNumber]) -> list[ShelfClass]:
    """Main classes as a shelf of books: the fuller the class, the broader its place."""
    most = max((one.count for one in classes), default=1)
    return [
        ShelfClass(
            shown=one.shown,
            name=str(CLASSES[one.stem]),
            count=one.count,
            url=reverse("discovery:browse_class", args=[one.stem]),
            width=max(1, round(12 * one.count / most)),
        )
        for one in classes
    ]


def count_below(stem: str) -> int:
    """Records whose class number begins with the stem."""
    return _count(stem)


def _count(stem: str) -> int:
    return engine().search(SearchRequest(query=Code(CodeField.DDC, stem), limit=0)).total


def _shown(stem: str) -> str:
    return stem.ljust(3, "0")
