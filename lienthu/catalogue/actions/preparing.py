"""From a record as it was read to one that is ready to be written, or refused with its reason."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from lienthu.catalogue.actions.clustering.seats import keys_for, matching_is_on, work_for
from lienthu.catalogue.actions.incoming import CopyDraft, Incoming
from lienthu.catalogue.compression import decompress
from lienthu.catalogue.marc.description import Description, describe
from lienthu.catalogue.marc.items import PROFILES, ItemProfile
from lienthu.catalogue.marc.reader import Bad, Item
from lienthu.catalogue.marc.record import Field, Record
from lienthu.catalogue.models import Revision
from lienthu.catalogue.queries import record_of
from lienthu.kernel.money import money
from lienthu.kernel.text.encodings import CHOICES

DIGEST_BYTES = 16
# Leader/06 of records that the bibliographic catalogue does not hold.
FOREIGN_TYPES = {"z": "authority_record", "w": "classification_record", "q": "community_record"}
MAX_COPIES = 500
MOST_PRICE = 10**12
# Characters of a field that pages and lists show; ISO 2709 has no room for more. Notes and contents may be longer.
MAX_SHOWN_FIELD = 9_999
HOLDINGS_TYPES = frozenset("uvxy")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that will not be taken: where it stands, its bytes, and why."""

    number: int
    offset: int
    length: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""

    @classmethod
    def of(cls, incoming: Incoming, *, code: str, params: dict[str, Any]) -> "Refused":
        """The refusal of a record that could be read."""
        return cls(
            number=incoming.number,
            offset=incoming.offset,
            length=len(incoming.original),
            code=code,
            params=params,
            raw=incoming.original,
        )

    def as_dict(self) -> dict[str, Any]:
        """For reports: everything but the bytes."""
        return {
            "number": self.number,
            "offset": self.offset,
            "length": self.length,
            "code": self.code,
            "params": self.params,
        }


def prepare(found: Item, *, profile: str) -> Incoming | Refused:
    """Describe a record, or say why it is refused."""
    if isinstance(found, Bad):
        return Refused(
            found.number, found.offset, found.length, found.problem.code, dict(found.problem.params), found.raw
        )
    record = found.record
    foreign = FOREIGN_TYPES.get(record.leader[6:7])
    if foreign:
        return Refused(found.number, found.offset, found.length, foreign, {}, found.raw)
    if len(found.raw) > MAX_SHOWN_FIELD and (tag := _overlong(record)):
        params = {"tag": tag, "limit": MAX_SHOWN_FIELD}
        return Refused(found.number, found.offset, found.length, "field_too_long", params, found.raw)
    description = describe(record)
    # Notes say that something was mended: then the bytes alone do not give the record.
    plain = found.format == "iso2709" and found.encoding == "utf-8" and not found.notes
    incoming = Incoming(
        number=found.number,
        offset=found.offset,
        original=found.raw,
        format=found.format,
        encoding=found.encoding,
        control_number=control_number(record),
        digest=digest_of(found.raw, found.encoding),
        record=record,
        description=description,
        copies=copies_of(record, profile=profile),
        identifiers=identifiers(record, description),
        content=None if plain else record.pack(),
    )
    # Made here, in the reading thread, while the database writes the chunk before.
    work_for(incoming)
    if matching_is_on():
        keys_for(incoming)
    return incoming


def _overlong(record: Record) -> str:
    """The tag of the first name, title, imprint, extent, series or subject that no page could show."""
    for one in record.fields:
        if one.tag[:1] in "123467" and sum(len(value) for _, value in one.subfields) > MAX_SHOWN_FIELD:
            return one.tag
    return ""


def digest_of(raw: bytes, encoding: str) -> bytes:
    """What tells two states of a record apart: its bytes, and the old encoding in which they were read."""
    read_as = encoding.encode() if encoding in CHOICES else b""
    return blake2b(raw, digest_size=DIGEST_BYTES, person=read_as).digest()


def control_number(record: Record) -> str:
    """The local control number (001); a record without one is known by its content."""
    number = record.value("001").strip()
    return number or "~" + blake2b(record.pack(), digest_size=DIGEST_BYTES).hexdigest()


def profile_for(record: Record, name: str) -> ItemProfile:
    """The named profile of copies; "auto" looks at which field of this record could hold copies."""
    if name != "auto":
        return PROFILES[name]
    for one in record.fields:
        if one.tag == "952" and (one.get("p") or one.get("a") or one.get("b")):
            return PROFILES["koha952"]
        if one.tag == "852":
            return PROFILES[_profile_of_852(one)]
        if one.tag == "928" and one.get("a"):
            return PROFILES["libol928"]
    return PROFILES["none"]


def _profile_of_852(one: Field) -> str:
    """Libol's $j is a number of the copy, Evergreen's stands beside the barcode and is a call number."""
    if not one.get("j"):
        return "lienthu852"
    return "evergreen852" if one.get("p") else "libol852"


def copies_of(record: Record, *, profile: str) -> list[CopyDraft]:
    """The copies that a record states. A field that stands for several copies without numbers becomes several."""
    chosen = profile_for(record, profile)
    drafts = []
    for place, copy in enumerate(chosen.copies(record), start=1):
        count = 1 if copy.accession_number else min(copy.quantity, MAX_COPIES)
        for number in range(1, count + 1):
            drafts.append(
                CopyDraft(
                    source_key=f"{chosen.tag}-{place}" + (f"-{number}" if number > 1 else ""),
                    accession_number=copy.accession_number,
                    call_number=copy.call_number,
                    library=copy.library,
                    branch=copy.branch,
                    shelf=copy.shelf,
                    status=copy.status,
                    price=price_of(copy.price),
                    note=copy.note,
                )
            )
    return drafts


def price_of(text: str) -> int | None:
    """The price of a copy in whole đồng; None for none, or for one in another currency."""
    amount = money(text)
    return amount if 0 < amount <= MOST_PRICE else None


def identifiers(record: Record, description: Description) -> set[tuple[str, str]]:
    """The numbers by which a record may be found again, as (kind, value)."""
    found = {("ISBN", value) for value in description.isbn}
    if description.issn:
        found.add(("ISSN", description.issn))
    for value in record.subfields("010", "a"):
        found.add(("LCCN", "".join(value.split())))
    return found


def incoming_of_revision(revision: Revision, *, profile: str = "auto") -> Incoming:
    """A stored revision as if it came in again."""
    original = decompress(bytes(revision.original), dictionary=revision.dictionary)
    record = record_of(revision)
    description = describe(record)
    return Incoming(
        number=0,
        offset=0,
        original=original,
        format=revision.format,
        encoding=revision.encoding,
        control_number=control_number(record),
        digest=digest_of(original, revision.encoding),
        record=record,
        description=description,
        copies=copies_of(record, profile=profile),
        identifiers=identifiers(record, description),
        content=record.pack() if revision.content is not None else None,
    )
