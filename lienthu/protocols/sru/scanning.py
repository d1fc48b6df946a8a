"""Lists of titles, authors and subjects around a place, in Vietnamese order, as the browse pages walk them."""

from itertools import groupby

from lienthu.catalogue.queries import (
    AUTHOR_KINDS,
    AUTHOR_TAGS,
    SUBJECT_KINDS,
    SUBJECT_TAGS,
    Place,
    headings,
    titles,
)
from lienthu.kernel.text import sort_key
from lienthu.protocols.sru.diagnostics import Diagnostic
from lienthu.protocols.sru.messages import Term
from lienthu.protocols.sru.translation import INDEXES
from lienthu.search import Field

Line = tuple[str, int, bytes]
"""(what stands there, number of records, sort key)."""


def scanned_terms(index: str, start: str, *, position: int, size: int) -> list[Term]:
    """`size` terms, of which the `position`-th is the first at or behind `start` (0: the list begins behind it)."""
    target = INDEXES.get(index)
    if target not in (Field.ANY, Field.TITLE, Field.AUTHOR, Field.SUBJECT):
        raise Diagnostic(16, index)
    place = Place(sort_key(start))
    before = max(position - 1, 0)
    earlier, more_before, _ = _stretch(target, place, before, backward=True) if before else ([], False, True)
    later, is_not_first, more_after = _stretch(target, place, max(size - len(earlier), 1) + 1, backward=False)
    if position == 0 and later and later[0][2] == place.key:
        later = later[1:]
        is_not_first = True
    shown = (earlier + later)[:size]
    more_before = more_before if earlier else is_not_first
    more_after = more_after or len(earlier) + len(later) > size
    return _terms(shown, more_before=more_before, more_after=more_after)


def _stretch(target: object, place: Place, size: int, *, backward: bool) -> tuple[list[Line], bool, bool]:
    if target in (Field.ANY, Field.TITLE):
        stretch = titles(place=place, size=size, backward=backward)
        lines = [(entry.record.title, entry.place.key) for entry in stretch.entries]
        return _grouped(lines), stretch.more_before, stretch.more_after
    kinds, tags = (AUTHOR_KINDS, AUTHOR_TAGS) if target is Field.AUTHOR else (SUBJECT_KINDS, SUBJECT_TAGS)
    found = headings(kinds=kinds, tags=tags, place=place, size=size, backward=backward)
    return [(one.text, one.count, one.place.key) for one in found.entries], found.more_before, found.more_after


def _grouped(lines: list[tuple[str, bytes]]) -> list[Line]:
    """Several records of one title are one line."""
    return [(title, len(list(same)), key) for (title, key), same in groupby(lines)]


def _terms(lines: list[Line], *, more_before: bool, more_after: bool) -> list[Term]:
    last = len(lines) - 1
    found = []
    for number, (value, count, _key) in enumerate(lines):
        is_first, is_last = number == 0 and not more_before, number == last and not more_after
        where = "only" if is_first and is_last else "first" if is_first else "last" if is_last else "inner"
        found.append(Term(value, count, where))
    return found
