"""What two records say about one thing each: every function gives the reasons it finds, symmetric in its arguments."""

from collections.abc import Iterator
from typing import NamedTuple

from lienthu.catalogue.marc.description import BOOK, DIGITAL, MANUSCRIPT, OTHER, SERIAL, THESIS
from lienthu.catalogue.matching import persons, title_comparing
from lienthu.catalogue.matching.editions import ordinal
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.forms import ELECTRONIC, ONLINE
from lienthu.catalogue.matching.imprints import NO_END
from lienthu.catalogue.matching.numerals import numbers_in
from lienthu.catalogue.matching.persons import near
from lienthu.catalogue.matching.publishers import same_publisher
from lienthu.catalogue.matching.title_comparing import TitleRelation
from lienthu.catalogue.matching.wordlists import KNOWN_WORDS, SMALL_WORDS, words_of
from lienthu.kernel.text import folded_key


class Found(NamedTuple):
    """`veto`: certainly different; `doubt`: at most a question; `support`: a second witness beside the title."""

    code: str
    weight: float
    left: str = ""
    right: str = ""
    veto: bool = False
    doubt: bool = False
    support: bool = False


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
        yield Found("remainder_other_kind", -2.0, left.rest, right.rest, doubt=not identified)
    elif not one or not other:
        yield Found("remainder_missing", -0.2, left.rest, right.rest)
    elif _begins(one, other):
        yield Found("remainder_near", -0.2, left.rest, right.rest)
    elif sorted(numbers_in(one)) != sorted(numbers_in(other)):
        yield Found("remainder_other_number", -4.0, left.rest, right.rest, doubt=True)
    else:
        yield _unequal(left, right, one, other, identified=identified)


def _unequal(left: Evidence, right: Evidence, one: str, other: str, *, identified: bool) -> Found:
    """Two remainders that differ: words on one side were left out, on both sides they choose."""
    mine, theirs = _without(one, other), _without(other, one)
    if not mine or not theirs or _misspelt(mine, theirs):
        return Found("remainder_near", -0.2, left.rest, right.rest)
    share = _share(one, other)
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
    close = _share(left.part, right.part) >= 0.6
    return Found("part_different", -0.5 if close else -6.0, left.part, right.part, veto=not close, doubt=close)


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _share(one: str, other: str) -> float:
    """Share of the shorter text's words that the longer one has."""
    words, others = set(one.split()) - SMALL_WORDS, set(other.split()) - SMALL_WORDS
    return len(words & others) / max(1, min(len(words), len(others)))


def names(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Persons and bodies of the headings, and of the statement of responsibility where a heading is missing."""
    best = _best_pair(left.names, right.names)
    if best is not None and best[0] in (persons.SAME, persons.COMPATIBLE):
        weight = 2.0 if best[0] == persons.SAME else 1.7
        yield Found(
            "name_same" if best[0] == persons.SAME else "name_compatible", weight, best[1], best[2], support=True
        )
        return
    stated = _stated(left.names, right.responsibility) or _stated(right.names, left.responsibility)
    if stated:
        yield Found("name_in_statement", 1.7, _shown(left), _shown(right), support=True)
        return
    # What one list takes for a person may be a body in another.
    body = _best_pair(left.bodies or left.names, right.bodies or right.names)
    if body is not None and body[0] in (persons.SAME, persons.COMPATIBLE) and not (left.names and right.names):
        yield Found("body_same", 1.2, body[1], body[2], support=True)
        return
    said, other_said = folded_key(left.responsibility), folded_key(right.responsibility)
    if said and said == other_said:
        yield Found("statement_same", 1.7, left.responsibility, right.responsibility, support=True)
    elif best is not None:
        code = "name_other_marks" if best[0] == persons.OTHER_MARKS else "name_different"
        yield Found(code, -4.0, _shown(left), _shown(right), doubt=True)
    elif left.bodies and right.bodies and not left.names and not right.names:
        yield Found("body_different", -2.0, left.bodies[0], right.bodies[0], doubt=True)
    elif (left.names and right.bodies) or (right.names and left.bodies):
        yield Found("name_against_body", -1.0, _shown(left), _shown(right))
    elif said and other_said:
        alike = _share(said, other_said) >= 0.6
        yield Found("statement_near" if alike else "statement_different", 1.0 if alike else -2.0, left.responsibility,
                    right.responsibility, support=alike, doubt=not alike)  # fmt: skip


def _shown(evidence: Evidence) -> str:
    return "; ".join((evidence.names or evidence.bodies)[:2]) or evidence.responsibility


def _best_pair(lefts: tuple[str, ...], rights: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The best comparison of any name with any name; None when a side names nobody."""
    if not lefts or not rights:
        return None
    common = [name for name in lefts if name in rights]
    if common:
        return persons.SAME, common[0], common[0]
    found = None
    for one in lefts:
        for other in rights:
            result = persons.compare_names(one, other)
            if result == persons.SAME:
                return result, one, other
            if found is None or _ORDER[result] < _ORDER[found[0]]:
                found = (result, one, other)
    return found


_ORDER = {persons.SAME: 0, persons.COMPATIBLE: 1, persons.OTHER_MARKS: 2, persons.DIFFERENT: 3}


def _stated(headings: tuple[str, ...], statement: str) -> bool:
    """Whether the statement of responsibility names one of the persons, with marks unless it bears none."""
    if not headings or not statement:
        return False
    words = set(statement.split())
    plain = set(folded_key(statement).split())
    for name in headings:
        mine = name.split()
        if len(mine) > 1 and all(word in words for word in mine):
            return True
        if len(mine) > 1 and statement.isascii() and all(word in plain for word in folded_key(name).split()):
            return True
        if len(mine) > 1 and name.isascii() and all(word in plain for word in mine):
            return True
    return False


def volumes(left: Evidence, right: Evidence, relation: TitleRelation) -> Iterator[Found]:
    """The volume must be the same; a volume against an undivided record is doubtful."""
    if relation.volume_settled:
        yield Found("volume_same", 0.5, " ".join(left.volume or right.volume), " ".join(right.volume or left.volume))
        return
    one, other = left.volume, right.volume
    if one == other:
        if one:
            yield Found("volume_same", 0.5, _volume(one), _volume(other))
        elif (left.extent_volumes > 1 and not right.extent_volumes and right.pages) or (
            right.extent_volumes > 1 and not left.extent_volumes and left.pages
        ):
            yield Found("extent_volumes", -1.5, _count(left), _count(right), doubt=True)
        elif (_unfinished(left) and right.pages) or (_unfinished(right) and left.pages):
            yield Found("set_against_volume", -1.5, str(left.pages or "…"), str(right.pages or "…"), doubt=True)
        elif left.extent_volumes > 1 and right.extent_volumes > 1 and left.extent_volumes != right.extent_volumes:
            yield Found("extent_volumes", -1.0, _count(left), _count(right), doubt=True)
        return
    if one and other:
        yield Found("volume_different", -6.0, _volume(one), _volume(other), veto=True)
        return
    yield Found("volume_missing", -2.0, _volume(one), _volume(other), doubt=True)


def _volume(volume: tuple[str, ...]) -> str:
    return ", ".join(volume)


def _unfinished(evidence: Evidence) -> bool:
    """A set of volumes that was still appearing: "1999-", "v. <1-2>"."""
    return evidence.last_year == NO_END and not evidence.pages and evidence.kind != SERIAL


def _count(evidence: Evidence) -> str:
    return str(evidence.extent_volumes or 1)


HAND_PRESS_UNTIL = 1900


def editions(left: Evidence, right: Evidence, *, identified: bool) -> Iterator[Found]:
    """Numbers must agree; "Tái bản lần thứ 1" is the second edition, which not all cataloguers count so.

    An edition that one record leaves out is a slip only if the year is the same.
    """
    one_year = bool(left.years and right.years) and left.years[0] == right.years[0]
    # From hand presses several editions came in a year, page for page.
    slip = one_year and (identified or (same_pages(left, right) and left.years[0] >= HAND_PRESS_UNTIL))
    if left.edition and right.edition:
        shown = (_edition(left), _edition(right))
        same = left.edition == right.edition
        if left.edition_kind == right.edition_kind:
            yield Found("edition_same", 0.5, *shown) if same else Found("edition_different", -6.0, *shown, veto=True)
        elif ordinal(left.edition, left.edition_kind) == ordinal(right.edition, right.edition_kind):
            yield Found("edition_same", 0.3, *shown, doubt=not one_year)
        elif same:
            yield Found("edition_counted_otherwise", -0.5, *shown, doubt=not one_year)
        else:
            yield Found("edition_different", -6.0, *shown, veto=True)
    elif ordinal(left.edition, left.edition_kind) > 1 or ordinal(right.edition, right.edition_kind) > 1:
        yield Found("edition_missing", -1.0, _edition(left), _edition(right), doubt=not slip)
    one, other = set(filter(None, left.edition_words.split(","))), set(filter(None, right.edition_words.split(",")))
    own, others = ({word for word in words if word[0] == "~"} for words in (one, other))
    if own and others and not own & others:
        yield Found("edition_words", -1.5, left.edition_words, right.edition_words, doubt=True)
        return
    one, other = one - own, other - others
    if one != other:
        grave = bool((one ^ other) - {"revised", "country", "paper", "unabridged", "limited"})
        told = bool(one and other)
        yield Found("edition_words", -2.5 if grave else -1.0 if told else -0.6, left.edition_words, right.edition_words,
                    doubt=grave or not one_year)  # fmt: skip


def _edition(evidence: Evidence) -> str:
    return f"{evidence.edition_kind}{evidence.edition}" if evidence.edition else ""


def years(left: Evidence, right: Evidence, *, identified: bool) -> Iterator[Found]:
    """One year apart may be a slip or a copyright date; more is another printing or edition."""
    if not left.years or not right.years:
        return
    one, other = left.years, right.years
    shown = (str(one[0]), str(other[0]))
    if left.kind == SERIAL and right.kind == SERIAL:
        yield Found(
            "year_same" if one[0] == other[0] else "year_different", 1.0 if one[0] == other[0] else -2.0, *shown
        )
        return
    if set(one) & set(other):
        yield Found("year_same", 1.5 if one[0] == other[0] else 1.0, *shown)
        return
    if _runs_over(left, right) or _runs_over(right, left):
        yield Found("year_within_run", 0.0, *shown, doubt=not identified)
        return
    apart = min(abs(a - b) for a in one for b in other)
    if apart == 1:
        yield Found("year_near", -1.5, *shown, doubt=not (identified or (left.pages and left.pages == right.pages)))
    else:
        yield Found("year_different", -4.0, *shown, veto=not identified or apart > 3, doubt=True)


def _runs_over(one: Evidence, other: Evidence) -> bool:
    return (
        bool(one.last_year)
        and one.years[0] <= other.years[0] <= one.last_year
        and one.extent_volumes != 1
        and not one.pages
    )


def publication(left: Evidence, right: Evidence, *, identified: bool) -> Iterator[Found]:
    """Publisher and place."""
    if left.publishers and right.publishers:
        same = any(same_publisher(one, other) for one in left.publishers for other in right.publishers)
        shown = (left.publishers[0], right.publishers[0])
        if same:
            yield Found("publisher_same", 1.0, *shown, support=True)
        else:
            yield Found("publisher_different", -2.0, *shown, doubt=not (identified and same_pages(left, right)))
            if left.place and right.place and left.place != right.place:
                yield Found("place_different", -0.5, left.place, right.place)


def same_pages(left: Evidence, right: Evidence) -> bool:
    """Both count their pages and agree, within 2 or 1 in 100."""
    most = max(left.pages, right.pages)
    tolerance = max(2, most // 100) if most >= FEW_PAGES else 1
    return bool(left.pages and right.pages) and abs(left.pages - right.pages) <= tolerance


FEW_PAGES = 20


def extents(left: Evidence, right: Evidence, *, identified: bool) -> Iterator[Found]:
    """The count of pages."""
    if not left.pages or not right.pages:
        return
    one, other = sorted((left.pages, right.pages))
    shown = (str(left.pages), str(right.pages))
    apart = other - one
    if same_pages(left, right):
        yield Found("pages_same", 1.5 if one >= 30 else 0.8, *shown, support=True)
    elif apart <= max(2, other * 4 // 100):
        yield Found("pages_near", 0.3, *shown)
    elif apart > other * 15 // 100 + 20:
        yield Found("pages_different", -2.5, *shown, doubt=True)
    else:
        yield Found("pages_different", -1.5, *shown, doubt=not identified)


def identifiers(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Never enough alone: publishers give one ISBN to several books, and records are copied with their numbers."""
    if left.isbn and right.isbn:
        common = [number for number in left.isbn if number in right.isbn]
        if common:
            yield Found("isbn_same", 3.0, common[0], common[0], support=True)
        else:
            yield Found("isbn_different", -2.0, left.isbn[0], right.isbn[0], doubt=True)
    elif set(left.isbn + left.isbn_weak) & set(right.isbn + right.isbn_weak):
        number = next(number for number in left.isbn + left.isbn_weak if number in right.isbn + right.isbn_weak)
        yield Found("isbn_weak_same", 1.0, number, number)
    if left.issn and right.issn:
        same = left.issn == right.issn
        yield Found("issn_same" if same else "issn_different", 2.5 if same else -3.0, left.issn, right.issn,
                    support=same, doubt=not same)  # fmt: skip
    if left.lccn and right.lccn:
        same = left.lccn == right.lccn
        yield Found(
            "lccn_same" if same else "lccn_different", 3.0 if same else -0.5, left.lccn, right.lccn, support=same
        )
    for code, ours, theirs in (("oclc_same", left.oclc, right.oclc), ("national_same", left.national, right.national)):
        both = [number for number in ours if number in theirs]
        if both:
            yield Found(code, 2.5, both[0], both[0], support=True)


_TEXTS = frozenset([BOOK, THESIS, MANUSCRIPT, DIGITAL])


def material(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Kind, level, form, reproduction and language of the text."""
    if left.kind != right.kind and OTHER not in (left.kind, right.kind):
        softly = left.kind in _TEXTS and right.kind in _TEXTS
        yield Found("kind_different", -1.0 if softly else -6.0, left.kind, right.kind, veto=not softly)
    if ("a" in (left.level, right.level) or "b" in (left.level, right.level)) and left.level != right.level:
        yield Found("level_different", -6.0, left.level, right.level, veto=True)
    if left.form != right.form and {left.form, right.form} != {ONLINE, ELECTRONIC}:
        yield Found("form_different", -6.0, left.form, right.form, veto=True)
    elif left.reproduction != right.reproduction:
        yield Found("reproduction", -3.0, str(left.reproduction), str(right.reproduction), doubt=True)
    if left.languages and right.languages:
        if not set(left.languages) & set(right.languages):
            yield Found("language_different", -6.0, left.languages[0], right.languages[0], veto=True)
        elif left.languages[0] != right.languages[0]:
            yield Found("language_order", -0.5, left.languages[0], right.languages[0])


def series(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Different numbers in one series are different books."""
    one, number = _series(left.series)
    other, other_number = _series(right.series)
    if number and other_number and one == other and number != other_number:
        yield Found("series_number", -2.0, left.series, right.series, doubt=True)


def _series(key: str) -> tuple[str, list[str]]:
    """(the words, the numbers) of a series statement."""
    words = key.split()
    return " ".join(w for w in words if w.isalpha() and w not in _NUMBER_WORDS), [w for w in words if not w.isalpha()]


_NUMBER_WORDS = words_of("no nr vol v t tap bd so quyen n nos bind bk book number")
