"""The order of lists: by syllable, with the Vietnamese alphabet and tones, as card catalogues are filed."""

import icu

from lienthu.kernel.text.keys import LONGEST_REMEMBERED, MEMORY, lowered
from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.tokenisation import token_texts

# Bytes of the longest key. A longer one is cut: texts that agree so far count as equal, callers add a tie-break.
SORT_KEY_BYTES = 512
# Characters read: at least as many as the bytes they can fill.
_READ = 1_024
# Lower than every byte inside a key of ICU at these levels, so a shorter syllable files before its continuation.
_BETWEEN = b"\x01"


def _vietnamese_collator() -> icu.Collator:
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    # Letters, then tones; case is no difference between headings.
    collator.setStrength(icu.Collator.SECONDARY)
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    return collator


_collator = _vietnamese_collator()


class _ChunkKeys(dict[str, bytes]):
    """Sort keys of blank-delimited chunks, bounded as the search keys are."""

    def __missing__(self, chunk: str) -> bytes:
        value = _BETWEEN.join(_collator.getSortKey(lowered(token)).rstrip(b"\0") for token in token_texts(chunk))
        if len(chunk) <= LONGEST_REMEMBERED:
            if len(self) >= MEMORY:
                self.clear()
            self[chunk] = value
        return value


_chunk_key = _ChunkKeys().__getitem__


def sort_key(s: str) -> bytes:
    """Key whose byte order is the filing order; at most ``SORT_KEY_BYTES`` long, never with a NUL byte.

    Syllable by syllable ("nothing before something"), so "Bà Triệu" follows all of "Ba …", "An Giang" precedes "Anh".
    Within a syllable: letters by the Vietnamese alphabet (a ă â b c d đ …), then tones (ngang, huyền, hỏi, ngã, sắc,
    nặng). Figures come first, by value. Punctuation and case do not count.
    """
    chunks = normalise(s[:_READ]).split()
    return _BETWEEN.join(filter(None, map(_chunk_key, chunks)))[:SORT_KEY_BYTES]


def filing_form(title: str, skip: int | str = 0) -> str:
    """The normalised title without the ``skip`` characters that MARC says do not file ("The ", "L'").

    Some systems count a decomposed mark as a character and some do not: the title is cut as it came, or else in its
    normalised form, where the cut falls between words. A count that fits neither is an error and is not followed.
    """
    whole = normalise(title)
    count = int(skip) if isinstance(skip, int) or (skip.isascii() and skip.isdigit()) else 0
    for text in (title, whole):
        if 0 < count < len(text) and text[count].isalnum() and not _inside_word(text, count):
            return normalise(text[count:])
    return whole


def _inside_word(text: str, at: int) -> bool:
    before = text[at - 1]
    return before.isalnum() or "\u0300" <= before <= "\u036f"
