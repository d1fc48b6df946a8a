"""Volumes, editions, years, publishers and extent."""

from collections.abc import Iterator

from lienthu.catalogue.marc.description import SERIAL
from lienthu.catalogue.matching.comparing.found import Found
from lienthu.catalogue.matching.editions import ordinal
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.imprints import NO_END, OPEN_SET
from lienthu.catalogue.matching.publishers import same_publisher
from lienthu.catalogue.matching.title_comparing import TitleRelation


def volumes(left: Evidence, right: Evidence, relation: TitleRelation) -> Iterator[Found]:
    """The volume must be the same; a volume against an undivided record is doubtful."""
    one, other = left.volume, right.volume
    if relation.volume_settled:
        yield Found("volume_same", 0.5, _volume(one or other), _volume(other or one))
    elif one and other:
        same = one == other
        yield Found("volume_same" if same else "volume_different", 0.5 if same else -6.0, _volume(one), _volume(other),
                    veto=not same)  # fmt: skip
    elif one or other:
        yield Found("volume_missing", -2.0, _volume(one), _volume(other), doubt=True)
    else:
        yield from _sets(left, right)


def _volume(volume: tuple[str, ...]) -> str:
    return ", ".join(volume)


def _sets(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Sets of volumes: against a single volume, or with another number of volumes."""
    one, other = left.extent_volumes, right.extent_volumes
    if _is_set(left) and _is_set(right):
        if one > 1 and other > 1 and one != other and OPEN_SET not in (one, other):
            yield Found("extent_volumes", -1.0, str(one), str(other), doubt=True)
    elif (_is_set(left) and (right.pages or other == 1)) or (_is_set(right) and (left.pages or one == 1)):
        yield Found("set_against_volume", -1.5, _count(left), _count(right), doubt=True)


def _is_set(evidence: Evidence) -> bool:
    """Several volumes, or a set that was still appearing: "1999-", "v. <1-2>"."""
    unfinished = evidence.last_year == NO_END and not evidence.pages and evidence.kind != SERIAL
    return evidence.extent_volumes > 1 or unfinished


def _count(evidence: Evidence) -> str:
    return "…" if evidence.extent_volumes == OPEN_SET else str(evidence.extent_volumes or 1)


HAND_PRESS_UNTIL = 1900


def editions(left: Evidence, right: Evidence, *, identified: bool) -> Iterator[Found]:
    """Numbers must agree; "Tái bản lần thứ 1" is the second edition, which not all cataloguers count so.

    An edition that one record leaves out is a slip only if the year is the same.
    """
    one_year = bool(left.years and right.years) and left.years[0] == right.years[0]
    # From hand presses several editions came in a year, page for page.
    exact = bool(left.pages) and left.pages == right.pages
    slip = one_year and (identified or (exact and left.years[0] >= HAND_PRESS_UNTIL))
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
                    doubt=grave or not one_year or not (identified or exact))  # fmt: skip


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
        exact = bool(left.pages) and left.pages == right.pages
        # Sets of as many volumes, and books that nobody counted.
        uncounted = not left.pages and not right.pages and left.extent_volumes == right.extent_volumes
        yield Found("year_near", -1.0 if exact else -1.5, *shown, doubt=not (identified or exact or uncounted))
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
        shown = (left.publishers[0].removeprefix("="), right.publishers[0].removeprefix("="))
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
        yield Found("pages_same", 1.5 if one >= 30 else 1.2, *shown, support=True)
    elif apart <= max(2, other * 2 // 100):
        yield Found("pages_near", 0.3, *shown)
    elif apart > other * 15 // 100 + 20:
        yield Found("pages_different", -2.5, *shown, doubt=True)
    else:
        yield Found("pages_different", -1.5, *shown, doubt=not identified)
