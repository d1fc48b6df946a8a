"""What is known about one source of files: its encoding, what its fields mean, where it states its copies.

Every library exports its old system in its own way, so this is data, kept with the source and not in the code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .mapping import INDICATORS, Mapping
from .oldtext import AUTO, ENCODING_CHOICES
from .record import Field, Record, Subfield

_TAG = re.compile("[0-9A-Za-z]{3}")
_INDICATED = re.compile("[0-9a-z ]{2}")
_ENTRIES = re.compile("<([^<>]*)>|/([^/]+)/")
_LIMIT = 400


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What becomes of the fields with one tag.

    ``target`` is the new tag, empty to leave the field out; ``codes`` renames subfields ("ab" -> "ac": b becomes c;
    one that is not named keeps its code); ``split`` are characters at which $a becomes fields of its own, or "<>" for
    the marked index terms of CDS/ISIS; ``says`` is a subfield put before the others, such as ("3", "Ảnh bìa").
    """

    target: str
    indicators: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    split: str = ""
    says: tuple[Subfield, ...] = ()

    def fields(self, one: Field) -> list[Field]:
        """The fields that this one becomes."""
        if not self.target:
            return []
        if self.target < "010":
            text = one.value or " ".join(value for _, value in one.subfields)
            return [Field(self.target, text.strip())]
        names = dict(self.codes)
        given: Iterable[Subfield] = one.subfields if one.indicators else [("a", one.value)]
        subfields = [(names.get(code, code), value) for code, value in given]
        if not any(value.strip() for _, value in subfields):
            return []
        subfields = [*self.says, *subfields]
        indicators = self.indicators or INDICATORS.get(self.target) or one.indicators or "  "
        if not self.split:
            return [Field(self.target, "", indicators, subfields)]
        return [
            Field(self.target, "", indicators, [(code, part)])
            for code, value in subfields
            for part in _parts(value, self.split)
        ]


def _parts(value: str, split: str) -> list[str]:
    if split == "<>":
        marked = [one or other for one, other in _ENTRIES.findall(value)]
        return [part.strip() for part in marked if part.strip()] or [value]
    return [part.strip() for part in re.split(f"[{re.escape(split)}]", value) if part.strip()] or [value]


@dataclass(frozen=True, slots=True)
class SourceProfile:
    """How the files of one source are read. The default knows nothing and looks at each file."""

    encoding: str = AUTO
    table: Mapping | None = None
    fields: dict[str, FieldRule] = field(default_factory=dict)

    def applied(self, record: Record) -> Record:
        """The record with its fields as MARC 21 has them, in the order of their tags; itself without rules."""
        if not self.fields:
            return record
        fields: list[Field] = []
        for one in record.fields:
            rule = self.fields.get(one.tag)
            fields += rule.fields(one) if rule else [one]
        return Record(record.leader, sorted(fields, key=lambda one: one.tag))

    def as_json(self) -> dict[str, Any]:
        """A form for storage; ``from_json`` reads it back. Nothing that is as by default stands in it."""
        stored: dict[str, Any] = self.table.as_json() if self.table else {}
        if self.encoding != AUTO:
            stored["encoding"] = self.encoding
        if self.fields:
            stored["fields"] = {tag: _rule_as_json(rule) for tag, rule in self.fields.items()}
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> "SourceProfile":
        """Read back what ``as_json`` gave, and files that people write: {"encoding": …, "fields": {"24": "245 00"}};
        the fields may also be the name of a table of NAMED_FIELDS.

        Raises ``ValueError`` for what cannot be meant.
        """
        if not stored:
            return cls()
        encoding = str(stored.get("encoding") or AUTO)
        if encoding not in ENCODING_CHOICES:
            raise ValueError(f"unknown encoding: {encoding}")
        rules = stored.get("fields") or {}
        if isinstance(rules, str):
            if rules not in NAMED_FIELDS:
                raise ValueError(f"unknown table of fields: {rules}")
            return replace(cls.from_json({**stored, "fields": {}}), fields=NAMED_FIELDS[rules])
        if not isinstance(rules, dict) or len(rules) > _LIMIT:
            raise ValueError("fields must be a table of tags")
        return cls(
            encoding=encoding,
            table=Mapping.from_json(stored) if "columns" in stored else None,
            fields={str(tag).zfill(3): _rule(rule) for tag, rule in rules.items()},
        )


def _rule_as_json(rule: FieldRule) -> dict[str, Any]:
    return {
        "target": rule.target,
        "indicators": rule.indicators,
        "codes": dict(rule.codes),
        "split": rule.split,
        "says": [list(pair) for pair in rule.says],
    }


def _rule(stored: Any) -> FieldRule:
    """A rule from JSON: in full, or short as "245 00", "653" or "" (leave out)."""
    if isinstance(stored, str):
        target, _, indicators = stored.partition(" ")
        stored = {"target": target, "indicators": indicators}
    if not isinstance(stored, dict):
        raise ValueError("a rule must be a text or a table")
    target, indicators = str(stored.get("target") or ""), str(stored.get("indicators") or "")
    codes = stored.get("codes") or {}
    if target and not _TAG.fullmatch(target):
        raise ValueError(f"no tag: {target}")
    if indicators and not _INDICATED.fullmatch(indicators):
        raise ValueError(f"no indicators: {indicators}")
    if not isinstance(codes, dict) or any(len(str(code)) != 1 for pair in codes.items() for code in pair):
        raise ValueError("codes must be single characters")
    says = [(str(code), str(value)) for code, value in stored.get("says") or ()]
    if any(len(code) != 1 for code, _ in says):
        raise ValueError("codes must be single characters")
    renamed = tuple((str(a), str(b)) for a, b in codes.items())
    return FieldRule(target, indicators, renamed, str(stored.get("split") or ""), tuple(says))


def _simple(rules: dict[str, str]) -> dict[str, FieldRule]:
    return {tag: _rule(rule) for tag, rule in rules.items()}


CDS_FIELDS: dict[str, FieldRule] = {
    **_simple({"012": "711", "024": "245 00", "025": "250", "026": "260", "030": "300", "044": "490 0 ", "050": "500",
               "071": "710 2 ", "072": "711 2 ", "074": "246", "076": "246"}),
    "069": FieldRule("653", "  ", (), "<>"),
    "070": FieldRule("700", "1 "),
}  # fmt: skip
"""The fields of UNESCO's sample database CDS, from which many libraries made theirs (CDS/ISIS reference manual)."""


LIBOL_FIELDS: dict[str, FieldRule] = {
    "900": FieldRule(""),
    "907": FieldRule("856", "42", (("a", "u"),), "", (("3", "Ảnh bìa"),)),
    "925": FieldRule("340", "  "),
    "926": FieldRule("506", "  ", (), "", (("3", "Mức truy cập (Libol)"),)),
    "999": FieldRule("526", "8 "),
}
"""Libol's own tags as MARC 21 has them: 900 a flag of new records (left out), 907 the cover, 925 the carrier, 926 the
level of access, 999 the course. Other systems use 999 otherwise, so a person chooses this table for a source. The type
in 927 and the copies in 928 are understood as they are; 911 and 912 name staff and stay."""

NAMED_FIELDS = {"libol": LIBOL_FIELDS}


def rules_for(tags: set[str]) -> dict[str, FieldRule]:
    """Rules for a file of CDS/ISIS without a profile: none where its tags are MARC's, else those of the sample base."""
    return CDS_FIELDS if "245" not in tags and "024" in tags else {}


DEFAULT = SourceProfile()
