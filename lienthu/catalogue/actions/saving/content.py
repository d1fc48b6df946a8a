"""The content of a record of the desk: numbered, stamped, and compared with what was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db import connection

from lienthu.catalogue.actions.chunks import find_by_id
from lienthu.catalogue.actions.incoming import CopyDraft, Incoming, Placed
from lienthu.catalogue.actions.preparing import (
    DIGEST_BYTES,
    FOREIGN_TYPES,
    HOLDINGS_TYPES,
    copies_of,
    identifiers,
)
from lienthu.catalogue.marc import Field, MarcError, Problem, Record, describe
from lienthu.catalogue.marc.iso2709 import build, parse
from lienthu.catalogue.models import Revision, SourceRecord
from lienthu.catalogue.policy import Existing
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.wording import problem, sentence
from lienthu.kernel import clock
from lienthu.libraries.queries import Library

PREFIX = "LT"
# Numbers of the desk's own sequence; what a file brought above the last one is left to its file.
FIRST_NUMBER, LAST_NUMBER = "LT00000001", "LT89999999"
# Names this use among PostgreSQL's advisory locks; the second key is the library.
SEQUENCE_LOCK = 7_302


class RecordRefused(ValueError):
    """The record cannot be kept as it is; `problems` say why. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = tuple(problems)

    @property
    def sentences(self) -> list[str]:
        """The reasons in the language of the reader."""
        return [sentence(one.code, one.params) for one in self.problems]


@dataclass(frozen=True, slots=True)
class Current:
    """What stands of a locked record."""

    revision: int
    is_active: bool
    marc: Record


def incoming_of(marc: Record) -> Incoming:
    """A record of the desk, ready to be written. Raises RecordRefused when it cannot be kept."""
    kind = marc.leader[6:7]
    foreign = FOREIGN_TYPES.get(kind) or ("holdings_record" if kind in HOLDINGS_TYPES else "")
    if foreign:
        raise RecordRefused([problem(foreign)])
    try:
        raw = build(marc)
        record = parse(raw).record
    except MarcError as error:
        raise RecordRefused([error.problem]) from error
    description = describe(record)
    if not description.title:
        raise RecordRefused([problem("no_title")])
    return Incoming(
        number=0,
        offset=0,
        original=raw,
        format="iso2709",
        encoding="utf-8",
        control_number=record.value("001").strip(),
        digest=blake2b(raw, digest_size=DIGEST_BYTES).digest(),
        record=record,
        description=description,
        copies=copies_of(record, profile="auto"),
        identifiers=identifiers(record, description),
        content=None,
    )


def same_content(one: Record, other: Record) -> bool:
    """Tell whether two records say the same, whenever they were saved and however long their bytes are."""
    return _essence(one) == _essence(other)


def _essence(record: Record) -> Record:
    return Record(
        # lengths, addresses and the character scheme belong to the bytes, not to the content
        f"{record.leader[5:9]}{record.leader[17:20]}",
        [f for f in record.fields if f.tag != "005"],
    )


def fingerprint(placed: Sequence[Placed]) -> str:
    """One digest over what was written, so that the audit chain covers every record and its bytes."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    for p in placed:
        digest.update(b"%d.%d." % (p.record_id, p.revision))
        digest.update(p.incoming.digest)
    return digest.hexdigest()


def next_state(marc: Record, current: Current, control_number: str) -> Incoming:
    """The next state of a known record; of its copies only those that it states otherwise than before."""
    if not current.is_active:
        raise RecordRefused([problem("record_withdrawn")])
    head = [Field("001", control_number)] if not control_number.startswith("~") else []
    if same_content(Record(marc.leader, _with_head(marc, head)), current.marc):
        stamped = Record(marc.leader, _with_head(marc, head))
    else:
        stamped = Record(marc.leader, _with_head(marc, [*head, *marc.all("003")[:1], _stamp()], drop=("003", "005")))
    incoming = incoming_of(stamped)
    incoming.control_number = control_number
    before = {_told(draft) for draft in copies_of(current.marc, profile="auto")}
    incoming.copies = [draft for draft in incoming.copies if _told(draft) not in before]
    return incoming


def _told(draft: CopyDraft) -> tuple[str, ...]:
    return (
        draft.accession_number or draft.source_key,
        *(
            draft.call_number,
            draft.library,
            draft.branch,
            draft.shelf,
            draft.status,
            str(draft.price or ""),
            draft.note,
        ),
    )


def _with_head(marc: Record, head: list[Field], drop: tuple[str, ...] = ()) -> list[Field]:
    return [*head, *(f for f in marc.fields if f.tag != "001" and f.tag not in drop)]


def _stamp() -> Field:
    return Field("005", clock.now().astimezone(clock.VIETNAM).strftime("%Y%m%d%H%M%S.0"))


def numbered(marc: Record, library: Library) -> Record:
    """The record under the next number of the library's sequence; the lock on it is held to the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SEQUENCE_LOCK, library.pk])
        cursor.execute(
            """
            SELECT control_number FROM catalogue_sourcerecord
            WHERE library_id = %s AND control_number BETWEEN %s AND %s AND control_number ~ '^LT[0-9]{8}$'
            ORDER BY control_number DESC LIMIT 1
            """,
            [library.pk, FIRST_NUMBER, LAST_NUMBER],
        )
        row = cursor.fetchone()
    number = int(row[0].removeprefix(PREFIX)) + 1 if row else 1
    head = [Field("001", f"{PREFIX}{number:08d}"), Field("003", library.code), _stamp()]
    return Record(marc.leader, _with_head(marc, head, drop=("003", "005")))


def locked_records(record_ids: list[int]) -> dict[int, tuple[Existing, Current]]:
    """Records with their current content, locked until the block ends. SourceRecord.DoesNotExist for an unknown id."""
    existing = find_by_id(record_ids)
    missing = set(record_ids) - existing.keys()
    if missing:
        raise SourceRecord.DoesNotExist(str(sorted(missing)))
    numbers = dict(SourceRecord.objects.filter(pk__in=record_ids).values_list("pk", "revision"))
    revisions = Revision.objects.filter(record_id__in=record_ids, number__in=set(numbers.values()))
    return {
        r.record_id: (
            existing[r.record_id],
            Current(r.number, existing[r.record_id].is_active, record_of(r)),
        )
        for r in revisions
        if numbers[r.record_id] == r.number
    }
