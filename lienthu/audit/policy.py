"""The chain, as pure functions: what is hashed, how entries link, and what a break in the chain means."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

GENESIS = bytes(32)
"""The hash "before" the first entry."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is hashed and stored. `at` is an aware moment; hashes are 32 bytes."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    action: str
    target_kind: str
    target_id: str
    scope: str
    details: dict[str, Any]
    prev_hash: bytes
    hash: bytes = b""


class Damage(StrEnum):
    """What happened to the trail where it stops being whole."""

    EDITED = "EDITED"
    DELETED = "DELETED"
    REORDERED = "REORDERED"
    TRUNCATED = "TRUNCATED"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int
    kind: Damage


def clean_text(text: str) -> str:
    """Replace what PostgreSQL text and jsonb cannot hold: NUL and lone surrogates."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def clean_details(value: Any) -> Any:
    """Return `value` in the form that comes back unchanged from jsonb, so that its hash can be computed again.

    Moments and days become ISO text; other numbers than integers become text, because jsonb rewrites them.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_details(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean_details(item) for item in value]
    return clean_text(str(value))


def hash_of(line: Line) -> bytes:
    """SHA-256 over the canonical JSON of every field and the hash of the entry before it."""
    fields = {
        "seq": line.seq,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [line.actor_kind, line.actor_id, line.actor_name],
        "action": line.action,
        "target": [line.target_kind, line.target_id],
        "scope": line.scope,
        "details": line.details,
        "prev": line.prev_hash.hex(),
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def find_break(
    lines: Iterable[Line], *, after: int, prev_hash: bytes, known: Callable[[bytes], bool]
) -> Iterator[Line | Break]:
    """Walk the chain after entry number `after`; yield each sound line, then stop at the first break, if any.

    `known(hash)` tells whether any stored entry has this hash: then a wrong predecessor means another order.
    """
    expected, before = after + 1, prev_hash
    for line in lines:
        if line.seq != expected:
            yield Break(expected, Damage.DELETED)
            return
        sound, linked = hash_of(line) == line.hash, line.prev_hash == before
        if not linked:
            yield _misplaced(line, sound=sound, known=known(line.prev_hash))
            return
        if not sound:
            yield Break(line.seq, Damage.EDITED)
            return
        yield line
        expected, before = expected + 1, line.hash


def _misplaced(line: Line, *, sound: bool, known: bool) -> Break:
    if known:
        return Break(line.seq, Damage.REORDERED)
    if sound and line.seq > 1:
        # This entry is whole, so the one before it was changed and hashed anew.
        return Break(line.seq - 1, Damage.EDITED)
    return Break(line.seq, Damage.DELETED)
