"""How good a record is for copying: its encoding level, and which of the parts that a catalogue needs it has."""

from dataclasses import dataclass

from lienthu.catalogue.marc import Record

# Leader/17 of MARC 21, in hundredths of a full record. "I" and "K" are OCLC's own.
_LEVELS = {
    " ": 100, "1": 95, "4": 85, "I": 95, "5": 50, "2": 60, "7": 60, "K": 60, "8": 45, "3": 40, "u": 55, "z": 55,
}  # fmt: skip
_LEVEL_SHARE = 0.3

# Code of a part and the tags of which one shows that it is there; the minimum of Decree 93/2020 counts double.
_PARTS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("title", 2, ("245",)),
    ("responsibility", 2, ("100", "110", "111", "700", "710", "711")),
    ("imprint", 2, ("260", "264")),
    ("subject", 2, ("600", "610", "611", "630", "650", "651", "653")),
    ("class", 2, ("082", "080", "084", "050", "060")),
    ("number", 1, ("020", "022", "024")),
    ("language", 1, ("008", "041")),
    ("extent", 1, ("300",)),
    ("notes", 1, ("500", "504", "505", "520", "502", "546")),
    ("series", 0, ("490", "440", "830")),
)


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` is 0 to 100; `missing` are codes of the parts that count and are not there."""

    score: int
    level: str
    missing: tuple[str, ...]


def quality_of(record: Record) -> Quality:
    """Judge a record by itself. Nothing here says that it is right, only that it is rich."""
    tags = {field.tag for field in record.fields}
    level = record.leader[17:18] or "u"
    wanted = sum(weight for _, weight, _ in _PARTS)
    missing = tuple(code for code, weight, options in _PARTS if weight and tags.isdisjoint(options))
    weights = {code: weight for code, weight, _ in _PARTS}
    present = wanted - sum(weights[code] for code in missing)
    score = _LEVEL_SHARE * _LEVELS.get(level, 55) + (1 - _LEVEL_SHARE) * 100 * present / wanted
    return Quality(score=round(score), level=level, missing=missing)
