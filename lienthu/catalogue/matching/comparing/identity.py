"""Identifiers, material and series."""

from collections.abc import Iterator

from lienthu.catalogue.marc.description import BOOK, DIGITAL, MANUSCRIPT, OTHER, THESIS
from lienthu.catalogue.matching.comparing.found import Found
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.forms import ELECTRONIC, ONLINE
from lienthu.catalogue.matching.wordlists import words_of


def identifiers(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Never enough alone: publishers give one ISBN to several books, and records are copied with their numbers."""
    if left.isbn and right.isbn:
        common = [number for number in left.isbn if number in right.isbn]
        if common:
            yield Found("isbn_same", 3.0, common[0], common[0], support=True)
        else:
            yield Found("isbn_different", -2.0, left.isbn[0], right.isbn[0], doubt=True)
    elif set(left.isbn + left.isbn_weak) & set(right.isbn + right.isbn_weak):
        number = next(number for number in left.isbn + left.isbn_weak if number in right.isbn + right.isbn_weak)
        yield Found("isbn_weak_same", 1.0, number, number)
    if left.issn and right.issn:
        same = left.issn == right.issn
        yield Found("issn_same" if same else "issn_different", 2.5 if same else -3.0, left.issn, right.issn,
                    support=same, doubt=not same)  # fmt: skip
    if left.lccn and right.lccn:
        same = left.lccn == right.lccn
        yield Found(
            "lccn_same" if same else "lccn_different", 3.0 if same else -0.5, left.lccn, right.lccn, support=same
        )
    for code, ours, theirs in (("oclc_same", left.oclc, right.oclc), ("national_same", left.national, right.national)):
        both = [number for number in ours if number in theirs]
        if both:
            yield Found(code, 2.5, both[0], both[0], support=True)


_TEXTS = frozenset([BOOK, THESIS, MANUSCRIPT, DIGITAL])


def material(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Kind, level, form, reproduction and language of the text."""
    if left.kind != right.kind and OTHER not in (left.kind, right.kind):
        softly = left.kind in _TEXTS and right.kind in _TEXTS
        yield Found("kind_different", -1.0 if softly else -6.0, left.kind, right.kind, veto=not softly)
    if ("a" in (left.level, right.level) or "b" in (left.level, right.level)) and left.level != right.level:
        yield Found("level_different", -6.0, left.level, right.level, veto=True)
    if left.form != right.form and {left.form, right.form} != {ONLINE, ELECTRONIC}:
        yield Found("form_different", -6.0, left.form, right.form, veto=True)
    elif left.reproduction != right.reproduction:
        yield Found("reproduction", -3.0, str(left.reproduction), str(right.reproduction), doubt=True)
    if left.languages and right.languages:
        if not set(left.languages) & set(right.languages):
            yield Found("language_different", -6.0, left.languages[0], right.languages[0], veto=True)
        elif left.languages[0] != right.languages[0]:
            yield Found("language_order", -0.5, left.languages[0], right.languages[0], doubt=True)


def series(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Different numbers in one series are different books."""
    one, number = _series(left.series)
    other, other_number = _series(right.series)
    if number and other_number and one == other and number != other_number:
        yield Found("series_number", -2.0, left.series, right.series, doubt=True)


def _series(key: str) -> tuple[str, list[str]]:
    """(the words, the numbers) of a series statement."""
    words = key.split()
    return " ".join(w for w in words if w.isalpha() and w not in _NUMBER_WORDS), [w for w in words if not w.isalpha()]


_NUMBER_WORDS = words_of("no nr vol v t tap bd so quyen n nos bind bk book number")
