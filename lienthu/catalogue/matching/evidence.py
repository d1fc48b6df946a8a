"""What one record says about its edition, in the forms that are compared; and its packed form for storage."""

from typing import NamedTuple

import orjson

VERSION = 5
"""Raised whenever evidence or blocking keys of a record come out differently; stored evidence is then made anew."""


class EvidenceOutdated(ValueError):
    """Packed by another version of the rules: make it anew from the record."""


class Evidence(NamedTuple):
    """One record. Texts are search keys of kernel.text: `…` with marks, `…_folded` in plain letters.

    A named tuple because thousands a second are unpacked while an import looks for candidates.
    """

    kind: str
    """BOOK, SERIAL, MAP … as in marc.description."""
    level: str
    """Leader/07: m monograph, s serial, a part of a book, b part of a serial, c collection."""
    form: str
    """"" print, else ONLINE, ELECTRONIC, MICROFORM, BRAILLE, LARGE_PRINT."""
    reproduction: bool
    """533 or 534: a photocopy, microfilm or facsimile of another edition."""
    languages: tuple[str, ...]
    """Of the text, that of 008 first; the languages a translation was made from are not among them."""
    isbn: tuple[str, ...]
    """ISBN-13 with a right check digit."""
    isbn_weak: tuple[str, ...]
    """Digits of cancelled or wrong ISBN, and numbers of whole sets: a hint, no more."""
    issn: str
    lccn: str
    national: tuple[str, ...]
    """015 and 016 with their source."""
    oclc: tuple[str, ...]
    title: str
    """245 $a without volume and, where its language has them, leading article."""
    title_folded: str
    rest: str
    """Remainder of the title (245 $b)."""
    part: str
    """Name of the part (245 $p)."""
    volume: tuple[str, ...]
    """Number of the volume, outer level first: ("2",), ("1-3",), ("2", "1")."""
    other_titles: tuple[str, ...]
    """Varying, parallel, uniform titles, with marks."""
    names: tuple[str, ...]
    """Persons of 100 and 700 in natural order, without dates and functions."""
    bodies: tuple[str, ...]
    responsibility: str
    """245 $c."""
    edition: int
    """Its number, 0 when none is given."""
    edition_kind: str
    """"" none or numbered edition, "r" counted in reprints (Tái bản lần thứ 1 is the second edition), "p" printing."""
    edition_words: str
    """What else the edition statement says: revised, abridged, bilingual."""
    publishers: tuple[str, ...]
    """Known ones as "=" and their one name (publishers.tsv), the others in plain letters."""
    place: str
    years: tuple[int, ...]
    """Years of publication that the record gives; the first is the best."""
    last_year: int
    """End of a run or of a set of volumes; 0 when there is none."""
    pages: int
    extent_volumes: int
    series: str
    """First series statement with its number, in plain letters."""

    def packed(self) -> bytes:
        """JSON: a list with the version first."""
        return orjson.dumps((VERSION, *self))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Evidence":
        """Raises EvidenceOutdated when another version of the rules wrote it."""
        version, *values = orjson.loads(packed)
        if version != VERSION:
            raise EvidenceOutdated(f"evidence of version {version}, rules of version {VERSION}")
        return cls._make([tuple(value) if type(value) is list else value for value in values])
