"""A record as schema.org JSON-LD, with who holds it: for search engines and other programs that read pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lienthu.discovery.formats.entry import Entry, Name

_TYPES = {
    "BOOK": "Book", "SERIAL": "Periodical", "THESIS": "Thesis", "MAP": "Map", "SCORE": "SheetMusic",
    "AUDIO": "AudioObject", "VIDEO": "VideoObject", "IMAGE": "VisualArtwork", "MANUSCRIPT": "Manuscript",
    "DIGITAL": "DigitalDocument", "KIT": "Collection",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holder:
    """A library that holds the document: address of its page, whether a copy can be had now, and a call number."""

    name: str
    url: str
    available: bool
    call_number: str = ""


def json_ld(
    entry: Entry, *, holders: Sequence[Holder], class_numbers: Sequence[str], digital_url: str, bodies: Sequence[str]
) -> dict[str, Any]:
    """The JSON-LD object; keys without a value are left out. `bodies`: names that are organisations."""
    thing: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(entry.type, "CreativeWork"),
        "@id": entry.url,
        "url": entry.url,
        "name": entry.full_title,
        "author": [_author(name, bodies) for name in entry.names],
        "datePublished": str(entry.year or ""),
        "publisher": _named("Organization", entry.publisher, location=entry.place),
        "bookEdition": entry.edition if entry.type == "BOOK" else "",
        "isbn": list(entry.isbn) if entry.type in {"BOOK", "DIGITAL", "THESIS"} else [],
        "issn": entry.issn if entry.type == "SERIAL" else "",
        "inLanguage": list(entry.languages),
        "about": list(entry.subjects),
        "isPartOf": [{"@type": "CreativeWorkSeries", "name": name} for name in entry.series],
        "abstract": entry.abstract,
        "pagination": entry.extent if entry.type == "BOOK" else "",
        "identifier": [{"@type": "PropertyValue", "propertyID": "DDC", "value": number} for number in class_numbers],
        "encoding": {"@type": "MediaObject", "contentUrl": digital_url} if digital_url else None,
        "offers": [_offer(holder) for holder in holders],
    }
    return {key: value for key, value in thing.items() if value}


def _author(name: Name, bodies: Sequence[str]) -> dict[str, str]:
    kind = "Organization" if name.inverted in bodies else "Person"
    return {"@type": kind, "name": name.natural}


def _named(kind: str, name: str, *, location: str) -> dict[str, str] | None:
    if not name:
        return None
    return {"@type": kind, "name": name} | ({"location": location} if location else {})


def _offer(holder: Holder) -> Mapping[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer",
        "availability": "https://schema.org/InStock" if holder.available else "https://schema.org/OutOfStock",
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "offeredBy": {"@type": "Library", "name": holder.name, "url": holder.url},
    }
    return offer | ({"sku": holder.call_number} if holder.call_number else {})
