"""Anchors: number and hash of the chain's head, noted once a day outside the database (HOME/audit-anchors.log).

Whoever can rewrite the whole database can also rewrite the chain and its head. An anchor that was copied elsewhere
(printed, sent to the inspection) shows it. Lines are only appended: `<moment> <number> <hash in hexadecimal>`.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from lienthu.kernel import clock


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at one moment."""

    at: datetime
    seq: int
    hash: bytes


def path() -> Path:
    """Where anchors are noted."""
    return Path(settings.HOME) / "audit-anchors.log"


def read() -> list[Anchor]:
    """Every noted anchor; a line that is no anchor (torn by a power cut) is passed over."""
    try:
        text = path().read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return []
    return [anchor for anchor in map(_parsed, text.splitlines()) if anchor is not None]


def _parsed(line: str) -> Anchor | None:
    try:
        at, seq, digest = line.split()
        return Anchor(at=datetime.fromisoformat(at), seq=int(seq), hash=bytes.fromhex(digest))
    except ValueError:
        return None


def write() -> Anchor:
    """Note the present head at the end of the file, on disk before this returns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_head WHERE id = 1")
        seq, digest = cursor.fetchone()
    anchor = Anchor(at=clock.now(), seq=seq, hash=bytes(digest))
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, f"{anchor.at.isoformat()} {anchor.seq} {anchor.hash.hex()}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    return anchor
