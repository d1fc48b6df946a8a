"""The meaning of a query as a tree, free of any syntax and any engine: made by `query.parse`, by CQL or by code."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a word can be asked in. `ANY` is every word of the record."""

    ANY = ""
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    SERIES = "series"


class CodeField(StrEnum):
    """What holds a code, not words; the code matches whole (a class number by its beginning)."""

    NUMBER = "number"
    """Any identifier of the record: ISBN, ISSN, control number, accession number or barcode."""
    ISBN = "isbn"
    ISSN = "issn"
    CONTROL = "control"
    BARCODE = "barcode"
    DDC = "ddc"
    LANGUAGE = "language"
    LIBRARY = "library"
    TYPE = "type"
    RECORD = "record"
    """The id of the union record itself."""
    WHOLE_TITLE = "whole_title"
    WHOLE_SUBJECT = "whole_subject"
    """The whole heading as it is written, with its marks."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No record: nothing in the query could be searched."""


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word; where signs part it (J.K.Rowling), its pieces stand together in that order."""

    text: str
    field: Field = Field.ANY
    exact: bool = False
    """Only with these marks; never the toneless or folded spelling."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together in this order."""

    text: str
    field: Field = Field.ANY
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with `*` for any letters and `?` for one letter (at its end: for one or none)."""

    text: str
    field: Field = Field.ANY
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Years:
    """Year of publication from `low` to `high`, both included; None leaves a side open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Code:
    """One code in one field, in the form the index holds."""

    field: CodeField
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """All of these; a `Not` among them takes away."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All records but these."""

    child: "Node"


Node = Everything | Nothing | Word | Phrase | Pattern | Years | Code | And | Or | Not


@dataclass(frozen=True, slots=True)
class Note:
    """What was read differently from what was typed. The page that shows it has the sentence for `code`."""

    code: str
    text: str = ""
    """The piece of the query the note is about."""
    number: int = 0
    """The limit that was met, where there is one."""


def conjunction(children: list[Node]) -> Node:
    """`And` of the children, flat and each once; the child itself when there is one."""
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, And) else (child,))
    return _joined(And, flat)


def disjunction(children: list[Node]) -> Node:
    """`Or` of the children, flat and each once; the child itself when there is one."""
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, Or) else (child,))
    return _joined(Or, flat)


def negation(child: Node) -> Node:
    """`Not` of the child; of a `Not`, its child."""
    return child.child if isinstance(child, Not) else Not(child)


def _joined(kind: type[And] | type[Or], flat: list[Node]) -> Node:
    if not flat:
        return Nothing()
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else kind(once)
