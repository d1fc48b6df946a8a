"""Which volume or part of a larger work a record describes.

Cataloguers write it into 245 $n, behind the title, or before the pages: "Tập 2", "Quyển thứ hai", "T.2", "Q. II",
"Phần 1", "Vol. 2", "v.2", "Bd. 2", "т. 2", "n.b. 2".
"""

import re

from lienthu.catalogue.matching.numerals import HALVES, ROMAN_PATTERN, SPELLED_PATTERN, number_of
from lienthu.kernel.text import folded_key

_WORDS = (
    r"tập|tap|quyển|quyen|cuốn|cuon|phần|phan|hồi|volumes?|vols?\b\.?|tomes?|tomo|tom|band|bind|deel|teil|parts?|pts?\b\.?"
    r"|books?|bks?\b\.?|bd\b\.?|n\.\s?b\.|том|часть|книга|кн\.?|kötet|svazek|díl|część|fascicle|fasc\b\.?|bagian|jilid"
)
_LETTERS = r"(?:[tqvpчт]\s?\.|[tqvp](?=[0-9])|t(?= [0-9]))"
_NUMBER = rf"(?:[0-9]{{1,4}}[a-z]?|(?:thứ |thu )?(?:{SPELLED_PATTERN}|{'|'.join(HALVES)})\b|{ROMAN_PATTERN}\b)"
_RANGE = rf"(?P<first>{_NUMBER})(?:\s*(?:-|–|/|&|,|đến|den|và|and|to)\s*(?P<last>{_NUMBER}))?"
# "Tuyển tập 1": there "tập" belongs to the title.
_NOT_AFTER = "".join(
    rf"(?<!\b{word} )"
    for word in ("tuyển", "toàn", "bài", "học", "luyện", "thực", "sưu", "tổng", "tuyen", "toan", "bai")
)
_END = r"(?=\s*(?:$|[.,:;)\]/=–-]))"
_AFTER_MARK = r"(?:^|(?<=[.,:;(\[/–-])|(?<=[.,:;(\[/–-] ))"
_DESIGNATION = re.compile(
    rf"(?:^|(?<=[\s.,:;(\[/–-]))(?:{_NOT_AFTER}(?:{_WORDS})\s*(?:thứ )?"
    rf"|{_AFTER_MARK}{_LETTERS}\s*|(?<=\s)[tqv]\.\s?(?=[0-9]))(?:số\s*)?{_RANGE}{_END}"
)
_ANY = re.compile(rf"(?<![^\W_]){_RANGE}")
_NUMBERED = re.compile(rf"(?:{_WORDS}|{_LETTERS}|\b(?:no|nr|số|so)\b\.?|^)\s*(?:thứ )?{_RANGE}")
_BEFORE_PAGES = re.compile(r"^\s*(?:t|v|vol|q|tập|quyển|bd|т)\s?\.?\s*([0-9]{1,3})(?![0-9])(?=\s*[.,:;])(?!\s*[->])")
_MARKS = frozenset([*".,:;([/–-", ""])
_LEFT_BEHIND = re.compile(r"[\s.,:;(\[/–-]+$|\(\s*\)|\[\s*\]")


def _element(match: re.Match[str]) -> str:
    first, last = (_value(match[name]) for name in ("first", "last"))
    return f"{first}-{last}" if last and last != first else first


def _value(text: str | None) -> str:
    if not text:
        return ""
    word = text.removeprefix("thứ ").removeprefix("thu ").strip()
    number = number_of(word)
    return str(number) if number is not None else folded_key(word).lstrip("0")


def taken_out(text: str, *, after_mark: bool = False) -> tuple[str, list[str]]:
    """(the title without its designations of volume, the volume: outer level first); `text` in lower case.

    `after_mark`: only behind a mark of punctuation, for remainders of titles ("under 40 CFR part 503" is no volume).
    """
    if _SIGN.search(text) is None:
        return text, []
    matches = list(_DESIGNATION.finditer(text))
    if after_mark:
        matches = [match for match in matches if text[: match.start()].rstrip()[-1:] in _MARKS]
    found = [_element(match) for match in matches]
    if not found:
        return text, []
    left = text
    for match in reversed(matches):
        left = f"{left[: match.start()]} {left[match.end() :]}"
    left = _LEFT_BEHIND.sub(" ", left).strip(" .,:;/–-")
    return (left, found) if left else (text, [])


_SIGN = re.compile(
    r"t[ậa]p|quy[ểe]n|cu[ốo]n|ph[ầa]n|hồi|vol|tom|band|bind|deel|teil|part|pt|book|bk|bd"
    r"|n\.\s?b|[tqvpчт]\s?\.|\b[tqvp] ?[0-9]|том|часть|кн|kötet|svazek|díl|część|fasc|bagian|jilid"
)


def of_subfield_n(text: str) -> list[str]:
    """The volume in a 245 $n, `text` in lower case: any number, else its words ("series a")."""
    found = [_element(match) for match in _NUMBERED.finditer(text)] or [
        _element(match) for match in _ANY.finditer(text)
    ]
    if found:
        return found
    words = folded_key(text)
    return [words] if words else []


def before_pages(extent: str) -> str:
    """The volume written before the pages, "T.2 ; 345 tr.", or nothing; `extent` in lower case."""
    found = _BEFORE_PAGES.match(extent)
    return found[1].lstrip("0") if found else ""
