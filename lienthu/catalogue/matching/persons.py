"""Names of persons and bodies: in any order, with or without comma, dates and initials."""

import re
from functools import lru_cache

from lienthu.catalogue.matching.wordlists import words_of
from lienthu.kernel.text import exact_key, folded_key, is_vietnamese_syllable, toneless_key

# Words about the person or the work done that stand among names.
_NOT_NAMES = words_of(
    "gs|ts|ths|pgs|gsts|pgs ts|gs ts|dr|prof|phd|md|jr|sr|sir|mr|mrs|ms|ed|eds|editor|translator|author|tiến sĩ|giáo "
    "sư|tác giả|chủ biên|biên soạn|dịch|biên dịch|sưu tầm|tuyển chọn|hiệu đính|giới thiệu|minh hoạ|ch b|b s|s t|h đ",
    "|",
)
_ROLE = re.compile(
    r"\b(?:chủ biên|biên soạn|biên dịch|sưu tầm|tuyển chọn|hiệu đính|giới thiệu|minh hoạ|minh họa|người dịch|soạn giả"
    r"|tác giả|dịch giả)\b.*$",
    re.IGNORECASE,
)
_DATES = re.compile(r"[\[(]?(?:b\.|d\.|ca\.|fl\.|sinh|mất)?\s*[0-9]{3,4}\s*(?:-|–)?\s*(?:[0-9]{2,4})?[?\])]*")
_PARENTHESIS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_TITLES = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|Ths|TSKH|BS|KS|LS|Dr|Prof|NSND|NSƯT|Nhà văn|Nhà thơ)\s*\.?\s+|(?:GS|PGS|TS|ThS|TSKH)\.\s*)+"
)
LONGEST = 120


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """The words of a personal name in their natural order with marks; "Hoàng, Cầm, 1922-" and "Hoàng Cầm" are one."""
    text = _ROLE.sub("", _TITLES.sub("", _DATES.sub("", _PARENTHESIS.sub("", text[:LONGEST]))))
    family, *others = [part for part in map(exact_key, text.split(",")) if part] or [""]
    if not others or others[0] in _NOT_NAMES:
        return family
    # Vietnamese names keep their order when a comma parts them.
    words = f"{family} {others[0]}"
    return words if all(map(is_vietnamese_syllable, words.split())) else f"{others[0]} {family}"


def body_key(text: str) -> str:
    """The words of a corporate name."""
    return exact_key(_PARENTHESIS.sub("", text[:LONGEST]))


SAME, COMPATIBLE, OTHER_MARKS, DIFFERENT = "same", "compatible", "other marks", "different"


@lru_cache(maxsize=16384)
def _words(name: str) -> tuple[str, ...]:
    return tuple(folded_key(name).split())


def compare_names(left: str, right: str) -> str:
    """SAME; COMPATIBLE (initials, a middle name left out, one letter wrong); OTHER_MARKS (Hưng, Hùng); or DIFFERENT."""
    if left == right:
        return SAME
    one, other = _words(left), _words(right)
    if sorted(one) == sorted(other):
        return _by_marks(left, right)
    mine, theirs = _unshared(one, other)
    shared = len(one) - len(mine)
    if not shared or not any(len(word) > 1 for word in one if word in other):
        return COMPATIBLE if "".join(one) == "".join(other) else DIFFERENT
    shortened = _initials_taken(mine, theirs)
    initials = shortened + _initials_taken(theirs, mine)
    if mine and theirs:
        close = len(mine) == len(theirs) == 1 and len(mine[0]) > 4 and near(mine[0], theirs[0])
        return COMPATIBLE if close or "".join(sorted(one)) == "".join(sorted(other)) else DIFFERENT
    # Words left over belong to the side that is written in full: "W. Mills", "William Stowell Mills".
    left_over, in_full = (theirs, shortened == initials) if theirs else (mine, not shortened)
    if shared >= 2 or (initials and (in_full or not any(len(word) > 1 for word in left_over))):
        return COMPATIBLE
    # A single shared word: a name of one word is the family name alone.
    return (
        COMPATIBLE if min(len(one), len(other)) == 1 and len(mine or theirs) <= 2 and _rare(one, other) else DIFFERENT
    )


def _initials_taken(short: list[str], long: list[str]) -> int:
    """Take out each initial of one side with a word of the other that it stands for; how many."""
    taken = 0
    for word in [word for word in short if len(word) == 1]:
        full = next((other for other in long if other[0] == word), None)
        if full is not None:
            short.remove(word)
            long.remove(full)
            taken += 1
    return taken


def _rare(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    word = one[0] if len(one) == 1 else other[0]
    return len(word) > 4 and not is_vietnamese_syllable(word)


def _unshared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    theirs = list(other)
    mine = []
    for word in one:
        if word in theirs:
            theirs.remove(word)
        else:
            mine.append(word)
    return mine, theirs


def _by_marks(left: str, right: str) -> str:
    """Equal in plain letters: the same name unless both bear marks and differ in a Vietnamese syllable."""
    one, other = sorted(left.split()), sorted(right.split())
    if left.isascii() or right.isascii() or one == other or tones_left_out(" ".join(one), " ".join(other), fewest=2):
        return SAME
    mine, theirs = _unshared(tuple(one), tuple(other))
    for word in mine:
        twin = next((w for w in theirs if folded_key(w) == folded_key(word)), "")
        if other_word(word, twin):
            return OTHER_MARKS
    return SAME


def tones_left_out(one: str, other: str, *, fewest: int = 3) -> bool:
    """Whether one of two texts was typed without tones; of short texts ("Bến quê", "Bên quê") nobody can tell."""
    toneless = toneless_key(one)
    if toneless not in (one, other) or toneless != toneless_key(other):
        return False
    lost = sum(a != b for a, b in zip(one.split(), other.split(), strict=False))
    return lost >= 2 and one.count(" ") + 1 >= fewest


def other_word(one: str, other: str) -> bool:
    """Whether two words equal in plain letters, of texts that both bear marks, are two: "hoa" and "hoà" are."""
    return one != other and is_vietnamese_syllable(one) and is_vietnamese_syllable(other)


def near(one: str, other: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    return one[1:] == other if len(one) > len(other) else other[1:] == one
