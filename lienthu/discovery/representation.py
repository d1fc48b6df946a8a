"""The JSON forms of records and results: what `/api/v1` promises and `/bieu-ghi/<id>.json` repeats."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from lienthu.catalogue.queries import (
    PUBLIC,
    Availability,
    Sight,
    UnionRecord,
    availability_of,
    copies_of,
    sources_of,
    statements_of,
)
from lienthu.discovery.queries import Hit
from lienthu.kernel import ids


class RecordBrief(Schema):
    """One record in a list."""

    id: str
    title: str
    authors: list[str]
    year: int | None
    publisher: str
    isbn: list[str]
    language: str = Field(description="MARC code of the first language; empty when unknown")
    type: str
    libraries: list[str] = Field(description="codes of the libraries that hold it")
    available: bool = Field(description="a copy can be had now")
    available_copies: int
    manifest: str | None = Field(description="IIIF manifest, where the document can be read here")
    url: str


class CopyOut(Schema):
    """One public copy."""

    library: str
    branch: str
    accession_number: str
    call_number: str
    shelf: str
    status: str


class StatementOut(Schema):
    """What a library says it holds of a serial or set."""

    library: str
    text: str
    call_number: str


class SourceOut(Schema):
    """Where the description comes from."""

    library: str
    control_number: str


class RecordFull(RecordBrief):
    """One record with everything the public may see of it."""

    subtitle: str
    responsibility: str
    place: str
    edition: str
    extent: str
    issn: str
    languages: list[str]
    subjects: list[str]
    ddc: list[str]
    series: list[str]
    notes: list[str]
    abstract: str
    digital_url: str | None
    updated_at: str
    copies: list[CopyOut]
    statements: list[StatementOut]
    sources: list[SourceOut]
    work: str | None = Field(description="the same for all editions and translations of one work")
    formats: dict[str, str]


class FacetOut(Schema):
    """One value of a facet."""

    value: str
    label: str
    count: int


class ResultOut(Schema):
    """One page of results."""

    total: int
    items: list[RecordBrief]
    facets: dict[str, list[FacetOut]]
    took_ms: float
    page: int
    size: int
    notes: list[str] = Field(description="what was read differently from what was asked, in Vietnamese")


def brief_json(hit: Hit, *, base: str) -> RecordBrief:
    """One result; `base` is the address of this site without a slash at its end."""
    return RecordBrief(**_brief(hit.record, hit.availability, base))


def _brief(record: UnionRecord, availability: Availability, base: str) -> dict[str, Any]:
    summary = record.summary
    return {
        "id": record.public_id,
        "title": record.full_title,
        "authors": summary.get("authors") or [],
        "year": summary.get("year"),
        "publisher": summary.get("publisher") or "",
        "isbn": summary.get("isbn") or [],
        "language": next(iter(summary.get("language") or ()), ""),
        "type": summary.get("type") or "OTHER",
        "libraries": sorted(availability.holders),
        "available": availability.available > 0,
        "available_copies": availability.available,
        "manifest": None,
        "url": base + reverse("discovery:record", args=[record.public_id]),
    }


def record_json(record: UnionRecord, *, base: str, sight: Sight = PUBLIC) -> RecordFull:
    """One record in full: four queries."""
    summary = record.summary
    availability = availability_of([record.id], sight=sight)[record.id]
    formats: Sequence[str] = ("json", "marcxml", "mrc", "bib", "ris")
    return RecordFull(
        **_brief(record, availability, base) | {"title": record.title},
        subtitle=summary.get("subtitle") or "",
        responsibility=summary.get("responsibility") or "",
        place=summary.get("place") or "",
        edition=summary.get("edition") or "",
        extent=summary.get("extent") or "",
        issn=summary.get("issn") or "",
        languages=summary.get("language") or [],
        subjects=summary.get("subjects") or [],
        ddc=summary.get("ddc") or [],
        series=summary.get("series") or [],
        notes=summary.get("notes") or [],
        abstract=summary.get("abstract") or "",
        digital_url=summary.get("digital_url") or None,
        updated_at=record.updated_at.isoformat(),
        copies=[
            CopyOut(
                library=copy.library,
                branch=copy.branch[0],
                accession_number=copy.accession_number,
                call_number=copy.call_number,
                shelf=copy.shelf,
                status=copy.status,
            )
            for copy in copies_of(record.id, sight=sight)
        ],
        statements=[
            StatementOut(library=one.library, text=one.text, call_number=one.call_number)
            for one in statements_of(record.id, sight=sight)
        ],
        sources=[
            SourceOut(library=source.library, control_number=source.control_number)
            for source in sources_of(record.id, sight=sight)
        ],
        work=ids.encode(record.work_id) if record.work_id is not None else None,
        formats={name: base + reverse("discovery:record_file", args=[record.public_id, name]) for name in formats},
    )
