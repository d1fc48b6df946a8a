"""Building a home from a checked backup file, and proving that it holds the same."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from lienthu.kernel.storage import key_of
from lienthu.operations.backup import container
from lienthu.operations.backup.programs import Address, address_of_url, connect, restore
from lienthu.operations.backup.reading import Checked
from lienthu.operations.backup.snapshot import Facts, facts_of, server_major
from lienthu.operations.problems import BackupProblem
from lienthu.server.errors import ServerError
from lienthu.server.home import environment, make_folder
from lienthu.server.locks import FileLock
from lienthu.server.places import STATE, find_place
from lienthu.server.postgres import EmbeddedPostgres
from lienthu.server.status import keeper_runs

ANCHORS_FILE = "audit-anchors.log"
_REHEARSAL = "restore-test-"
_LONGEST_WAIT = 60.0

Report = Callable[[str, int, int], None]
"""Called with the phase (READING, RESTORING, COMPARING), how much is done, and how much there is."""


@dataclass(frozen=True)
class Compared:
    """A restored database holds the same as the backup says."""

    tables: int
    rows: int
    audit_entries: int


@dataclass(frozen=True)
class Server:
    """A running embedded server of a folder that is a home of its own."""

    home: Path
    url: str
    descriptor: int

    @property
    def address(self) -> Address:
        return address_of_url(self.url)


@contextmanager
def staging_server(home: Path, *, lasting: bool) -> Iterator[Server]:
    """An embedded server in a new home. Without `lasting` it need not survive a power cut, and is quicker."""
    make_folder(home, mode=0o711 if os.geteuid() == 0 else 0o700)
    server = EmbeddedPostgres(home)
    server.start()
    try:
        if not lasting:
            with connect(address_of_url(server.dsn())) as connection:
                for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
                connection.execute("SELECT pg_reload_conf()")
        yield Server(home, server.dsn(), server.descriptor)
    finally:
        server.stop()


@contextmanager
def throwaway_server(parent: Path) -> Iterator[Server]:
    """A server for one rehearsal; nothing of it stays, also not of one that was killed earlier.

    Raises BackupProblem while another rehearsal runs in the same place.
    """
    parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(parent / "restore-test.lock")
    if not lock.acquire(wait=False):
        raise BackupProblem("test_running")
    try:
        for remains in parent.glob(f"{_REHEARSAL}*"):
            remove_home(remains)
        home = parent / f"{_REHEARSAL}{secrets.token_hex(4)}"
        try:
            with staging_server(home, lasting=False) as server:
                yield server
        finally:
            remove_home(home)
    finally:
        lock.release()


def remove_home(home: Path) -> None:
    """Delete a staging home with its database, wherever that lies, once its server has stopped."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while keeper_runs(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    remove_database(home)
    shutil.rmtree(home, ignore_errors=True)


def remove_database(home: Path) -> None:
    """Delete the database of a home whose server does not run."""
    try:
        place = find_place(home)
    except ServerError:
        place = None
    if place is not None:
        for folder in (place.data, place.sockets):
            shutil.rmtree(folder, ignore_errors=True)
        if place.data.parent.parent == STATE:
            shutil.rmtree(place.data.parent, ignore_errors=True)
    (home / "postgres.location").unlink(missing_ok=True)


def fill_database(checked: Checked, address: Address, passphrase: str | None) -> None:
    """Restore the dump into an empty database, all or nothing."""
    with container.open_backup(checked.path, passphrase) as reader:
        for part in reader.parts():
            if part.name == container.DATABASE:
                restore(address, server_major=server_major(address), source=part.source)
                return


def compare(checked: Checked, address: Address, report: Report) -> Facts:
    """Raise BackupProblem unless every table has the same number of rows with the same contents."""
    found = facts_of(address, lambda done, total: report("COMPARING", done, total))
    expected = checked.manifest.facts
    for table in sorted(expected.tables.keys() | found.tables.keys()):
        here, there = found.tables.get(table), expected.tables.get(table)
        if here != there:
            raise BackupProblem(
                "rows_differ",
                table=table,
                found=here.rows if here else 0,
                expected=there.rows if there else 0,
            )
    if (found.audit_seq, found.audit_hash) != (expected.audit_seq, expected.audit_hash):
        raise BackupProblem("rows_differ", table="audit_head", found=found.audit_seq, expected=expected.audit_seq)
    return found


def verify_trail(home: Path, url: str, descriptors: tuple[int, ...] = ()) -> int:
    """Check the chain of the restored trail against the restored anchors, in a process of its own: sound entries.

    Raises BackupProblem when it is broken.
    """
    variables = environment(home, url)
    # the settings of the running installation must not keep a check of another database from starting
    variables |= {"DATABASE_URL": url, "LIENTHU_HOME": str(home)}
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "django", "audit", "--skip-checks", "verify", "--json"],
        env=variables,
        pass_fds=descriptors,
        capture_output=True,
        check=False,
    )
    lines = answer.stdout.decode(errors="replace").strip().splitlines()
    outcome = _outcome(lines[-1] if lines else "")
    if outcome is None:
        words = answer.stderr.decode(errors="replace").strip().splitlines()
        raise BackupProblem("program_failed", program="lienthu audit verify", reason=words[-1][:500] if words else "?")
    if not outcome["ok"]:
        raise BackupProblem("trail_broken", reason=outcome["message"])
    return int(outcome["checked"])


def _outcome(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"ok", "checked", "message"} <= found.keys() else None


def write_anchors(checked: Checked, home: Path, passphrase: str | None) -> dict[str, Any]:
    """Write the anchors of the trail into a home; returns the settings part."""
    found: dict[str, Any] = {}
    with container.open_backup(checked.path, passphrase) as reader:
        for part in reader.parts():
            if part.name == container.SETTINGS:
                found = container.read_json(part.source.all())
            elif part.name == container.ANCHORS:
                _write(home / ANCHORS_FILE, part.source, mode=0o640)
                break
    return found


def write_documents(checked: Checked, home: Path, passphrase: str | None, report: Report) -> None:
    """Write the documents into a home. Each is checked once more; those that were damaged before are left out."""
    documents = {container.DOCUMENTS + one.key: one for one in checked.manifest.documents}
    damaged = {str(one.get("params", {}).get("key")) for one in checked.warnings}
    total, done = sum(one.size for one in documents.values()), 0
    with container.open_backup(checked.path, passphrase) as reader:
        for part in reader.parts():
            document = documents.get(part.name)
            if document is None:
                continue
            if document.key not in damaged:
                digest = _write(home / "documents" / document.key, part.source, mode=0o640)
                if key_of(digest) != document.key:
                    raise BackupProblem("part_damaged", part=part.name)
            done += document.size
            report("WRITING", done, total)


def _write(path: Path, source: container.Source, *, mode: int) -> str:
    """Write a file so that it lasts; returns its SHA-256."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        os.fchmod(file.fileno(), mode)
        while piece := source.read(1 << 20):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
