"""The log of a device as it is sent: verified line by line, put in order, and cut off at the first line that is wrong.

A body is text. It may begin with `#` and a JSON object: the device's clock when it was sent. Every other row is
`<HMAC of the line, hex> TAB <line>`; a line is a JSON object with its number `n` and the SHA-256 of the line before
it (`prev`; of `origin(device)` for the first). So a line can neither be changed, nor left out, nor moved.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

KINDS = ("CHECKOUT", "CHECKIN", "RENEW")
MOST_ROWS = 20_000
MOST_LINE = 2_000
NUMBER_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One verified event. `at` is the device's clock, `mono` milliseconds since its page `run` was opened."""

    number: int
    kind: str
    card: str
    copy: str
    at: str
    mono: float
    run: str
    offset: float | None
    due: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """The device's clocks at the moment of sending."""

    now: str
    mono: float
    run: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body gives: new lines in order, how many were known, the new head, and where and why it stops.

    `problem`: "" or UNREADABLE (a row that is no line), BAD_SEAL (HMAC), BROKEN_CHAIN (`prev`), GAP (a number is
    missing), FORKED (a number that came before with other contents), TOO_LONG. `problem_at` is its number, 0: unknown.
    """

    lines: tuple[Line, ...] = ()
    known: int = 0
    head: bytes = b""
    problem: str = ""
    problem_at: int = 0
    sent: Sent | None = None


@dataclass(slots=True)
class _Rows:
    by_number: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    unreadable: bool = False
    sent: Sent | None = None


def origin(device: str) -> bytes:
    """What stands for the line before the first one."""
    return sha256(f"lienthu-offline:{device}".encode()).digest()


def read_log(body: bytes, *, key: bytes, last: int, head: bytes, known: Callable[[int], bytes | None]) -> Reading:
    """Verify a body against what is known of its device: the last number, its digest, and earlier digests.

    `known` tells the digest of an earlier number and is asked only for numbers that come again.
    """
    rows = _split(body)
    found: list[Line] = []
    here: dict[int, bytes] = {}
    seen = 0
    for number in sorted(rows.by_number):
        for seal, text in rows.by_number[number]:
            digest = sha256(text.encode()).digest()
            if not hmac.compare_digest(seal, hmac.new(key, text.encode(), sha256).hexdigest()):
                return Reading(tuple(found), seen, head, "BAD_SEAL", number, rows.sent)
            if number <= last:
                if (here.get(number) or known(number) or digest) != digest:
                    return Reading(tuple(found), seen, head, "FORKED", number, rows.sent)
                seen += 1
                continue
            if number != last + 1:
                return Reading(tuple(found), seen, head, "GAP", last + 1, rows.sent)
            line = _line(text, digest)
            if line is None:
                return Reading(tuple(found), seen, head, "UNREADABLE", number, rows.sent)
            if json.loads(text).get("prev") != head.hex():
                return Reading(tuple(found), seen, head, "BROKEN_CHAIN", number, rows.sent)
            found.append(line)
            here[number] = digest
            last, head = number, digest
    problem = "UNREADABLE" if rows.unreadable else ""
    return Reading(tuple(found), seen, head, problem, last + 1 if problem else 0, rows.sent)


def _split(body: bytes) -> _Rows:
    rows = _Rows()
    texts = body.decode("utf-8", "surrogateescape").split("\n")
    if len(texts) > MOST_ROWS:
        texts, rows.unreadable = texts[:MOST_ROWS], True
    for row in texts:
        if not row.strip():
            continue
        if row.startswith("#"):
            rows.sent = _sent(row[1:])
            continue
        seal, _tab, text = row.partition("\t")
        number = _number(text)
        if number is None or len(text) > MOST_LINE:
            rows.unreadable = True
            continue
        rows.by_number.setdefault(number, []).append((seal.encode("ascii", "replace").decode(), text))
    return rows


def _object(text: str) -> dict[str, Any] | None:
    try:
        text.encode()
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(text: str) -> int | None:
    found = _object(text)
    number = found.get("n") if found else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31 else None


def _sent(text: str) -> Sent | None:
    found = _object(text)
    if found is None or not isinstance(found.get("mono"), int | float):
        return None
    return Sent(str(found.get("now", ""))[:40], float(found["mono"]), str(found.get("run", ""))[:40])


def _line(text: str, digest: bytes) -> Line | None:
    """A sealed line as an event; None for one that this version cannot understand."""
    found = _object(text) or {}
    kind, mono, offset = found.get("k"), found.get("mono"), found.get("off")
    texts = [found.get(name, "") for name in ("card", "copy", "at", "run", "due")]
    if kind not in KINDS or not all(isinstance(one, str) and "\x00" not in one for one in texts):
        return None
    if not isinstance(mono, int | float) or not (offset is None or isinstance(offset, int | float)):
        return None
    card, copy, at, run, due = texts
    return Line(
        number=found["n"],
        kind=kind,
        card=card.strip()[:NUMBER_LENGTH],
        copy=copy.strip()[:NUMBER_LENGTH],
        at=at[:40],
        mono=float(mono),
        run=run[:40],
        offset=offset,
        due=due[:10],
        digest=digest,
    )
