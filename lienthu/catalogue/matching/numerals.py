"""Numbers as title pages and cataloguers write them: arabic, roman, spelled in the commonest languages."""

import re

_SPELLED = {
    # Vietnamese, with and without marks (the text is in lower case)
    "một": 1, "mot": 1, "nhất": 1, "nhat": 1, "hai": 2, "nhì": 2, "nhi": 2, "ba": 3, "bốn": 4, "bon": 4, "tư": 4,
    "tu": 4, "năm": 5, "nam": 5, "sáu": 6, "sau": 6, "bảy": 7, "bẩy": 7, "bay": 7, "tám": 8, "tam": 8, "chín": 9,
    "chin": 9, "mười": 10, "muoi": 10, "đầu": 1, "đầu tiên": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
    "premier": 1, "première": 1, "deuxième": 2, "seconde": 2, "troisième": 3, "quatrième": 4, "cinquième": 5,
    "erste": 1, "erster": 1, "erstes": 1, "zweite": 2, "zweiter": 2, "zweites": 2, "dritte": 3, "dritter": 3,
    "drittes": 3, "vierte": 4, "vierter": 4,
    "primera": 1, "primero": 1, "segunda": 2, "segundo": 2, "tercera": 3, "tercero": 3, "prima": 1, "primo": 1,
    "seconda": 2, "secondo": 2, "terza": 3, "terzo": 3, "primeira": 1, "primeiro": 1, "terceira": 3,
    "первое": 1, "первый": 1, "второе": 2, "второй": 2, "третье": 3, "третий": 3, "rǣk": 1,
}  # fmt: skip
_ROMAN = re.compile(r"(?=[ivxlc])(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
HALVES = frozenset(["thượng", "trung", "hạ", "thuong", "ha"])
"""Volumes named upper, middle and lower."""

SPELLED_PATTERN = "|".join(sorted(map(re.escape, _SPELLED), key=len, reverse=True))
ROMAN_PATTERN = "[ivxlc]+"


def number_of(word: str) -> int | None:
    """The value of one number in lower case: "3", "iii", "ba", "third"; None for another word."""
    if word.isdecimal():
        return int(word) if len(word) <= 6 else None
    spelled = _SPELLED.get(word)
    return spelled if spelled is not None else roman_value(word)


def roman_value(word: str) -> int | None:
    """The value of a well-formed roman numeral in lower case below 400; None for another word."""
    if not word or _ROMAN.fullmatch(word) is None:
        return None
    total = 0
    for letter, following in zip(word, word[1:] + " ", strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if _ROMAN_VALUES.get(following, 0) > value else value
    return total


def numbers_in(key: str) -> list[str]:
    """The words of a folded key that count something: all with a digit, and roman numerals other than single letters
    that are words (i, v, x, c, l); 2-letter syllables of Vietnamese such as vi, xi, li are not taken for numerals."""
    found = []
    for word in key.split():
        if not word.isalpha():
            found.append(word.lstrip("0") or "0")
        elif word in _SURE_ROMAN:
            found.append(str(roman_value(word)))
    return found


_SURE_ROMAN = frozenset(["ii", "iii", "iv", "vii", "viii", "ix", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii",
                         "xix", "xx", "xxi"])  # fmt: skip
