"""A MARC record in memory, and its two JSON forms.

A record is a leader and an ordered list of fields. The same class serves bibliographic, holdings and
authority records; nothing here knows what a tag means.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from .problems import MarcError, problem

Subfield = tuple[str, str]
"""(code, value); the code is one character."""

LEADER_LENGTH = 24


class Field:
    """One field: a control field has ``value``, a data field has ``indicators`` (two characters) and ``subfields``.

    A plain class with slots, because millions are made during an import.
    """

    __slots__ = ("indicators", "subfields", "tag", "value")

    def __init__(self, tag: str, value: str, indicators: str = "", subfields: Sequence[Subfield] = ()) -> None:
        self.tag = tag
        self.value = value
        self.indicators = indicators
        self.subfields = subfields

    @property
    def is_control(self) -> bool:
        return not self.indicators

    def get(self, code: str, default: str = "") -> str:
        """The first subfield with this code."""
        for one, value in self.subfields:
            if one == code:
                return value
        return default

    def values(self, codes: str) -> list[str]:
        """Values of all subfields whose code is in ``codes``, in the order of the record."""
        return [value for code, value in self.subfields if code in codes]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return (
            self.tag == other.tag
            and self.value == other.value
            and self.indicators == other.indicators
            and list(self.subfields) == list(other.subfields)
        )

    def __repr__(self) -> str:
        if self.is_control:
            return f"={self.tag}  {self.value}"
        return f"={self.tag}  {self.indicators}" + "".join(f"${code}{value}" for code, value in self.subfields)


def control(tag: str, value: str) -> Field:
    """A control field (001-009)."""
    return Field(tag, value)


def data(tag: str, indicators: str, *subfields: Subfield) -> Field:
    """A data field; ``indicators`` are two characters, a blank is a space."""
    return Field(tag, "", indicators, list(subfields))


class Record:
    """A MARC record: a leader of 24 characters and its fields in order."""

    __slots__ = ("fields", "leader")

    def __init__(self, leader: str, fields: list[Field]) -> None:
        self.leader = leader
        self.fields = fields

    def get(self, tag: str) -> Field | None:
        """The first field with this tag."""
        for field in self.fields:
            if field.tag == tag:
                return field
        return None

    def all(self, *tags: str) -> list[Field]:
        """All fields with one of these tags, in the order of the record."""
        return [field for field in self.fields if field.tag in tags]

    def value(self, tag: str) -> str:
        """The value of the first control field with this tag, or an empty text."""
        field = self.get(tag)
        return field.value if field else ""

    def subfields(self, tag: str, codes: str) -> list[str]:
        """Values of the subfields ``codes`` of all fields with this tag."""
        return [value for field in self.fields if field.tag == tag for code, value in field.subfields if code in codes]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return self.leader == other.leader and self.fields == other.fields

    def __repr__(self) -> str:
        return "\n".join([f"=LDR  {self.leader}", *map(repr, self.fields)])

    def pack(self) -> bytes:
        """The compact form for storage: ``[leader, [[tag, value] | [tag, indicators, [code, value, …]], …]]``.

        It is JSON, has no size limit and loses nothing; ``unpack`` reads it back.
        """
        rows: list[list[Any]] = []
        for field in self.fields:
            if field.indicators:
                rows.append([field.tag, field.indicators, [part for subfield in field.subfields for part in subfield]])
            else:
                rows.append([field.tag, field.value])
        return orjson.dumps([self.leader, rows])

    @classmethod
    def unpack(cls, packed: bytes) -> "Record":
        """Read back what ``pack`` wrote."""
        leader, rows = orjson.loads(packed)
        fields = []
        for row in rows:
            if len(row) == 2:
                fields.append(Field(row[0], row[1]))
            else:
                flat = row[2]
                fields.append(Field(row[0], "", row[1], list(zip(flat[::2], flat[1::2], strict=True))))
        return cls(leader, fields)

    def as_marcjson(self) -> dict[str, Any]:
        """The MARC-in-JSON form (Ross Singer's layout, the one other systems read)."""
        fields: list[dict[str, Any]] = []
        for field in self.fields:
            if field.indicators:
                fields.append(
                    {
                        field.tag: {
                            "ind1": field.indicators[0],
                            "ind2": field.indicators[1],
                            "subfields": [{code: value} for code, value in field.subfields],
                        }
                    }
                )
            else:
                fields.append({field.tag: field.value})
        return {"leader": self.leader, "fields": fields}

    @classmethod
    def from_marcjson(cls, document: Any) -> "Record":
        """Read a MARC-in-JSON document. Raises ``MarcError`` (``json_not_marc``) when its shape is another one."""
        if not isinstance(document, dict) or not isinstance(document.get("fields"), list):
            raise MarcError(problem("json_not_marc"))
        leader = document.get("leader")
        fields = [_field_from_json(tag, content) for entry in document["fields"] for tag, content in _entries(entry)]
        return cls(leader_of(leader if isinstance(leader, str) else ""), fields)


def _entries(entry: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(entry, dict):
        raise MarcError(problem("json_not_marc"))
    return entry.items()


def _field_from_json(tag: str, content: Any) -> Field:
    if isinstance(content, str):
        return Field(tag, content)
    if not isinstance(content, dict) or not isinstance(content.get("subfields"), list):
        raise MarcError(problem("json_not_marc"))
    subfields: list[Subfield] = []
    for subfield in content["subfields"]:
        for code, value in _entries(subfield):
            if not isinstance(value, str):
                raise MarcError(problem("json_not_marc"))
            subfields.append((code, value))
    return Field(tag, "", indicators_of(str(content.get("ind1", " ")), str(content.get("ind2", " "))), subfields)


def indicators_of(first: str, second: str) -> str:
    """Two characters whatever came in: a missing indicator is a blank."""
    return (first[:1] or " ") + (second[:1] or " ")


def leader_of(text: str) -> str:
    """A leader of exactly 24 characters: short ones (some XML writers drop blanks) are filled up."""
    return text[:LEADER_LENGTH].ljust(LEADER_LENGTH)
