"""The union record: which library's words stand in each field when several libraries describe one document.

Fields that belong together (title with its statement of responsibility, place with publisher and year) come from one
record, the best that has them. Fields with several values unite those of all records, and two spellings of the same
words (capitals, punctuation, the place of the tone mark, the order of a name, marks left out) count once, in the better
spelling. What a person locked stands before everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lienthu.catalogue.marc.description import Description
from lienthu.kernel.text import exact_key, folded_key

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("title", "subtitle", "responsibility"),
    ("publisher", "place", "year"),
    ("edition",),
    ("extent",),
    ("issn",),
    ("type",),
    ("abstract",),
    ("digital_url",),
    ("language",),
)
UNITED = ("other_titles", "authors", "author_headings", "isbn", "subjects", "ddc", "series", "notes")
_NAMES = frozenset({"authors", "author_headings"})
_AS_WRITTEN = frozenset({"isbn", "ddc"})

# The MARC fields in which a value of the summary stands, for people who look it up in the source record.
FIELD_TAGS: Mapping[str, str] = {
    "title": "245$a$n$p",
    "subtitle": "245$b",
    "responsibility": "245$c",
    "other_titles": "246, 740, 130, 240",
    "authors": "100, 110, 111, 700, 710, 711",
    "author_headings": "100, 110, 111, 700, 710, 711",
    "publisher": "260$b, 264$b",
    "place": "260$a, 264$a",
    "year": "008, 260$c, 264$c",
    "edition": "250",
    "extent": "300",
    "isbn": "020$a",
    "issn": "022$a",
    "language": "008, 041",
    "type": "LDR/06-07",
    "subjects": "600–655",
    "ddc": "082$a",
    "series": "440, 490",
    "notes": "500–586",
    "abstract": "520",
    "digital_url": "856$u",
}
LOCKABLE = tuple(FIELD_TAGS)

# Encoding level (leader/17), from full to the least: MARC 21 Format for Bibliographic Data, Leader.
_LEVELS = {" ": 30, "1": 26, "4": 24, "I": 24, "2": 18, "K": 16, "7": 14, "M": 14, "5": 10, "3": 6, "8": 6, "J": 0}
_WORTH = {
    "authors": 8, "publisher": 4, "place": 2, "year": 5, "isbn": 3, "language": 2, "subjects": 6, "ddc": 5,
    "extent": 4, "edition": 1, "abstract": 3, "series": 2, "notes": 1, "responsibility": 3,
}  # fmt: skip
_UNMARKED = 40
"""What a record loses that leaves out the marks which another record of the same document writes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One source record as the union record sees it. `trust` is 0 to 100, `changed` seconds since 1970."""

    record_id: int
    description: Description
    encoding_level: str = " "
    trust: int = 50
    changed: float = 0.0


@dataclass(frozen=True, slots=True)
class Lock:
    """The value that a person chose for a field; while `record_id` is among the parts, what that record says."""

    value: Any
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A union record. `provenance`: field -> record id, or one list of record ids for each value, or "lock"."""

    summary: dict[str, Any]
    nonfiling: int
    provenance: dict[str, Any] | None


def quality(part: Part, *, unmarked: bool = False) -> float:
    """How far this description is to be preferred: encoding level, completeness, trust in its library, 0 to about 140.

    Freshness is no merit of its own; it decides between equals.
    """
    description = part.description
    complete = sum(worth for field, worth in _WORTH.items() if getattr(description, field))
    points = _LEVELS.get(part.encoding_level, 8) + complete + part.trust * 0.6
    return points - _UNMARKED if unmarked else points


def compose(parts: Sequence[Part], locks: Mapping[str, Lock] | None = None) -> Composed:
    """Make the union record of these source records; at least one is needed."""
    locks = locks or {}
    if len(parts) == 1 and not locks:
        description = parts[0].description
        return Composed(description.summary(), description.nonfiling, None)
    ranked = best_first(parts)
    summary: dict[str, Any] = dict.fromkeys(ranked[0].description.summary())
    provenance: dict[str, Any] = {}
    nonfiling = ranked[0].description.nonfiling
    for group in TOGETHER:
        source = _first_with(ranked, group[0])
        for field in group:
            value = getattr(source.description, field)
            giver = source
            if not value and field in ("place", "year"):
                giver = _first_with(ranked, field)
                value = getattr(giver.description, field)
            summary[field] = value
            if value:
                provenance[field] = giver.record_id
        if group[0] == "title":
            nonfiling = source.description.nonfiling
    for field in UNITED:
        united = _united(field, ranked)
        summary[field] = [value for value, _ in united]
        if united:
            provenance[field] = [givers for _, givers in united]
    _add_titles(summary, provenance, ranked)
    _apply_locks(summary, provenance, locks, {part.record_id: part for part in parts})
    return Composed(summary, nonfiling, provenance)


def full_title(summary: Mapping[str, Any]) -> str:
    """Title and rest of title as one line."""
    title, rest = summary.get("title") or "", summary.get("subtitle") or ""
    return f"{title} : {rest}" if rest else title


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same words; marks left out altogether in one of them are forgiven."""
    first, second = exact_key(one), exact_key(other)
    if first == second:
        return True
    folded_first, folded_second = folded_key(one), folded_key(other)
    return folded_first == folded_second and (first == folded_first or second == folded_second)


def best_first(parts: Sequence[Part]) -> list[Part]:
    """The parts in the order in which their words are preferred."""
    keys = {part.record_id: (exact_key(part.description.title), folded_key(part.description.title)) for part in parts}
    marked = {folded for exact, folded in keys.values() if exact != folded}

    def rank(part: Part) -> tuple[float, float, int]:
        exact, folded = keys[part.record_id]
        return -quality(part, unmarked=exact == folded and folded in marked), -part.changed, part.record_id

    return sorted(parts, key=rank)


def _first_with(ranked: Sequence[Part], field: str) -> Part:
    for part in ranked:
        value = getattr(part.description, field)
        if value and not (field == "type" and value == "OTHER"):
            return part
    return ranked[0]


def _united(field: str, ranked: Sequence[Part]) -> list[tuple[str, list[int]]]:
    """Values of all parts in the order of rank, each with the records that give it."""
    values: list[str] = []
    givers: list[list[int]] = []
    places: dict[str, int] = {}
    by_folded: dict[str, int] = {}
    unmarked: dict[str, int] = {}
    for part in ranked:
        for value in getattr(part.description, field):
            exact, folded = _keys(field, value)
            place = places.get(exact)
            if place is None and exact == folded:
                place = by_folded.get(folded)
            if place is None and exact != folded and folded in unmarked:
                place = unmarked.pop(folded)
                values[place] = value
            if place is None:
                place = len(values)
                values.append(value)
                givers.append([])
            places[exact] = place
            if exact == folded:
                unmarked.setdefault(folded, place)
            by_folded.setdefault(folded, place)
            if part.record_id not in givers[place]:
                givers[place].append(part.record_id)
    return list(zip(values, givers, strict=True))


def _keys(field: str, value: str) -> tuple[str, str]:
    if field in _AS_WRITTEN:
        return value, value
    if field in _NAMES:
        # "Nguyễn, Du, 1765-1820" and "Nguyễn Du" are one name here: words in any order, years apart.
        return _name_key(exact_key(value)), _name_key(folded_key(value))
    return exact_key(value), folded_key(value)


def _name_key(key: str) -> str:
    words = [word for word in key.split() if not word[0].isdigit()]
    return " ".join(sorted(words)) or key


def _add_titles(summary: dict[str, Any], provenance: dict[str, Any], ranked: Sequence[Part]) -> None:
    """Titles that other libraries give the document stay findable."""
    titles, givers = list(summary["other_titles"]), list(provenance.get("other_titles", ()))
    for part in ranked:
        title = full_title({"title": part.description.title, "subtitle": part.description.subtitle})
        known: Iterable[str] = (full_title(summary), summary["title"], *titles)
        if not any(same_words(one, other) for one in (title, part.description.title) for other in known):
            titles.append(title)
            givers.append([part.record_id])
    if titles:
        summary["other_titles"], provenance["other_titles"] = titles, givers


def _apply_locks(
    summary: dict[str, Any], provenance: dict[str, Any], locks: Mapping[str, Lock], parts: Mapping[int, Part]
) -> None:
    for field, lock in locks.items():
        if field not in FIELD_TAGS:
            continue
        source = parts.get(lock.record_id) if lock.record_id is not None else None
        summary[field] = getattr(source.description, field) if source else lock.value
        provenance[field] = "lock"
