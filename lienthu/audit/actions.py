"""The one way to write: data, audit entries and events in one transaction.

with writing(actor) as w:
    ...change rows...
    w.audit("libraries.rename", target=("library", library.code), at=library.code, details={"name": name})
    w.publish("libraries.renamed", code=library.code)
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from lienthu.audit.policy import Line, clean_details, clean_text, hash_of
from lienthu.kernel import clock, events
from lienthu.kernel.postgresql.planned import ask, planned


class Author(Protocol):
    """Who writes: `identity.access.Actor`, seen from below."""

    @property
    def account_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Unaudited(RuntimeError):
    """A writing block ended without an audit entry and without saying that nothing changed."""


@dataclass(frozen=True, slots=True)
class _Noted:
    at: datetime
    author: Author
    action: str
    target: tuple[str, str]
    scope: str
    details: dict[str, Any]


@dataclass
class _Buffer:
    as_one: bool
    noted: list[_Noted] = field(default_factory=list)
    nothing_changed: bool = False


class Writing:
    """One writing block of one actor; blocks inside it join its transaction and its buffer."""

    def __init__(self, actor: Author, buffer: _Buffer) -> None:
        self.actor = actor
        self._buffer = buffer

    def audit(
        self, action: str, *, target: tuple[str, str | int], at: str = "", details: dict[str, Any] | None = None
    ) -> None:
        """Note one entry. `target` is (kind, public id), `at` the code of the library or agency, "" for the network."""
        kind, identifier = target
        self._buffer.noted.append(
            _Noted(clock.now(), self.actor, action, (kind, str(identifier)), at or "", dict(details or {}))
        )

    def publish(self, event: str, **payload: Any) -> None:
        """Publish an event that commits, or vanishes, with this block."""
        events.publish(event, **payload)

    def nothing_changed(self) -> None:
        """State that this block found nothing to do, so that no audit entry is owed."""
        self._buffer.nothing_changed = True


_open: ContextVar[_Buffer | None] = ContextVar("audit_buffer", default=None)


@contextmanager
def writing(actor: Author, *, as_one: bool = False) -> Iterator[Writing]:
    """Open a transaction for `actor` whose audit entries are chained and written last, just before the commit.

    A block inside another one joins it. An exception takes back rows, entries and events together: those of the block
    that it leaves, or those of all when the outermost one is written `as_one`, which saves two statements for each
    block inside; an exception must then not be caught before it has left the outermost block.
    Raises Unaudited when the outermost block ends with neither an entry nor `nothing_changed()`.
    """
    outer = _open.get()
    if outer is not None:
        with _joined(outer):
            yield Writing(actor, outer)
        return
    buffer = _Buffer(as_one)
    token = _open.set(buffer)
    try:
        with transaction.atomic():
            yield Writing(actor, buffer)
            if buffer.noted:
                _append(buffer.noted)
            elif not buffer.nothing_changed:
                raise Unaudited("a writing block must audit what it did, or call nothing_changed()")
    finally:
        _open.reset(token)


@contextmanager
def _joined(buffer: _Buffer) -> Iterator[None]:
    """A savepoint, if failures are taken back singly; a failure also forgets the entries noted since."""
    length, nothing_changed = len(buffer.noted), buffer.nothing_changed
    try:
        with transaction.atomic(savepoint=not buffer.as_one):
            yield
    except BaseException:
        del buffer.noted[length:]
        buffer.nothing_changed = nothing_changed
        raise


_COLUMNS = "seq, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, scope, details, prev_hash, hash"

_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"
# The entries and, with the last of them, the new head.
_APPEND = f"""
WITH entries AS (INSERT INTO audit_entry ({_COLUMNS}) VALUES {{rows}})
UPDATE audit_head SET seq = %s, hash = %s WHERE id = 1
"""
_ROWS_PER_INSERT = 500


def _append(noted: list[_Noted]) -> None:
    """Chain the noted entries to the head. Its lock is held from here to the commit that follows at once."""
    ((seq, head),) = ask("SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE")
    head = bytes(head)
    rows: list[list[Any]] = []
    for note in noted:
        seq += 1
        line = _line(note, seq=seq, prev_hash=head)
        head = line.hash
        rows.append(_row(line))
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        chunk = rows[start : start + _ROWS_PER_INSERT]
        last = chunk[-1]
        values = [x for row in chunk for x in row]
        with connection.cursor() if len(chunk) > 1 else planned() as cursor:
            cursor.execute(_APPEND.format(rows=", ".join([_ROW] * len(chunk))), [*values, last[0], last[-1]])


def _line(note: _Noted, *, seq: int, prev_hash: bytes) -> Line:
    kind, identifier = note.target
    line = Line(
        seq=seq,
        at=note.at,
        actor_kind=str(note.author.kind),
        actor_id=note.author.account_id,
        actor_name=clean_text(note.author.name),
        action=clean_text(note.action),
        target_kind=clean_text(kind),
        target_id=clean_text(identifier),
        scope=clean_text(note.scope),
        details=clean_details(note.details),
        prev_hash=prev_hash,
    )
    return replace(line, hash=hash_of(line))


def _row(line: Line) -> list[Any]:
    return [
        line.seq,
        line.at,
        line.actor_kind,
        line.actor_id,
        line.actor_name,
        line.action,
        line.target_kind,
        line.target_id,
        line.scope,
        json.dumps(line.details, ensure_ascii=False),
        line.prev_hash,
        line.hash,
    ]
