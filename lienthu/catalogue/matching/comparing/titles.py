"""Titles, remainders and parts."""

from collections.abc import Iterator

from lienthu.catalogue.matching import title_comparing
from lienthu.catalogue.matching.comparing.found import Found
from lienthu.catalogue.matching.comparing.imprint import same_pages
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.numerals import numbers_in
from lienthu.catalogue.matching.persons import near
from lienthu.catalogue.matching.title_comparing import TitleRelation
from lienthu.catalogue.matching.wordlists import KNOWN_WORDS, SMALL_WORDS, share_of, words_of
from lienthu.kernel.text import folded_key

_TITLE_WEIGHTS = {
    title_comparing.SAME: 4.0, title_comparing.WITHOUT_MARKS: 3.6, title_comparing.WITHOUT_TONES: 3.7,
    title_comparing.WHOLE_SAME: 4.0, title_comparing.NEAR: 2.5, title_comparing.OTHER_TITLE: 2.5,
    title_comparing.CONTAINED: -2.0, title_comparing.OTHER_MARKS: -3.0,
    title_comparing.OTHER_WORD: 1.0, title_comparing.OTHER_NUMBER: -6.0,
    title_comparing.DIFFERENT: -6.0,
}  # fmt: skip
_GENERIC = words_of(
    "tho|tho tuyen|truyen ngan|tuyen tap|toan tap|tac pham|tac pham chon loc|hoi ky|nhat ky|bao cao|ky yeu|tap chi|"
    "tuyen tap tho|poems|selected poems|collected poems|works|selected works|collected works|complete works|plays|"
    "stories|short stories|essays|letters|report|annual report|bulletin|proceedings|papers|catalogue|catalog|memoirs|"
    "poesie|poesia|poesias|poesies|gedichte|werke|obras|obras completas|oeuvres|stikhotvoreniia|sochineniia|izbrannoe|"
    "sobranie sochinenii|novels|selections|tieu thuyet|luan van|van tho|nghien cuu|conference papers",
    "|",
)


def titles(left: Evidence, right: Evidence, relation: TitleRelation, *, identified: bool) -> Iterator[Found]:
    """The titles proper; `identified`: an identifier is shared, so that other marks may be a slip."""
    code = relation.code
    weight = _TITLE_WEIGHTS[code]
    if weight > 0 and (left.title_folded in _GENERIC or right.title_folded in _GENERIC):
        yield Found("title_generic", weight - 1.5, left.title, right.title, doubt=code == title_comparing.NEAR)
        return
    if weight > 3 and " " not in left.title_folded and not (left.rest and left.rest == right.rest):
        weight -= 0.5
    veto = code in (title_comparing.OTHER_NUMBER, title_comparing.DIFFERENT)
    doubt = code in (title_comparing.OTHER_MARKS, title_comparing.CONTAINED)
    if (doubt and not identified) or (
        code == title_comparing.OTHER_WORD and not (identified or _same_remainder(left, right))
    ):
        veto = True
    yield Found(code, weight, left.title, right.title, veto=veto, doubt=doubt)


def _same_remainder(left: Evidence, right: Evidence) -> bool:
    return left.rest == right.rest and left.rest.count(" ") >= 2


_COMPANIONS = (
    "bai tap", "giao vien", "huong dan", "loi giai", "giai bai", "phu luc", "thuc hanh", "on tap", "workbook",
    "teacher", "instructor", "study guide", "solutions", "answer", "supplement", "index", "exercises", "manual",
    "companion", "activity", "test bank", "handbook", "atlas", "casebook", "abridged",
)  # fmt: skip


def remainders(left: Evidence, right: Evidence, relation: TitleRelation, *, identified: bool) -> Iterator[Found]:
    """245 $b and $p when the titles proper agree."""
    if relation.code == title_comparing.WHOLE_SAME:
        return
    if left.part != right.part and folded_key(left.part) != folded_key(right.part):
        yield _parts(left, right)
    one, other = folded_key(left.rest), folded_key(right.rest)
    if one == other:
        yield from [Found("remainder_same", 0.5, left.rest, right.rest)] * bool(one)
    elif any((word in one) != (word in other) for word in _COMPANIONS):
        # Of a pupil's and a teacher's book each says which it is.
        both = bool(one and other)
        yield Found("remainder_other_kind", -4.0 if both else -2.0, left.rest, right.rest, veto=both and not identified,
                    doubt=not identified)  # fmt: skip
    elif not one or not other:
        yield Found("remainder_missing", -0.2, left.rest, right.rest)
    elif _begins(one, other):
        yield Found("remainder_near", -0.2, left.rest, right.rest)
    elif sorted(numbers_in(one)) != sorted(numbers_in(other)):
        yield Found("remainder_other_number", -4.0, left.rest, right.rest, doubt=True)
    else:
        yield _unequal(left, right, one, other, identified=identified)


SHORT_REMAINDER = 3


def _unequal(left: Evidence, right: Evidence, one: str, other: str, *, identified: bool) -> Found:
    """Two remainders that differ: words on one side were left out, on both sides they choose."""
    mine, theirs = _without(one, other), _without(other, one)
    if not mine or not theirs or _misspelt(mine, theirs):
        # Of a few words each one counts: "memorandum", "council memorandum".
        short = min(one.count(" "), other.count(" ")) < SHORT_REMAINDER
        unsure = short and not identified and not same_pages(left, right) and not _misspelt(mine, theirs)
        return Found("remainder_near", -0.2, left.rest, right.rest, doubt=unsure)
    share = share_of(one, other)
    if identified and share >= 0.7:
        return Found("remainder_near", -0.5, left.rest, right.rest)
    weight = -4.0 if share < 0.2 else -2.5 if share < 0.7 else -1.5
    return Found("remainder_different", weight, left.rest, right.rest, doubt=True)


def _without(one: str, other: str) -> list[str]:
    """The words of one text that the other lacks, small ones aside."""
    others = set(other.split())
    return [word for word in one.split() if word not in others and word not in SMALL_WORDS]


def _misspelt(mine: list[str], theirs: list[str]) -> bool:
    """Whether the words differ only by a letter, or by their parting."""
    if "".join(mine) == "".join(theirs):
        return True
    return len(mine) == len(theirs) and all(
        len(a) > 4 and near(a, b) and not {a, b} <= KNOWN_WORDS for a, b in zip(mine, theirs, strict=True)
    )


def _parts(left: Evidence, right: Evidence) -> Found:
    if not left.part or not right.part:
        return Found("part_missing", -1.0, left.part, right.part, doubt=True)
    close = share_of(left.part, right.part) >= 0.6
    return Found("part_different", -0.5 if close else -6.0, left.part, right.part, veto=not close, doubt=close)


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
