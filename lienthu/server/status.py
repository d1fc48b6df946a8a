"""What the keeper of a database tells those who wait for it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from lienthu.server.home import run_folder
from lienthu.server.locks import is_free
from lienthu.server.processes import is_alive

STARTING, READY, STOPPING, FAILED = "starting", "ready", "stopping", "failed"


@dataclass(frozen=True)
class Status:
    """state is one of the four above; message is for a person and only filled when FAILED; pids are 0 when unknown."""

    keeper: int
    state: str
    postmaster: int = 0
    message: str = ""


def keeper_lock(home: Path) -> Path:
    """Held by the keeper as long as it lives: at most one per home."""
    return run_folder(home) / "postgres.keeper"


def users_lock(home: Path) -> Path:
    """Held shared by everybody who needs the database; when the keeper gets it alone, nobody does any more."""
    return run_folder(home) / "postgres.users"


def _path(home: Path) -> Path:
    return run_folder(home) / "postgres.status"


def write_status(home: Path, status: Status) -> None:
    draft = _path(home).with_name(f"postgres.status.{os.getpid()}")
    draft.write_text(json.dumps(asdict(status), ensure_ascii=False))
    draft.replace(_path(home))


def read_status(home: Path) -> Status | None:
    try:
        return Status(**json.loads(_path(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def keeper_runs(home: Path) -> bool:
    return not is_free(keeper_lock(home), shared=True)


def ready_status(home: Path) -> Status | None:
    """The status of a database that can be used now; None otherwise."""
    status = read_status(home)
    # a status left by a keeper that was killed is told by its dead process
    if status and status.state == READY and keeper_runs(home) and is_alive(status.keeper):
        return status
    return None
