"""The values that travel through an import, from the reader to the rows."""

from dataclasses import dataclass

from lienthu.catalogue.marc.description import Description
from lienthu.catalogue.marc.record import Record


@dataclass(frozen=True, slots=True)
class CopyDraft:
    """One copy as a record states it. `source_key` names it among the copies of its record."""

    source_key: str
    accession_number: str = ""
    call_number: str = ""
    library: str = ""
    branch: str = ""
    shelf: str = ""
    status: str = ""
    note: str = ""


@dataclass(slots=True)
class Incoming:
    """One record of a file, ready to be written. `content` is None where the original itself is UTF-8 ISO 2709."""

    number: int
    offset: int
    original: bytes
    format: str
    encoding: str
    control_number: str
    digest: bytes
    record: Record
    description: Description
    copies: list[CopyDraft]
    identifiers: set[tuple[str, str]]
    content: bytes | None


@dataclass(slots=True)
class Placed:
    """An incoming record with its rows: record, union record, and the number its revision gets."""

    incoming: Incoming
    record_id: int
    cluster_id: int
    revision: int = 1
    change: str = "CREATED"
