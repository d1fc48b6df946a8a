"""Which characters are letters, marks, ideographs and invisible ones: character classes for compiled patterns."""

import icu


def _ranges(pattern: str) -> str:
    """The body of a regular-expression character class for an ICU set pattern."""
    chosen = icu.UnicodeSet(pattern)
    pieces = []
    for index in range(chosen.getRangeCount()):
        first, last = ord(chosen.getRangeStart(index)), ord(chosen.getRangeEnd(index))
        pieces.append(f"\\U{first:08x}-\\U{last:08x}")
    return "".join(pieces)


# Marks belong to the word before them; halfwidth Japanese voice marks act as marks though they are letters.
MARKS = _ranges("[[:M:]\\uFF9E\\uFF9F]")
# Read over within a word: hard and soft signs and hamza of transliteration, joiners, direction marks, tatweel.
SILENT = "\u02b9-\u02bf\u02ee\u0640\u200c-\u200f"
# One token each: Han with all extensions, kana, and the private use areas, where Nôm fonts keep their characters.
IDEOGRAPHS = _ranges(
    "[[[:Han:][:Hiragana:][:Katakana:]\\u3005\\u303B\\u30FC\\uFF70\\uE000-\\uF8FF\\u3400-\\u4DBF\\u4E00-\\u9FFF"
    "\\U00020000-\\U0003FFFD\\U000F0000-\\U0010FFFD]"
    "-[:M:]]"
)
COMBINING_LATIN = "\u0300-\u036f"
