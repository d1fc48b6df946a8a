"""Search keys of three tiers, all with the same tokens: exact marks, letters without tones, plain letters.

Library texts repeat the same few thousand syllables, so each blank-delimited chunk is analysed once and remembered.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import normalize

from lienthu.kernel.text.characters import SILENT
from lienthu.kernel.text.normal import normalise, normalise_word
from lienthu.kernel.text.phonology import BASE_LETTER, TONE_MARKS, WITHOUT_TONE, place_tone
from lienthu.kernel.text.tokenisation import is_one_token, token_texts

# Chunks remembered for each tier, about 15 MB when full; longer chunks are no words and are not remembered.
MEMORY = 65_536
LONGEST_REMEMBERED = 32

_SILENT = re.compile(f"[{SILENT}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# "lý" = "lí": one sound, both spellings taught; after these onsets only.
_ONSETS_OF_DOUBLETS = "hklmst"
_QUI = re.compile(r"qui(?:|t|n|nh|p|ch)")
_ASCII_DOUBLET = re.compile(r"(?<![^ ])(?:[hklmst]y|qui(?:|t|n|nh|p|ch))(?![^ ])")
_TO_I = dict(zip("yỳỷỹýỵ", "iìỉĩíị", strict=True))
_TO_Y = {i: y for y, i in _TO_I.items()}

# A letter that bears two tones, an error, keeps the second as a loose mark.
_WITHOUT_ANY_TONE = WITHOUT_TONE | dict.fromkeys(map(ord, TONE_MARKS[1:]))

# Old code pages wrote Đ with these; no word of today begins with them, so keys read them as đ there.
_ETH = "ðɖ"

_PLAIN = str.maketrans(
    {
        "đ": "d", "ð": "d", "ɖ": "d", "ɗ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
        "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ɓ": "b", "ƙ": "k", "ə": "e", "ɛ": "e", "ɔ": "o", "ё": "е", "ѐ": "е",
    }
)  # fmt: skip
# Marks that a reader leaves out when typing: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs.
# Marks of Indic, Thai and kana are letters there and stay.
_UNTYPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# й is a letter of its own, not an и with a mark.
_SHORT_I, _KEPT = "и\u0306", "й"


class Keys(NamedTuple):
    """The three keys of one text; their tokens, parted by single spaces, correspond one to one."""

    exact: str
    toneless: str
    folded: str


class _Memory(dict[str, str]):
    """A bounded memory of a function of a chunk; emptied when full, because the common chunks return at once."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, chunk: str) -> str:
        value = self._function(chunk)
        if len(chunk) <= LONGEST_REMEMBERED:
            if len(self) >= MEMORY:
                self.clear()
            self[chunk] = chunk if value == chunk else value
        return value


def lowered(token: str) -> str:
    """One token in lower case, with width and ligature variants and tone placement unified; i and y as written."""
    word = token.lower()
    if word.isascii():
        return word
    word = _SILENT.sub("", word)
    if word[0] in _ETH:
        word = "đ" + word[1:]
    word = normalise_word(word)
    plain = normalise(normalize("NFKC", normalize("NFKC", word).lower()).replace("ς", "σ"))
    if plain != word and is_one_token(plain):
        word = plain
    return place_tone(word)


def exact_token(token: str) -> str:
    """One token of the exact tier."""
    return one_spelling(lowered(token))


def one_spelling(word: str) -> str:
    """The lower-case word with i and y unified where both are written for one sound: lý -> lí, quí -> quý."""
    if len(word) == 2 and word[0] in _ONSETS_OF_DOUBLETS and word[1] in _TO_I:
        return word[0] + _TO_I[word[1]]
    if not word.startswith("qu"):
        return word
    letters = word.translate(WITHOUT_TONE)
    if _QUI.fullmatch(letters):
        return word[:2] + _TO_Y[word[2]] + word[3:]
    return word


def toneless_token(exact: str) -> str:
    """A key or token of the exact tier without its tones."""
    return exact if exact.isascii() else normalise(exact.translate(_WITHOUT_ANY_TONE))


def folded_token(exact: str) -> str:
    """One token of the exact tier in plain letters."""
    if exact.isascii():
        return exact
    apart = normalize("NFD", exact.translate(WITHOUT_TONE).translate(BASE_LETTER).translate(_PLAIN))
    plain = normalize("NFC", _UNTYPED.sub("", apart.replace(_SHORT_I, _KEPT))).translate(_PLAIN)
    return one_spelling(plain) if is_one_token(plain) else exact


def exact_of(token: str) -> str:
    """The exact tier of one token of a normalised text, remembered."""
    return _exact(token)


def toneless_of(token: str) -> str:
    """The toneless tier of one token of a normalised text, remembered."""
    return _toneless(token)


def folded_of(token: str) -> str:
    """The folded tier of one token of a normalised text, remembered."""
    return _folded(token)


def _exact_chunk(chunk: str) -> str:
    if chunk.isascii():
        return " ".join(map(one_spelling, token_texts(chunk.lower())))
    return " ".join(map(exact_token, token_texts(chunk)))


def _toneless_chunk(chunk: str) -> str:
    return toneless_token(_exact(chunk))


def _folded_chunk(chunk: str) -> str:
    exact = _exact(chunk)
    return exact if exact.isascii() else " ".join(map(folded_token, exact.split(" ")))


_exact = _Memory(_exact_chunk).__getitem__
_toneless = _Memory(_toneless_chunk).__getitem__
_folded = _Memory(_folded_chunk).__getitem__


def _ascii_key(s: str) -> str:
    """`exact_key` of plain letters, cut in one go: most foreign texts, whose many names would fill the memory."""
    return _ASCII_DOUBLET.sub(_one_spelling_of, " ".join(token_texts(s.lower())))


def _one_spelling_of(match: re.Match[str]) -> str:
    return one_spelling(match.group())


def keys(s: str) -> Keys:
    """All three keys at once, for indexing; cheaper than three calls."""
    if s.isascii():
        exact = _ascii_key(normalise(s))
        return Keys(exact, exact, exact)
    chunks = normalise(s).split()
    exact = " ".join(filter(None, map(_exact, chunks)))
    return Keys(
        exact,
        " ".join(filter(None, map(_toneless, chunks))),
        " ".join(filter(None, map(_folded, chunks))),
    )


def exact_key(s: str) -> str:
    """Lower case with all marks; spellings of one syllable are one: hòa/hoà, thủy/thuỷ, quí/quý, lí/lý."""
    if s.isascii():
        return _ascii_key(normalise(s))
    return " ".join(filter(None, map(_exact, normalise(s).split())))


def toneless_key(s: str) -> str:
    """As ``exact_key`` without the five tone marks; ă â ê ô ơ ư đ stay."""
    return " ".join(filter(None, map(_toneless, normalise(s).split())))


def folded_key(s: str) -> str:
    """As ``exact_key`` in plain letters: đ -> d, é -> e, ł -> l, ß -> ss; other scripts keep their letters."""
    return " ".join(filter(None, map(_folded, normalise(s).split())))
