"""Which steps of preparation a home still needs: what was done is noted in the home with a digest of its inputs."""

import hashlib
import json
import os
import sysconfig
from pathlib import Path

from lienthu.server.children import Step
from lienthu.server.home import run_folder
from lienthu.server.places import find_place

_PACKAGE = Path(__file__).resolve().parent.parent


def is_done(home: Path, step: Step) -> bool:
    """Has this step been done with the files, the installed packages and the database of now?

    A server that DATABASE_URL names may have been emptied meanwhile, so nothing in it is taken for granted.
    """
    if step.in_database and "DATABASE_URL" in os.environ:
        return False
    return _notes(home).get(step.name) == _digest(home, step)


def note_done(home: Path, step: Step) -> None:
    path = _path(home)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({**_notes(home), step.name: _digest(home, step)}, indent=1))
    draft.replace(path)


def _path(home: Path) -> Path:
    return run_folder(home) / "prepared.json"


def _notes(home: Path) -> dict[str, str]:
    try:
        notes = json.loads(_path(home).read_text())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _digest(home: Path, step: Step) -> str:
    digest = hashlib.sha256("\0".join(step.command).encode())
    if step.in_database:
        digest.update(_database_number(home))
    if step.inputs:
        digest.update("\n".join(_installed_packages()).encode())
    for path in sorted(path for pattern in step.inputs for path in _PACKAGE.glob(pattern) if path.is_file()):
        found = path.stat()
        digest.update(f"{path.relative_to(_PACKAGE)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _database_number(home: Path) -> bytes:
    """The number that initdb gives every cluster, from the first 8 bytes of its control file."""
    place = find_place(home)
    if place is None:
        return b""
    with open(place.data / "global" / "pg_control", "rb") as file:
        return file.read(8)


def _installed_packages() -> list[str]:
    """Names with versions: other packages bring migrations and static files too."""
    return sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info"))
