"""Asking a Z39.50 server, through YAZ in a process of its own that is killed when its time is over."""

import base64
import binascii
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthu.kernel.fetching import FetchError, FetchFailed, checked_addresses
from lienthu.targets.answers import ANSWER_BYTES, RECORD_BYTES, RawAnswer, RawFound
from lienthu.targets.problems import TargetProblem

_PROGRAM = Path(__file__).with_name("child.py")
# The child names a record in base64, four bytes for three, and a little around it.
_OUTPUT_BYTES = ANSWER_BYTES * 3 // 2
_MARC_SYNTAXES = {"usmarc", "marc21", "usmarc-bibliographic"}
# Diagnostics of Bib-1 about who we are, at Init or later.
_LOGIN = frozenset({1010, 1011, 1012, 1014})
_READ = 64 * 1024
# How much later than the server's time the child may still be: it has to start and to write.
_GRACE = 2.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. `query_charset`: what words are sent in, "" for UTF-8."""

    host: str
    port: int
    database: str
    syntax: str = "usmarc"
    user: str = ""
    password: str = ""
    query_charset: str = ""


def is_installed() -> bool:
    """Whether YAZ can be loaded here."""
    try:
        return not any("error" in event for event in _events({"version": 1}, seconds=10.0))
    except TargetProblem:
        return False


def ask(server: Server, *, query: str, seconds: float, records: int) -> RawAnswer:
    """Send one query (PQF; "" only connects) and take at most `records` records within `seconds`.

    Raises TargetProblem. What came before an error among the records is kept.
    """
    deadline = time.monotonic() + seconds
    question = {
        "address": f"tcp:{_address(server, seconds=seconds)}:{server.port}",
        "database": server.database,
        "syntax": server.syntax,
        "user": server.user,
        "password": server.password,
        "query_charset": server.query_charset,
        "query": query,
        "records": records,
        "bytes": ANSWER_BYTES,
        "record_bytes": RECORD_BYTES,
        "seconds": max(1, int(deadline - time.monotonic())),
    }
    return _collect(_events(question, seconds=deadline - time.monotonic() + _GRACE), named=bool(server.user))


def _address(server: Server, *, seconds: float) -> str:
    """The checked IP address, to which the child connects without asking for the name again."""
    try:
        found = checked_addresses(server.host, server.port, seconds=seconds)
    except FetchError as error:
        status = error.status if isinstance(error, FetchFailed) else None
        raise TargetProblem("fetch", code=error.code, status=status) from error
    return f"[{found[0]}]" if ":" in found[0] else found[0]


def _collect(events: Iterator[dict[str, Any]], *, named: bool) -> RawAnswer:
    hits, skipped, done = 0, 0, False
    found: list[RawFound] = []
    problem: TargetProblem | None = None
    try:
        for event in events:
            if "record" in event:
                one = _record(event)
                found += [one] if one else []
                skipped += 0 if one else 1
            elif "skipped" in event:
                skipped += 1
            elif "hits" in event:
                hits = int(event["hits"])
            elif "error" in event:
                problem = _problem(event, named=named)
            done = done or "done" in event
    except TargetProblem as error:
        problem = error
    if problem is None and not done:
        problem = TargetProblem("child_died")
    if problem is not None and not found:
        raise problem
    return RawAnswer(hits=hits, records=tuple(found), skipped=skipped)


def _record(event: dict[str, Any]) -> RawFound | None:
    syntax = str(event.get("syntax", "")).lower()
    try:
        raw = base64.b64decode(event["record"], validate=True)
    except (binascii.Error, TypeError):
        return None
    if syntax in _MARC_SYNTAXES:
        return RawFound(raw, "usmarc")
    return RawFound(raw, "xml") if syntax == "xml" or syntax.endswith("-xml") else None


def _problem(event: dict[str, Any], *, named: bool) -> TargetProblem:
    """What went wrong; `named`: we gave a name, so a refused session means that it or the password is wrong."""
    code = str(event["error"])
    if code == "rejected" or (code == "bib1" and event.get("number") in _LOGIN):
        return TargetProblem("z_login_refused" if named else "z_login_wanted")
    if code == "bib1":
        return TargetProblem("bib1", number=int(event.get("number", 0)), detail=str(event.get("detail", "")))
    return TargetProblem(code if code in {"yaz_missing", "too_much"} else f"z_{code}")


def _events(question: dict[str, Any], *, seconds: float) -> Iterator[dict[str, Any]]:
    """Run the child on one question; its events as they come. TargetProblem when it is late or talks too much."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PATH": os.defpath},
        cwd="/",
        start_new_session=True,
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(question).encode())
        process.stdin.close()
        for line in _lines(process.stdout.fileno(), deadline=time.monotonic() + seconds):
            yield _read(line)
    except BrokenPipeError as error:
        raise TargetProblem("child_died") from error
    finally:
        _kill(process)


def _read(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError as error:
        raise TargetProblem("child_died") from error
    return event if isinstance(event, dict) else {}


def _lines(stream: int, *, deadline: float) -> Iterator[bytes]:
    buffer, total = bytearray(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TargetProblem("z_timeout")
            chunk = os.read(stream, _READ)
            if not chunk:
                return
            total += len(chunk)
            if total > _OUTPUT_BYTES:
                raise TargetProblem("too_much")
            buffer += chunk
            *whole, rest = buffer.split(b"\n")
            buffer = bytearray(rest)
            yield from (bytes(line) for line in whole)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and all that it may have started, whatever state it is in."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
