"""Two titles: the same, the same but for marks or a slip of the pen, or others."""

from typing import NamedTuple

from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.numerals import number_of, numbers_in
from lienthu.catalogue.matching.persons import near, other_word, tones_left_out
from lienthu.catalogue.matching.wordlists import KNOWN_WORDS, SMALL_WORDS
from lienthu.kernel.text import folded_key, is_vietnamese_syllable

SAME, WITHOUT_MARKS, WITHOUT_TONES, NEAR = "title_same", "title_without_marks", "title_without_tones", "title_near"
WHOLE_SAME, OTHER_TITLE = "title_whole_same", "title_in_other_title"
OTHER_MARKS, OTHER_WORD, CONTAINED, OTHER_NUMBER, DIFFERENT = (
    "title_other_marks", "title_other_word", "title_contained", "title_other_number", "title_different",
)  # fmt: skip

SHORTEST_MISSPELT = 4


class TitleRelation(NamedTuple):
    """`volume_settled`: a number behind one title is the volume of the other ("Doraemon 5", "Doraemon. Tập 5")."""

    code: str
    volume_settled: bool = False
    one_word_of_many: bool = False


def relate(left: Evidence, right: Evidence) -> TitleRelation:
    """How the titles relate; symmetric."""
    if left.title == right.title and left.title:
        return TitleRelation(SAME)
    if left.title_folded == right.title_folded:
        return _by_marks(left.title, right.title) if left.title_folded else TitleRelation(DIFFERENT)
    if _numbered(left, right) or _numbered(right, left):
        return TitleRelation(SAME, volume_settled=True)
    if left.title_folded.replace(" ", "") == right.title_folded.replace(" ", ""):
        return TitleRelation(NEAR)
    relation = _whole(left, right)
    if relation is not None:
        return relation
    if left.title in right.other_titles or right.title in left.other_titles:
        return TitleRelation(OTHER_TITLE)
    return _by_words(left, right)


def _numbered(one: Evidence, other: Evidence) -> bool:
    if one.volume or len(other.volume) != 1:
        return False
    title, _, number = one.title_folded.rpartition(" ")
    value = number_of(number) if number else None
    return title == other.title_folded and value is not None and str(value) == other.volume[0]


def _by_marks(one: str, other: str) -> TitleRelation:
    """Equal in plain letters."""
    if one.isascii() or other.isascii():
        return TitleRelation(WITHOUT_MARKS)
    if tones_left_out(one, other):
        return TitleRelation(WITHOUT_TONES)
    pairs = [(a, b) for a, b in zip(one.split(), other.split(), strict=False) if a != b]
    changed = sum(other_word(a, b) for a, b in pairs)
    if changed:
        return TitleRelation(OTHER_MARKS, one_word_of_many=changed == 1 and len(one.split()) >= 4)
    if folded_key(one) == one or folded_key(other) == other:
        return TitleRelation(WITHOUT_MARKS)
    return TitleRelation(SAME)


def _whole(left: Evidence, right: Evidence) -> TitleRelation | None:
    """Title, part and remainder as one text: cataloguers put the border between them in different places."""
    if not (left.rest or left.part or right.rest or right.part):
        return None
    one, other = (" ".join(filter(None, (e.title, e.part, e.rest))) for e in (left, right))
    if one == other:
        return TitleRelation(WHOLE_SAME)
    for title, whole in ((left, right), (right, left)):
        if whole.part and title.title_folded == folded_key(f"{whole.title} {whole.part}"):
            return TitleRelation(WHOLE_SAME)
    plain, other_plain = folded_key(one), folded_key(other)
    if plain == other_plain and _by_marks(one, other).code != OTHER_MARKS:
        return TitleRelation(WHOLE_SAME)
    return None


def _by_words(left: Evidence, right: Evidence) -> TitleRelation:
    one, other = left.title.split(), right.title.split()
    plain, other_plain = left.title_folded.split(), right.title_folded.split()
    mine, theirs = _leftovers(plain, other_plain), _leftovers(other_plain, plain)
    if len(mine) + len(theirs) > max(2, (len(plain) + len(other_plain)) // 3):
        return TitleRelation(DIFFERENT)
    if sorted(numbers_in(left.title_folded)) != sorted(numbers_in(right.title_folded)):
        return TitleRelation(OTHER_NUMBER)
    if not mine or not theirs:
        words = [(plain, one)[0][at] for at in mine] + [other_plain[at] for at in theirs]
        small = all(word in SMALL_WORDS for word in words) and 0 not in (mine or theirs)
        return TitleRelation(NEAR if small else CONTAINED)
    if len(mine) != len(theirs):
        return TitleRelation(NEAR if _split_word(plain, other_plain, mine, theirs) else DIFFERENT)
    if len(mine) * 3 > len(plain) and len(mine) > 1:
        return TitleRelation(DIFFERENT)
    pairs = [(one[at], other[there], plain[at], other_plain[there]) for at, there in zip(mine, theirs, strict=True)]
    if not all(near(pair[2], pair[3]) for pair in pairs):
        return TitleRelation(DIFFERENT)
    return TitleRelation(NEAR if all(_misspelt(*pair) for pair in pairs) else OTHER_WORD)


def _split_word(plain: list[str], other_plain: list[str], mine: list[int], theirs: list[int]) -> bool:
    return "".join(plain[at] for at in mine) == "".join(other_plain[at] for at in theirs)


def _misspelt(word: str, other: str, plain: str, other_plain: str) -> bool:
    if is_vietnamese_syllable(word) and is_vietnamese_syllable(other):
        return False
    if {plain, other_plain} <= KNOWN_WORDS:
        return False
    return max(len(plain), len(other_plain)) >= SHORTEST_MISSPELT


def _leftovers(words: list[str], others: list[str]) -> list[int]:
    """Places of the words that the other title lacks."""
    left = list(others)
    places = []
    for at, word in enumerate(words):
        if word in left:
            left.remove(word)
        else:
            places.append(at)
    return places
