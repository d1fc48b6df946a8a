"""The values that travel through an import, from the reader to the rows."""

from dataclasses import dataclass, field
from typing import NamedTuple

from lienthu.catalogue.marc.description import Description
from lienthu.catalogue.marc.record import Record
from lienthu.catalogue.matching import Evidence, MatchDecision
from lienthu.catalogue.policy import WorkKey


class CopyDraft(NamedTuple):
    """One copy as a record states it. `source_key` names it among the copies of its record."""

    source_key: str
    accession_number: str = ""
    call_number: str = ""
    library: str = ""
    branch: str = ""
    shelf: str = ""
    status: str = ""
    price: int | None = None
    """Whole đồng; None where the record says none, or none in đồng."""
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
    evidence: Evidence | None = None
    """What the matching rules know of it; made when first needed."""
    keys: tuple[int, ...] | None = None
    """Under which its candidates are found; made from the evidence when first needed."""
    work: WorkKey | None = None
    work_known: bool = False


@dataclass(slots=True)
class Seat:
    """Where a record belongs.

    `cluster_id` None: a union record of its own that must be made. `joined`: it goes to another record's union record,
    because of `decision` with the record `beside`. `asks`: records that a person has to compare it with. `with_place`:
    which of the records that came together with it makes the new union record that it joins.
    """

    cluster_id: int | None
    joined: bool = False
    decision: MatchDecision | None = None
    beside: int | None = None
    asks: list[tuple[int, MatchDecision]] = field(default_factory=list)
    with_place: int | None = None


@dataclass(slots=True)
class Placed:
    """An incoming record with its rows: record, union record, and the number its revision gets."""

    incoming: Incoming
    record_id: int
    cluster_id: int
    revision: int = 1
    change: str = "CREATED"
    library_id: int = 0
    seat: Seat | None = None
    """What matching found; None where it was not asked."""
    former_cluster: int | None = None
    """The union record that a known record leaves."""
