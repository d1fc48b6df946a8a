"""How well a piece of text reads, as it stands and in each old encoding.

Scores are sums of weights: a word that becomes a well-formed Vietnamese syllable speaks for an encoding, the more so
when no Western language could have written it ("viÖn", "t×m"); one that becomes none speaks against it.
"""

import re
from functools import lru_cache
from math import log10
from typing import NamedTuple

from lienthu.kernel.text.encodings.codecs import TCVN3, VIQR, decode, mended
from lienthu.kernel.text.encodings.pages import PAGE_CHARACTERS
from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.phonology import is_vietnamese_syllable

_REMEMBERED = 1 << 16
CLEAR, PAIRED, FAINT, SINGLE = 4.0, 3.0, 2.0, 0.3
"""What a good word weighs: where the text as it stands is no Western word; where it could be one, but a vowel with its
mark came from two characters; where it could be one; a single letter."""
NO_SYLLABLE = -4.0
STANDS_WELL, STANDS_ODDLY = 2.6, -1.5
_CONTEXT_GOOD, _CONTEXT_BAD = 0.15, -0.5
_CONTEXT_LEAST, _CONTEXT_MOST = -3.0, 1.0

# Letters per thousand marked ones, counted in Truyện Kiều and in the Vietnamese records of the Library of Congress.
_PER_MILLE = (
    "à97 đ77 ư65 â44 ờ37 ê34 ộ29 á28 ế27 ô26 ạ26 ấ25 ơ25 ì25 ầ23 ớ22 ó21 ệ21 ả19 ề19 ă17 ố16 ò16 ã14 ọ14 ồ13 ậ12 é11 "
    "ắ11 í10 ễ9 ặ9 ũ9 ị9 ú9 ữ9 ử8 ằ8 ù7 ở7 ụ7 ừ7 ứ7 ể7 ủ6 ợ6 ự6 ổ5 ỏ5 ẳ4 ĩ4 ẻ4 ỗ4 è3 ý2 ỉ2 ẹ2 ẩ2 ẫ2 ỡ2 ẽ2 õ1 ẵ1 "
    "ỷ1 ỳ1 ỹ1 ỵ1"
)
_USUAL_PER_MILLE = 15
_COMMONNESS = {pair[0]: max(-1.0, min(0.5, log10(int(pair[1:]) / _USUAL_PER_MILLE))) for pair in _PER_MILLE.split()}

WHITE = re.compile("[ \t\r\n]+")
"""What parts a text into pieces. No-break spaces are letters in some encodings and do not."""
_WORD = re.compile("[\\w\u0300-\u036f]+")
_ASCII_WORD = re.compile("(?<![\\w\x80-\uffff])[A-Za-z]{2,}(?![\\w\x80-\uffff])")
_FOREIGN = re.compile(f"[^\x00-\xff\ufeff\ufffd\u200b-\u200d{''.join(sorted(PAGE_CHARACTERS))}]")
_CONTROL = re.compile("[\x80-\x9f]")
_EDGES = "\"'()[]{}<>.,;:!?/-=*“”‘’„…–—¿¡\xa0"
_BEFORE, _AFTER = _EDGES + "«", _EDGES + "»®"
"""Punctuation around words. In the old encodings guillemets and ® are letters too, but not where they stand so."""
_LETTER_SIGNS = re.compile("[¤¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾×÷]")
_SMALL, _LARGE = "a-zß-öø-ÿšžœ", "A-ZÀ-ÖØ-ÞŠŽŸŒ"
_RAISED = "\\]?[ªº°¹²³]*"
# How Western languages write words: small, capital or with a capital first; ordinals and abbreviations with ª º °.
_WESTERN_WORD = re.compile(
    f"[{_LARGE}]?[{_SMALL}]*(?:['’´·-][{_LARGE}]?[{_SMALL}]+)*{_RAISED}|[{_LARGE}]+(?:['’´·.-][{_LARGE}]+)*{_RAISED}"
    "|[0-9.,/-]+[ªº°²³¹½¼¾€£%±]*|[©®£§¶±ªº°·×÷€p][0-9.,-]+|[^\\w]*"
)
# Vowels that stand together in VNI and in no Western language met so far.
_NO_WESTERN_PAIR = re.compile("[aeouyAEOUY][øåØÅ]|[aouAOU][äÄ]|[aeuAEU][ûÛ]|[öôÖÔ][ùøûõïÙØÛÕÏ]")


class Reading(NamedTuple):
    """A piece of text read in one encoding, and how well it reads."""

    score: float
    text: str


@lru_cache(maxsize=_REMEMBERED)
def looks_western(piece: str) -> bool:
    """Whether a Western language could have written this piece (no blanks inside) as it stands."""
    core = piece.lstrip(_BEFORE).rstrip(_AFTER)
    return _NO_WESTERN_PAIR.search(core) is None and all(
        _WESTERN_WORD.fullmatch(part) is not None for part in core.split("/")
    )


@lru_cache(maxsize=_REMEMBERED)
def reads_well(piece: str) -> bool:
    """Whether the piece as it stands is Vietnamese: all its words beyond ASCII are syllables."""
    if _LETTER_SIGNS.search(piece.lstrip(_BEFORE).rstrip(_AFTER)):
        return False
    words = [word for word in _WORD.findall(normalise(piece)) if not word.isascii()]
    return bool(words) and all(_is_syllable(word) for word in words)


def is_foreign(text: str) -> bool:
    """Whether the text has characters that no Western page has: it is Unicode, and nobody's bytes."""
    return _FOREIGN.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def as_it_stands(piece: str) -> float:
    """The score of a piece with characters beyond ASCII, unconverted."""
    if reads_well(piece):
        return STANDS_WELL + _commonness(piece)
    return 0.0 if looks_western(piece) else STANDS_ODDLY


@lru_cache(maxsize=_REMEMBERED)
def read_as(piece: str, encoding: str) -> Reading:
    """A piece with characters beyond ASCII, read in an old encoding."""
    text = mended(piece, encoding)
    if encoding == TCVN3 and "-" in text:
        text = with_soft_hyphens(text)
    if text == piece:
        return Reading(as_it_stands(piece), piece)
    if not looks_western(piece) and not reads_well(piece):
        weight = CLEAR
    else:
        weight = PAIRED if len(text) < len(piece) else FAINT
    score = NO_SYLLABLE if _CONTROL.search(text) else 0.0
    known = set(_WORD.findall(piece))
    for word in _WORD.findall(text):
        if word.isascii() or word in known:
            continue
        if len(word) == 1:
            score += SINGLE if is_vietnamese_syllable(word) else 0.0
        elif _is_syllable(word, capitals_may_be_small=encoding == TCVN3):
            score += weight + _commonness(word)
        else:
            score += NO_SYLLABLE
    return Reading(score, text)


_IN_TRANSLITERATIONS = frozenset("âêôơưđáàíóÂÊÔƠƯĐÁÀÍÓ")


def may_be_transliterated(piece: str, text: str) -> bool:
    """Whether a word that is no syllable is a foreign name in Vietnamese letters ("Giêsu", "Lênin").

    Only where two characters became one, and only the letters that such names are written with.
    """
    return len(text) < len(piece) and all(
        letter < "\x80" or not letter.isalpha() or letter in _IN_TRANSLITERATIONS for letter in text
    )


_HYPHENED = re.compile(r"([^\W\d_]*)-([^\W\d_]*)")


def with_soft_hyphens(text: str) -> str:
    """ABC's ư is the soft hyphen, which programs turn into a plain one: "n-ớc" is "nước", "th-" is "thư"."""
    return _HYPHENED.sub(_with_soft_hyphen, text)


def _with_soft_hyphen(match: re.Match[str]) -> str:
    left, right = match.groups()
    joined = f"{left}ư{right}"
    apart = [part for part in (left, right) if part]
    if apart and is_vietnamese_syllable(joined) and not all(map(is_vietnamese_syllable, apart)):
        return joined
    return match.group()


def _is_syllable(word: str, *, capitals_may_be_small: bool = False) -> bool:
    if not is_vietnamese_syllable(word):
        return False
    rest = word[1:]
    if rest.islower() or word.isupper() or not rest:
        return True
    return capitals_may_be_small and all(letter.isupper() or letter not in _ASCII_SMALL for letter in word)


_ASCII_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")


def _commonness(word: str) -> float:
    found = [_COMMONNESS[letter] for letter in word.lower() if letter in _COMMONNESS]
    return min(found, default=0.0)


def bare(piece: str) -> str:
    """The piece without punctuation around it, in small letters."""
    return piece.lstrip(_BEFORE).rstrip(_AFTER).lower()


def is_plain(piece: str) -> bool:
    """ASCII without the controls in which some encodings keep letters."""
    return piece.isascii() and piece.isprintable()


def context(text: str) -> float:
    """What the words of plain ASCII around say: a title in English is hardly Vietnamese in a lost encoding."""
    score = 0.0
    for word in _ASCII_WORD.findall(text):
        score += _CONTEXT_GOOD if is_vietnamese_syllable(word) else _CONTEXT_BAD
    return max(_CONTEXT_LEAST, min(_CONTEXT_MOST, score))


_VIQR_PIECE = re.compile(r"[aAeEoO]\^|[aA]\(|[oOuU]\+|(?<![A-Za-z])[dD][dD][aeiouyAEIOUY]|[aeiouyAEIOUY][`~]")
_VIQR_LATE = re.compile(r"[.?']$")


def may_be_viqr(text: str) -> bool:
    """Whether signs stand behind vowels as in VIQR; cheap, and no judgement."""
    return _VIQR_PIECE.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def read_viqr(piece: str) -> Reading:
    """A piece of ASCII text read as VIQR. A sign at its end is taken for punctuation where that makes the syllable."""
    text = decode(piece.encode(), VIQR)
    late = _VIQR_LATE.search(piece)
    if late and not all(map(is_vietnamese_syllable, _WORD.findall(text))):
        shorter = decode(piece[:-1].encode(), VIQR) + piece[-1]
        if all(map(is_vietnamese_syllable, _WORD.findall(shorter))):
            text = shorter
    if text == piece:
        return Reading(0.0, piece)
    score = 0.0
    weight = CLEAR if may_be_viqr(piece) else FAINT
    for word in _WORD.findall(text):
        if not word.isascii():
            score += weight + _commonness(word) if _is_syllable(word) else NO_SYLLABLE
    return Reading(score, text)
