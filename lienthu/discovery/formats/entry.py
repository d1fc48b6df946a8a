"""One union record as citations and reference files need it: plain words, names apart, no query."""

import re
from dataclasses import dataclass
from typing import Any

from lienthu.catalogue.queries import UnionRecord
from lienthu.kernel.text import is_vietnamese_syllable

# "Nguyễn Du, 1765-1820", "Karnow, Stanley, author", "Tô Hoài (Nguyễn Sen)": what follows the name itself.
_DATES = re.compile(r",?\s*\(?\b(?:ca\.\s*|b\.\s*|sinh\s*)?\d{4}\??\s*(?:[-–]\s*(?:\d{4}\??)?)?\)?\s*\.?$")
_ROLE = re.compile(r",\s*\b(?:author|editor|translator|compiler|tác giả|dịch|chủ biên|biên soạn)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A person or body; `given` is empty for names in natural order (Vietnamese ones) and for bodies."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        """ "Karnow, Stanley"; "Nguyễn Du"."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def natural(self) -> str:
        """ "Stanley Karnow"; "Nguyễn Du"."""
        return f"{self.given} {self.family}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Entry:
    """What is cited. `url` is the stable address of the record."""

    key: str
    type: str
    title: str
    subtitle: str
    names: tuple[Name, ...]
    year: int | None
    place: str
    publisher: str
    edition: str
    series: tuple[str, ...]
    extent: str
    isbn: tuple[str, ...]
    issn: str
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    abstract: str
    url: str

    @property
    def full_title(self) -> str:
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title


def entry_of(record: UnionRecord, *, url: str) -> Entry:
    """Read a union record."""
    summary: dict[str, Any] = record.summary
    return Entry(
        key=record.public_id,
        type=summary.get("type") or "OTHER",
        title=record.title,
        subtitle=summary.get("subtitle") or "",
        names=tuple(name_of(text) for text in summary.get("authors") or ()),
        year=summary.get("year"),
        place=summary.get("place") or "",
        publisher=summary.get("publisher") or "",
        edition=summary.get("edition") or "",
        series=tuple(summary.get("series") or ()),
        extent=summary.get("extent") or "",
        isbn=tuple(summary.get("isbn") or ()),
        issn=summary.get("issn") or "",
        languages=tuple(summary.get("language") or ()),
        subjects=tuple(summary.get("subjects") or ()),
        abstract=summary.get("abstract") or "",
        url=url,
    )


def name_of(heading: str) -> Name:
    """A heading without dates and roles, apart at its first comma."""
    text = heading.strip()
    for pattern in (_ROLE, _DATES, _ROLE):
        text = pattern.sub("", text).strip().rstrip(",")
    family, comma, given = text.partition(", ")
    if not comma or not given.strip():
        return Name(text)
    if _is_vietnamese(family, given):
        return Name(f"{family} {given.strip()}")
    return Name(family, given.strip())


def _is_vietnamese(family: str, given: str) -> bool:
    """Is an inverted heading, as foreign catalogues make them ("Nguyễn, Du"), a Vietnamese name?

    All its words are Vietnamese syllables and at least one has a mark; "Nguyen, Viet Thanh" stays as it is written,
    since who writes without marks mostly writes the family name last as well.
    """
    words = f"{family} {given}".split()
    if len(family.split()) > 2 or len(words) > 6 or all(word.isascii() for word in words):
        return False
    return all(is_vietnamese_syllable(word) for word in words)
