"""Laying a record from outside over one of ours: per group of fields one rule, and what always stays.

Ours always: control numbers and what belongs to the library (9XX, 59X, copies and holdings in 852 to 878 and 952, any
field that names in $5 for whom it stands), and every field that a person locked. Theirs of these kinds never comes in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lienthu.catalogue.marc import Field, Record


class Rule(StrEnum):
    """What becomes of a tag that both or one of the records has."""

    KEEP = "KEEP"
    TAKE = "TAKE"
    ADD = "ADD"
    UNION = "UNION"


class Origin(StrEnum):
    """Where a line of the result comes from, or where it went."""

    OURS = "OURS"
    THEIRS = "THEIRS"
    BOTH = "BOTH"
    DROPPED = "DROPPED"
    LEFT = "LEFT"
    TRACE = "TRACE"


GROUPS: tuple[tuple[str, str, str], ...] = (
    ("leader", "", ""),
    ("fixed", "006", "008"),
    ("numbers", "010", "039"),
    ("language", "041", "047"),
    ("class", "050", "099"),
    ("main", "100", "199"),
    ("title", "200", "249"),
    ("imprint", "250", "299"),
    ("extent", "300", "399"),
    ("series", "400", "499"),
    ("notes", "500", "589"),
    ("subject", "600", "699"),
    ("added", "700", "799"),
    ("series_added", "800", "849"),
    ("link", "856", "859"),
    ("script", "880", "880"),
)
"""Groups of fields that a library sets a rule for: name, first tag, last tag."""

DEFAULT: dict[str, Rule] = {
    "leader": Rule.KEEP,
    "fixed": Rule.ADD,
    "numbers": Rule.UNION,
    "language": Rule.ADD,
    "class": Rule.UNION,
    "main": Rule.ADD,
    "title": Rule.KEEP,
    "imprint": Rule.ADD,
    "extent": Rule.ADD,
    "series": Rule.ADD,
    "notes": Rule.UNION,
    "subject": Rule.UNION,
    "added": Rule.UNION,
    "series_added": Rule.ADD,
    "link": Rule.UNION,
    "script": Rule.UNION,
}
"""Careful: what a library wrote is never replaced, only made richer."""

# Tags whose number is the record's own, or that say who worked on it.
_OWN_NUMBERS = frozenset({"001", "003", "005", "040"})
_HOLDINGS = frozenset({"841", "842", "843", "844", "845", *(str(tag) for tag in range(852, 856)), "863", "864", "865",
                       "866", "867", "868", "876", "877", "878"})  # fmt: skip
_ONCE = frozenset({"008", "100", "110", "111", "130", "240", "245"})
_MAIN = frozenset({"100", "110", "111", "130"})


_TAGS_OF: dict[str, tuple[str, ...]] = {
    "title": ("245",),
    "subtitle": ("245",),
    "responsibility": ("245",),
    "other_titles": ("130", "240", "246", "730", "740"),
    "authors": ("100", "110", "111", "700", "710", "711"),
    "author_headings": ("100", "110", "111", "700", "710", "711"),
    "publisher": ("260", "264"),
    "place": ("260", "264"),
    "year": ("008", "260", "264"),
    "isbn": ("020",),
    "issn": ("022",),
    "language": ("008", "041"),
    "type": ("leader",),
    "subjects": tuple(str(tag) for tag in range(600, 700)),
    "ddc": ("082",),
    "series": ("440", "490", "830"),
    "notes": tuple(str(tag) for tag in range(500, 590)),
    "extent": ("300",),
    "edition": ("250",),
    "abstract": ("520",),
    "digital_url": ("856",),
}


def tags_of(fields: Iterable[str]) -> frozenset[str]:
    """The tags from which these fields of a union record (keys of its summary) are made."""
    return frozenset(tag for field in fields for tag in _TAGS_OF.get(field, ()))


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the result, or one that does not come into it, with where it comes from."""

    origin: Origin
    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The record as it would be saved, and every field of both with what becomes of it."""

    record: Record
    lines: tuple[Line, ...]

    @property
    def changes(self) -> bool:
        """Whether anything of ours is different now."""
        return any(line.origin in (Origin.THEIRS, Origin.DROPPED) for line in self.lines)


def group_of(tag: str) -> str:
    """The group that a tag belongs to; "" for those that no rule moves."""
    return next((name for name, first, last in GROUPS if first and first <= tag <= last), "")


def is_local(field: Field) -> bool:
    """Whether a field belongs to the library that wrote it and stays there."""
    tag = field.tag
    return (
        tag in _OWN_NUMBERS
        or tag in _HOLDINGS
        or tag.startswith("9")
        or tag.startswith("59")
        or bool(field.get("5"))
        or not group_of(tag)
    )


def overlay(ours: Record, theirs: Record, rules: Mapping[str, Rule], *, locked: Collection[str] = ()) -> Overlaid:
    """Lay `theirs` over `ours`. `rules` maps groups, or single tags, to rules; the tags `locked` stay as they are."""
    lines: list[Line] = []
    staying = [field for field in ours.fields if is_local(field) or field.tag in locked]
    lines += _said(Origin.OURS, staying)
    incoming = [field for field in theirs.fields if not is_local(field)]
    lines += _said(Origin.LEFT, [field for field in incoming if field.tag in locked])
    incoming = [field for field in incoming if field.tag not in locked]
    movable = [field for field in ours.fields if not is_local(field) and field.tag not in locked]
    kept: list[Field] = [*staying]
    for unit in sorted({_unit(field.tag) for field in (*movable, *incoming)}):
        mine = [field for field in movable if _unit(field.tag) == unit]
        other = [field for field in incoming if _unit(field.tag) == unit]
        chosen, said = _settle(mine, other, rule_for(unit, rules))
        kept += chosen
        lines += said
    wanted = {id(field) for field in kept}
    fields = [field for field in ours.fields if id(field) in wanted]
    own = {id(field) for field in fields}
    for field in kept:
        if id(field) not in own:
            put(fields, field)
    rule = Rule.KEEP if "leader" in locked else rule_for("leader", rules)
    leader = _leader(ours.leader, theirs.leader, rule)
    if leader != ours.leader:
        lines += [Line(Origin.DROPPED, "LDR", f"=LDR  {ours.leader}"), Line(Origin.THEIRS, "LDR", f"=LDR  {leader}")]
    lines.sort(key=lambda line: (line.tag != "LDR", line.tag))
    return Overlaid(Record(leader, fields), tuple(lines))


def put(fields: list[Field], field: Field) -> None:
    """Insert a field behind the last one with no higher tag; the order of the others stays as it was."""
    place = max((at for at, one in enumerate(fields, start=1) if one.tag <= field.tag), default=0)
    fields.insert(place, field)


def rule_for(tag: str, rules: Mapping[str, Rule]) -> Rule:
    """The rule for a tag: its own, its group's, the default's."""
    name = "leader" if tag == "leader" else group_of(tag)
    return Rule(rules.get(tag) or rules.get(name) or DEFAULT.get(name, Rule.KEEP))


def _unit(tag: str) -> str:
    """Fields that are settled together: main entries exclude each other, every other tag stands for itself."""
    return "100" if tag in _MAIN else "260" if tag in ("260", "264") else tag


def _settle(mine: list[Field], other: list[Field], rule: Rule) -> tuple[list[Field], list[Line]]:
    """What remains of one tag, and what is said about each field."""
    if rule is Rule.UNION and mine and (mine[0].tag in _ONCE or mine[0].tag in _MAIN):
        rule = Rule.ADD
    if rule is Rule.UNION:
        known = {_key(field) for field in mine}
        new = [field for field in other if _key(field) not in known]
        return [*mine, *new], [*_both(mine, other), *_said(Origin.THEIRS, new)]
    if rule is Rule.TAKE and other:
        kept = [field for field in other if field not in mine]
        same = [field for field in mine if field in other]
        dropped = [field for field in mine if field not in other]
        return [*same, *kept], [
            *_said(Origin.DROPPED, dropped),
            *_said(Origin.BOTH, same),
            *_said(Origin.THEIRS, kept),
        ]
    if mine or rule is Rule.KEEP:
        return mine, [*_both(mine, other), *_left(mine, other)]
    return other, _said(Origin.THEIRS, other)


def _said(origin: Origin, fields: Iterable[Field]) -> list[Line]:
    return [Line(origin, field.tag, repr(field)) for field in fields]


def _both(mine: list[Field], other: list[Field]) -> list[Line]:
    theirs = {_key(field) for field in other}
    return [Line(Origin.BOTH if _key(f) in theirs else Origin.OURS, f.tag, repr(f)) for f in mine]


def _left(mine: list[Field], other: list[Field]) -> list[Line]:
    known = {_key(field) for field in mine}
    return _said(Origin.LEFT, [field for field in other if _key(field) not in known])


def _key(field: Field) -> tuple[str, ...]:
    """What two fields that say the same have in common: letters and digits, whatever the punctuation and case."""
    if field.is_control:
        return field.tag, field.value
    values = (f"{code}{''.join(filter(str.isalnum, value)).lower()}" for code, value in field.subfields if code != "9")
    return field.tag, *values


def _leader(ours: str, theirs: str, rule: Rule) -> str:
    """Ours with the kind of record and its level from theirs, where the rule says so; lengths are the writer's."""
    if rule is not Rule.TAKE:
        return ours
    return ours[:5] + "c" + theirs[6:8] + ours[8:17] + theirs[17:19] + ours[19:]
