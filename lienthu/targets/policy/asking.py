"""A question of a cataloguer: which fields were filled in, and the clauses that every kind of target is asked."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from lienthu.catalogue.marc import numbers
from lienthu.kernel.text import normalise

INDEXES = ("isbn", "issn", "title", "author", "year", "any")
MOST_WORDS = 12
LONGEST = 200
_YEAR = re.compile(r"[0-9]{4}")
_EDGES = " \t.,;:!?/|()[]{}<>«»“”\"'`=*^"


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: any of `texts` in `index`. A text has words, of which all are wanted."""

    index: str
    texts: tuple[str, ...]
    is_text: bool = False

    @property
    def words(self) -> list[str]:
        """The words of a text, without the signs around them; at most MOST_WORDS."""
        stripped = (word.strip(_EDGES) for word in self.texts[0].split())
        return [word for word in stripped if word][:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Question:
    """What the form holds. `number` is an ISBN or ISSN as somebody typed or scanned it."""

    number: str = ""
    title: str = ""
    author: str = ""
    year: str = ""
    any: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Question":
        """From stored or typed values: repaired, cut to a length that a title has."""
        return cls(**{name: normalise(str(values.get(name, "")))[:LONGEST].strip() for name in cls.__slots__})

    def as_dict(self) -> dict[str, str]:
        """The filled fields, for storage."""
        return {name: value for name, value in asdict(self).items() if value}

    def clauses(self) -> list[Clause]:
        """The conditions, the surest first. Empty when nothing usable was typed."""
        found = [*_number(self.number)]
        for name in ("title", "author", "any"):
            clause = Clause(name, (getattr(self, name),), is_text=True)
            if clause.words:
                found.append(clause)
        if _YEAR.fullmatch(self.year):
            found.append(Clause("year", (self.year,)))
        return found

    def clauses_for(self, indexes: Mapping[str, str]) -> list[Clause]:
        """The conditions that a target with this map of indexes can be asked; the others are left out."""
        return [clause for clause in self.clauses() if indexes.get(clause.index)]

    def asks_only_year(self) -> bool:
        """A year alone would find half of any catalogue."""
        return [clause.index for clause in self.clauses()] == ["year"]


def _number(typed: str) -> list[Clause]:
    """An ISBN in both lengths, an ISSN with its hyphen; other digits are asked as an ISBN as they stand."""
    if not typed:
        return []
    issn = numbers.issn(typed) if len(re.sub(r"[^0-9xX]", "", typed)) == 8 else ""
    if issn:
        return [Clause("issn", (issn,))]
    isbn = numbers.isbn13(typed)
    if isbn:
        short = isbn10(isbn)
        return [Clause("isbn", (isbn, short) if short else (isbn,))]
    plain = re.sub(r"[^0-9A-Za-z]", "", typed)
    return [Clause("isbn", (plain,))] if plain else []


def isbn10(isbn13: str) -> str:
    """The older form of an ISBN: ten characters; nothing for those that begin with 979."""
    if not isbn13.startswith("978"):
        return ""
    body = isbn13[3:12]
    rest = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return body + ("X" if rest == 10 else str(rest))
