"""Which encoding a text was written in, found by reading it, and the text brought over.

Nothing is converted unless it clearly reads better: text that is Unicode already, Vietnamese or not, stays.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from math import exp
from typing import NamedTuple

from lienthu.kernel.text.encodings import judging
from lienthu.kernel.text.encodings.codecs import (
    BKHCM2,
    CP1258,
    ENCODINGS,
    TCVN,
    TCVN3,
    TCVN3_CAPITALS,
    VIQR,
    VISCII,
    VNI,
    mended,
)
from lienthu.kernel.text.encodings.doubled import undoubled

AS_IS = "none"
DOUBLED = "double-utf8"
CHOICES = (AS_IS, *ENCODINGS, DOUBLED)
"""Every reading a text can be given."""

_CANDIDATES = (TCVN3, VNI, VISCII, CP1258, BKHCM2, TCVN)
NEEDED = {TCVN3: 4.0, VNI: 4.0, CP1258: 4.0, TCVN: 4.5, BKHCM2: 4.5, VISCII: 5.0, VIQR: 5.0, DOUBLED: 4.0}
"""By how much a reading must beat the text as it stands; more for what is rarely met."""
NEEDED_IF_EXPECTED = 1.0
"""The same where the file is known to be in that encoding."""
_DOUBLED_SCORE = 8.0
_SAMPLE_LENGTH = 200
_MOST_VALUES = 200
_LONGEST = 20_000
_LATIN1 = re.compile("[\x80-\xff]")


class Guess(NamedTuple):
    """A reading: its encoding ("none": as it stands), how probable it is (0 to 1), and the text read so."""

    encoding: str
    score: float
    sample: str


def detect(data: bytes | str, *, expected: str = "") -> tuple[Guess, ...]:
    """Possible readings, the best first; "none" is always among them. Only the first 20,000 characters are looked at.

    Bytes that are UTF-8 are judged as text; others as they would be in a Western page.
    """
    text = _text_of(data[:_LONGEST] if isinstance(data, str) else data[: 2 * _LONGEST])
    return detect_in([text], expected=expected)


def _text_of(data: bytes | str) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def detect_in(values: Sequence[str], *, expected: str = "") -> tuple[Guess, ...]:
    """The same for values that belong together, as the subfields of a record do."""
    scores = _scores(values)
    margins = {name: score - _needed(name, expected) for name, score in scores.items()}
    margins[AS_IS] = 0.0
    ranked = sorted(margins, key=lambda name: -margins[name])
    highest = margins[ranked[0]]
    weights = {name: exp(margins[name] - highest) for name in ranked}
    whole = sum(weights.values())
    text = _sample(values)
    return tuple(Guess(name, weights[name] / whole, converted(text, name)) for name in ranked)


def best_of(values: Sequence[str], *, expected: str = "") -> str:
    """The name of the best reading of values that belong together; "none" in doubt."""
    scores = _scores(values)
    if not scores:
        return AS_IS
    name = max(scores, key=lambda one: scores[one] - _needed(one, expected))
    return name if scores[name] >= _needed(name, expected) else AS_IS


def gain(values: Sequence[str], encoding: str) -> float:
    """By how much values read better in this encoding than as they stand; below 0: worse. 0 where nothing changes."""
    if encoding == TCVN3_CAPITALS:
        encoding = TCVN3
    return _scores(values).get(encoding, 0.0)


def needs_judgement(value: str) -> bool:
    """Whether a value could be in an old encoding at all: neither plainly Unicode nor right Vietnamese. Cheap."""
    return (
        _LATIN1.search(value) is not None
        and not judging.is_foreign(value)
        and not all(judging.is_plain(piece) or judging.reads_well(piece) for piece in judging.WHITE.split(value))
    )


def _needed(encoding: str, expected: str) -> float:
    if encoding == expected:
        return NEEDED_IF_EXPECTED
    return NEEDED[encoding]


def _sample(values: Iterable[str]) -> str:
    telling = [value for value in values if not value.isascii()] or list(values)
    return " ".join(telling)[:_SAMPLE_LENGTH]


def _scores(values: Sequence[str]) -> dict[str, float]:
    """By how much each encoding that changes anything reads better than the values as they stand."""
    scores: dict[str, float] = {}
    met: set[str] = set()
    for value in values[:_MOST_VALUES]:
        value = value[:_LONGEST]
        if value.isascii():
            if judging.may_be_viqr(value):
                _add_viqr(scores, value, met)
        elif _LATIN1.search(value) and not judging.is_foreign(value):
            _add(scores, value, met)
    return scores


def _new_pieces(value: str, met: set[str]) -> list[str]:
    """The pieces of a value; a word that comes again is no further evidence."""
    pieces = {judging.bare(piece): piece for piece in judging.WHITE.split(value)}
    found = [piece for lowered, piece in pieces.items() if lowered not in met]
    met.update(pieces)
    return found


def _add_viqr(scores: dict[str, float], value: str, met: set[str]) -> None:
    pieces = _new_pieces(value, met)
    gained = sum(judging.read_viqr(piece).score for piece in pieces)
    plain = " ".join(piece for piece in pieces if judging.read_viqr(piece).text == piece)
    scores[VIQR] = scores.get(VIQR, 0.0) + gained + judging.context(plain)


def _add(scores: dict[str, float], value: str, met: set[str]) -> None:
    pieces = [piece for piece in _new_pieces(value, met) if not judging.is_plain(piece)]
    if undoubled(value) is not None:
        scores[DOUBLED] = scores.get(DOUBLED, 0.0) + _DOUBLED_SCORE
        return
    if all(map(judging.reads_well, pieces)):
        # Good Vietnamese speaks against every conversion, though a word of it may be one by chance.
        standing = sum(judging.as_it_stands(piece) for piece in pieces)
        for name in _CANDIDATES:
            gained = sum(judging.read_as(piece, name).score for piece in pieces) - standing
            scores[name] = scores.get(name, 0.0) + min(0.0, gained)
        return
    around = judging.context(value)
    for name in _CANDIDATES:
        gained = around
        for piece in pieces:
            gained += judging.read_as(piece, name).score - judging.as_it_stands(piece)
        scores[name] = scores.get(name, 0.0) + gained


# --- Conversion ---------------------------------------------------------------------


def converted(value: str, encoding: str) -> str:
    """The value read in this encoding, piece by piece: what is Unicode or a Western word already stays as it is."""
    if encoding == AS_IS:
        return value
    if encoding == DOUBLED:
        return undoubled(value) or value
    if judging.is_foreign(value):
        return value
    if encoding == VIQR:
        return _piecewise(value, lambda piece: judging.read_viqr(piece).text) if value.isascii() else value
    if judging.is_plain(value) and encoding != TCVN3:
        return value
    text = _piecewise(value, lambda piece: _piece(piece, encoding))
    return with_capitals(text) if encoding == TCVN3 and text != value else text


def _piecewise(value: str, change: Callable[[str], str]) -> str:
    return "".join(change(part) if part else "" for part in _PARTS.split(value))


_PARTS = re.compile("([ \t\r\n]+)")


def _piece(piece: str, encoding: str) -> str:
    if judging.is_plain(piece):
        return judging.with_soft_hyphens(piece) if encoding == TCVN3 and "-" in piece else piece
    if encoding not in _CANDIDATES:
        return mended(piece, encoding)
    score, text = judging.read_as(piece, encoding)
    if score >= 0 or not judging.looks_western(piece) or judging.may_be_transliterated(piece, text):
        return text
    if "-" in piece and encoding in (VNI, BKHCM2):
        return "-".join(_piece(part, encoding) for part in piece.split("-"))
    return piece


_MIXED_WORD = re.compile(r"[^\W\d_]+")


def with_capitals(text: str) -> str:
    """Capitals for the small marked letters of ABC among capitals: "TRUYệN KIềU" -> "TRUYỆN KIỀU".

    A word with one capital only ("Tô") follows its neighbours.
    """
    words = list(_MIXED_WORD.finditer(text))
    kinds = [_kind(match.group()) for match in words]
    pieces: list[str] = []
    at = 0
    for place, match in enumerate(words):
        word = match.group()
        if kinds[place] == _LARGE or (kinds[place] == _OPEN and _among_capitals(kinds, place)):
            word = word.upper()
        pieces += (text[at : match.start()], word)
        at = match.end()
    return "".join(pieces) + text[at:]


_LARGE, _SMALL, _OPEN = 1, 2, 3


def _kind(word: str) -> int:
    """Whether the ASCII letters of a word say that it is written large; one capital alone leaves it open."""
    plain = [letter for letter in word if letter.isascii()]
    if any(letter.islower() for letter in plain):
        return _SMALL
    return _LARGE if len(plain) > 1 else _OPEN


def _among_capitals(kinds: Sequence[int], place: int) -> bool:
    before = next((kind for kind in reversed(kinds[:place]) if kind != _OPEN), 0)
    after = next((kind for kind in kinds[place + 1 :] if kind != _OPEN), 0)
    return {before, after} - {0} == {_LARGE}
