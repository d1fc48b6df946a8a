"""The folder of an index: generations side by side, and a pointer to the one in use.

<path>/current          name of the generation in use; replaced in one step
<path>/writer.lock      held by the one writing process
<path>/rebuild.wanted   asks the writing process for a rebuild
<path>/g-…/             a tantivy index, its SCHEMA version, and INCOMPLETE until it holds every record
"""

import os
import secrets
import shutil
from pathlib import Path

import tantivy

from lienthu.search.schema import SCHEMA_VERSION, build_schema, register_analyzers

_POINTER = "current"
_SCHEMA = "SCHEMA"
_INCOMPLETE = "INCOMPLETE"
_PREFIX = "g-"


class Unreadable(Exception):
    """A generation is missing, of another schema version or damaged."""


def current(path: Path) -> str | None:
    """Name of the generation in use; None when there is none."""
    try:
        name = (path / _POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return name if name.startswith(_PREFIX) and "/" not in name else None


def commit_stamp(path: Path, name: str) -> int:
    """Changes with every commit and merge of a generation. Raises OSError where it is gone."""
    return (path / name / "meta.json").stat().st_mtime_ns


def pointer_stamp(path: Path) -> int:
    """A number that changes when the pointer does."""
    try:
        found = os.stat(path / _POINTER)
    except FileNotFoundError:
        return 0
    return found.st_mtime_ns ^ found.st_ino


def create(path: Path) -> str:
    """A new, empty generation, not yet in use."""
    name = _PREFIX + secrets.token_hex(6)
    folder = path / name
    folder.mkdir(parents=True)
    (folder / _INCOMPLETE).touch()
    tantivy.Index(build_schema(), path=str(folder))
    (folder / _SCHEMA).write_text(str(SCHEMA_VERSION), encoding="ascii")
    return name


def open_index(path: Path, name: str) -> tantivy.Index:
    """The index of a generation, analyzers registered, without threads of its own. Raises `Unreadable`."""
    folder = path / name
    try:
        version = (folder / _SCHEMA).read_text(encoding="ascii")
        if version != str(SCHEMA_VERSION):
            raise Unreadable(f"index of schema {version}, this program reads {SCHEMA_VERSION}")
        index = tantivy.Index.open(str(folder))
    except (OSError, ValueError) as error:
        raise Unreadable(str(error)) from error
    register_analyzers(index)
    index.config_reader("manual", 0)
    return index


def use(path: Path, name: str) -> None:
    """Point readers to this generation; lasting even when power fails right after."""
    draft = path / f"{_POINTER}.new"
    with draft.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path / _POINTER)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def mark_complete(path: Path, name: str) -> None:
    """Say that the generation holds every record."""
    (path / name / _INCOMPLETE).unlink(missing_ok=True)


def is_complete(path: Path, name: str) -> bool:
    """Whether the generation was filled by a whole rebuild."""
    return (path / name / _SCHEMA).exists() and not (path / name / _INCOMPLETE).exists()


def size(path: Path, name: str) -> int:
    """Bytes on disk."""
    total = 0
    with os.scandir(path / name) as entries:
        for entry in entries:
            try:
                total += entry.stat().st_size
            except FileNotFoundError:
                continue
    return total


def others(path: Path, keep: set[str]) -> list[str]:
    """Generations besides those kept."""
    with os.scandir(path) as entries:
        return [entry.name for entry in entries if entry.name.startswith(_PREFIX) and entry.name not in keep]


def remove(path: Path, name: str) -> None:
    """Delete a generation that nobody opens any more; readers that still have it keep their open files."""
    shutil.rmtree(path / name, ignore_errors=True)
