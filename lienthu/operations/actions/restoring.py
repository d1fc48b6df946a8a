"""Restoring into an empty home. It is built aside and moved into place last, so a broken-off one never runs."""

import json
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthu.kernel import clock
from lienthu.operations.backup.contents import RESTORED_NOTE, SECRET_KEY_FILE
from lienthu.operations.backup.filling import (
    ANCHORS_FILE,
    Server,
    compare,
    fill_database,
    remove_database,
    remove_home,
    staging_server,
    verify_trail,
    write_anchors,
    write_documents,
)
from lienthu.operations.backup.programs import Address, address_of_url
from lienthu.operations.backup.reading import Checked, check_file, require_known_migrations
from lienthu.operations.backup.snapshot import table_count
from lienthu.operations.backup.space import require_space
from lienthu.operations.problems import BackupProblem
from lienthu.server.children import STEPS
from lienthu.server.errors import ServerError
from lienthu.server.home import RESTORING, log_folder, prepare_home, run_folder
from lienthu.server.locks import FileLock
from lienthu.server.preparation import note_done

SETTINGS_NOTE = "restored-settings.json"
DOCUMENTS = "documents"

# What an unused home may hold, and what a restore that was broken off may have put there.
_UNUSED = {"run", "logs", SECRET_KEY_FILE, RESTORING, "lost+found"}
_OURS = ("postgres", "postgres.location", DOCUMENTS, ANCHORS_FILE, RESTORED_NOTE, SETTINGS_NOTE)


@dataclass(frozen=True)
class Restored:
    """What was restored. `secret_key`: was the key of the installation inside? `settings`: where the others are."""

    checked: Checked
    tables: int
    rows: int
    documents: int
    audit_entries: int
    secret_key: bool
    settings: Path


def restore_backup(
    *, path: Path, home: Path, database_url: str | None, passphrase: str | None, report: Any
) -> Restored:
    """Restore into an empty home and its own database, or into the empty one that `database_url` names.

    The file is checked whole before anything is written. Raises BackupProblem; ServerError when PostgreSQL cannot run:
    the home is then as it was before.
    """
    _require_empty(home)
    checked = check_file(path, passphrase, lambda done, total: report("READING", done, total))
    require_known_migrations(checked.manifest)
    made = [folder for folder in (run_folder(home), log_folder(home), home) if not folder.exists()]
    prepare_home(home)
    lock = FileLock(run_folder(home) / "restore.lock")
    if not lock.acquire(wait=False):
        raise BackupProblem("restore_running", home=str(home))
    try:
        _require_empty(home)
        _start_over(home)
        needed = checked.manifest.document_bytes + (0 if database_url else checked.manifest.database_bytes)
        require_space({home: needed})
        return _restore(checked, home, database_url, passphrase, report)
    except (BackupProblem, ServerError):
        _start_over(home)
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        lock.release()


def _require_empty(home: Path) -> None:
    """Raise BackupProblem unless nothing in the home would be lost."""
    try:
        names = {entry.name for entry in os.scandir(home)}
    except FileNotFoundError:
        return
    except OSError as error:
        raise BackupProblem("folder_unusable", folder=str(home), reason=error.strerror or "") from None
    found = names - _UNUSED - (set(_OURS) if RESTORING in names else set())
    if found:
        raise BackupProblem("home_not_empty", home=str(home), found=", ".join(sorted(found)[:5]))


def _start_over(home: Path) -> None:
    """Remove what a restore that was broken off has left. Only called for a home that is empty but for that."""
    staging = home / RESTORING
    if not staging.exists():
        return
    remove_home(staging)
    remove_database(home)
    for name in _OURS:
        left = home / name
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _restore(checked: Checked, home: Path, database_url: str | None, passphrase: str | None, report: Any) -> Restored:
    staging = home / RESTORING
    with ExitStack() as stack:
        server: Server | None = None
        if database_url:
            staging.mkdir(mode=0o700)
            address: Address = address_of_url(database_url)
            filled = _is_filled(checked, address, report)
        else:
            server = stack.enter_context(staging_server(staging, lasting=True))
            address, filled = server.address, False
        settings = write_anchors(checked, staging, passphrase)
        write_documents(checked, staging, passphrase, report)
        if not filled:
            report("RESTORING", 0, 0)
            fill_database(checked, address, passphrase)
        facts = compare(checked, address, report)
        report("TRAIL", 0, 0)
        url = server.url if server else str(database_url)
        entries = verify_trail(staging, url, (server.descriptor,) if server else ())
    _write_notes(checked, staging, settings)
    _move_into_place(staging, home, settings)
    return Restored(
        checked=checked,
        tables=len(facts.tables),
        rows=facts.rows,
        documents=len(checked.manifest.documents),
        audit_entries=entries,
        secret_key=SECRET_KEY_FILE in settings.get("files", {}),
        settings=home / SETTINGS_NOTE,
    )


def _is_filled(checked: Checked, address: Address, report: Any) -> bool:
    """Did an earlier try, broken off later, fill this very database? Raises BackupProblem when it holds anything else.

    The dump is restored in one transaction, so it is all there or not at all.
    """
    count = table_count(address)
    if not count:
        return False
    try:
        compare(checked, address, report)
    except BackupProblem:
        raise BackupProblem("database_not_empty", count=count) from None
    return True


def _write_notes(checked: Checked, staging: Path, settings: dict[str, Any]) -> None:
    """Leave word of where this home comes from, and the settings for the person to compare."""
    note = {
        "file": checked.path.name,
        "made_at": checked.manifest.created_at,
        "restored_at": clock.now().isoformat(timespec="seconds"),
        "product_version": checked.manifest.product_version,
        "size": checked.size,
        "rows": checked.manifest.facts.rows,
        "noted": False,
    }
    _write_private(staging / RESTORED_NOTE, json.dumps(note, ensure_ascii=False))
    environment = settings.get("environment", {})
    text = {"environment": environment, "left_out": list(checked.manifest.left_out)}
    _write_private(staging / SETTINGS_NOTE, json.dumps(text, ensure_ascii=False, indent=1))
    for name, content in settings.get("files", {}).items():
        if "/" not in name and not name.startswith("."):
            _write_private(staging / name, str(content))


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _move_into_place(staging: Path, home: Path, settings: dict[str, Any]) -> None:
    """The staging folder goes last: as long as it is there, nothing starts in this home."""
    for name in (*_OURS, *settings.get("files", {})):
        if (staging / name).exists():
            os.replace(staging / name, home / name)
    # the next start brings the tables up to date and builds the index, but must not load a demonstration
    for step in STEPS:
        if step.demonstration:
            note_done(home, step)
    handle = os.open(home, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    shutil.rmtree(staging)
