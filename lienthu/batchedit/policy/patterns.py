"""Finding text in a value: as written or with marks and capitals read over, plain or with wildcards.

Wildcards instead of regular expressions: ``*`` is any text (the least that fits), ``#`` a run of figures, ``?`` one
character. The pieces of a pattern are looked up one after the other and never tried again in another cut, so that no
pattern, whoever wrote it, takes longer than length of value x number of pieces.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

EXACT, CASE, MARKS = "exact", "case", "marks"
MODES = (EXACT, CASE, MARKS)
ANYWHERE, WORDS, WHOLE = "any", "word", "whole"
PARTS = (ANYWHERE, WORDS, WHOLE)
LONGEST = 200
"""Characters of a pattern."""
MOST_WILDCARDS = 9

STAR, FIGURES, ONE = "*", "#", "?"
_WILD = frozenset((STAR, FIGURES, ONE))
_FIGURES = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Text:
    """What to look for. `wild`: the signs ``* # ?`` are wildcards; otherwise they stand for themselves."""

    text: str
    mode: str = EXACT
    part: str = ANYWHERE
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found, and what each of its wildcards stood for."""

    start: int
    end: int
    held: tuple[tuple[int, int], ...] = ()


def composed(text: str) -> str:
    """The text in NFC, the form in which all comparing is done."""
    return unicodedata.normalize("NFC", text)


def found(pattern: Text, value: str) -> list[Match]:
    """All places, from left to right and without overlaps, in the NFC form of the value."""
    return list(_matches(pattern, composed(value)))


def occurs(pattern: Text, value: str) -> bool:
    """Whether the pattern is found at all."""
    return next(_matches(pattern, composed(value)), None) is not None


def replaced(pattern: Text, value: str, new: str) -> str | None:
    """The value with every match replaced; None when there is none.

    With wildcards, ``{1}`` of the new text is what the first of them stood for, ``{2}`` the second.
    """
    value = composed(value)
    matches = list(_matches(pattern, value))
    if not matches:
        return None
    parts: list[str] = []
    place = 0
    for match in matches:
        parts += [value[place : match.start], _filled(composed(new), value, match) if pattern.wild else composed(new)]
        place = match.end
    return "".join([*parts, value[place:]])


def wildcards(text: str) -> int:
    """How many wildcards a pattern has."""
    return sum(sign in _WILD for sign in text)


def _filled(new: str, value: str, match: Match) -> str:
    for number, (start, end) in enumerate(match.held, start=1):
        # A brace of the value itself must not be taken for a place: it is set apart until all are filled.
        new = new.replace(f"{{{number}}}", value[start:end].replace("{", "\ue000"))
    return new.replace("\ue000", "{")


def _matches(pattern: Text, value: str) -> Iterator[Match]:
    runs = _runs(_read(pattern.text, pattern.mode), pattern.wild)
    text = _read(value, pattern.mode)
    if not any(runs):
        return
    if pattern.part == WHOLE:
        match = _whole(runs, text)
        if match:
            yield match
        return
    place = 0
    while place <= len(text):
        match = _first(runs, text, place)
        if match is None:
            return
        if match.end == match.start:
            place = match.end + 1
        elif pattern.part == WORDS and not _is_word(text, match):
            place = match.start + 1
        else:
            yield match
            place = match.end


def _is_word(text: str, match: Match) -> bool:
    """Whether no letter or figure touches the match from outside, where it begins and ends with one itself."""
    before = text[match.start - 1 : match.start].isalnum() and text[match.start].isalnum()
    after = text[match.end : match.end + 1].isalnum() and text[match.end - 1].isalnum()
    return not before and not after


@lru_cache(maxsize=4_096)
def _read(text: str, mode: str) -> str:
    """The text as a mode reads it, character for character, so that places stay what they are."""
    text = composed(text)
    if mode == EXACT:
        return text
    return "".join(_letter(sign, mode) for sign in text)


@lru_cache(maxsize=4_096)
def _letter(sign: str, mode: str) -> str:
    low = sign.lower()
    if mode == MARKS:
        low = "d" if low in "đð" else unicodedata.normalize("NFD", low)[:1]
    return low if len(low) == 1 else sign


_Run = tuple[str, ...]
"""Literal texts, FIGURES and ONE between two stars."""


@lru_cache(maxsize=256)
def _runs(text: str, wild: bool) -> tuple[_Run, ...]:
    if not wild:
        return ((text,),) if text else ()
    runs: list[_Run] = []
    for piece in text.split(STAR):
        parts: list[str] = []
        literal = ""
        for sign in piece:
            if sign in _WILD:
                parts += [literal, "\0" + sign] if literal else ["\0" + sign]
                literal = ""
            else:
                literal += sign
        runs.append((*parts, literal) if literal else tuple(parts))
    return tuple(runs)


def _fits(run: _Run, text: str, place: int) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """Where a run that begins here ends, with what its wildcards hold; None when it does not fit."""
    held: list[tuple[int, int]] = []
    for part in run:
        start = place
        if part[0] != "\0":
            if not text.startswith(part, place):
                return None
            place += len(part)
            continue
        if part[1] == ONE:
            place += 1
            if place > len(text):
                return None
        else:
            run_of_figures = _FIGURES.match(text, place)
            if run_of_figures is None:
                return None
            place = run_of_figures.end()
        held.append((start, place))
    return place, tuple(held)


def _seek(run: _Run, text: str, place: int) -> tuple[int, int, tuple[tuple[int, int], ...]] | None:
    """The first place from here on where a run fits: start, end, what it holds."""
    while place <= len(text):
        if run and run[0][0] != "\0":
            place = text.find(run[0], place)
            if place < 0:
                return None
        fitted = _fits(run, text, place)
        if fitted:
            return place, *fitted
        place += 1
    return None


def _first(runs: tuple[_Run, ...], text: str, place: int) -> Match | None:
    found = _seek(runs[0], text, place)
    if found is None:
        return None
    start, end, held = found
    for number, run in enumerate(runs[1:], start=1):
        if number == len(runs) - 1 and not run:
            # A star at the end takes everything that follows.
            return Match(start, len(text), (*held, (end, len(text))))
        following = _seek(run, text, end)
        if following is None:
            return None
        held = (*held, (end, following[0]), *following[2])
        end = following[1]
    return Match(start, end, held)


def _whole(runs: tuple[_Run, ...], text: str) -> Match | None:
    fitted = _fits(runs[0], text, 0)
    if fitted is None:
        return None
    end, held = fitted
    if len(runs) == 1:
        return Match(0, end, held) if end == len(text) else None
    for run in runs[1:-1]:
        following = _seek(run, text, end)
        if following is None:
            return None
        held = (*held, (end, following[0]), *following[2])
        end = following[1]
    last = _last(runs[-1], text, end)
    return Match(0, len(text), (*held, (end, last[0]), *last[1])) if last else None


def _last(run: _Run, text: str, place: int) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """Where the last run begins so that it ends with the text."""
    if not run:
        return len(text), ()
    if all(part[0] != "\0" for part in run):
        start = len(text) - len(run[0])
        return (start, ()) if start >= place and text.endswith(run[0]) else None
    while True:
        found = _seek(run, text, place)
        if found is None:
            return None
        if found[1] == len(text):
            return found[0], found[2]
        place = found[0] + 1
