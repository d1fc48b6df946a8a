"""Reading one backup file back: every byte is checked before anything is built from it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader

from lienthu.operations.backup import container
from lienthu.operations.backup.contents import Document, is_document_key
from lienthu.operations.backup.snapshot import Facts, TableState
from lienthu.operations.backup.writing import FORMAT, FORMAT_VERSION
from lienthu.operations.problems import BackupProblem

Progress = Callable[[int, int], None]
"""Called with bytes read and bytes in all."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `facts` are those of the database at its moment."""

    product_version: str
    created_at: str
    province: str
    facts: Facts
    table_bytes: int
    parts: dict[str, tuple[int, str]]
    documents: tuple[Document, ...]
    secrets_inside: bool
    left_out: tuple[str, ...]

    @property
    def document_bytes(self) -> int:
        return sum(one.size for one in self.documents)

    @property
    def database_bytes(self) -> int:
        """What a database with this content needs on disk: tables, their indexes, the log, PostgreSQL's own files."""
        return self.table_bytes * 2 + (256 << 20)


@dataclass(frozen=True)
class Checked:
    """A backup file whose every byte is as it was written. `warnings` were noted when it was made."""

    path: Path
    size: int
    manifest: Manifest
    warnings: list[dict[str, Any]]


def check_file(path: Path, passphrase: str | None, progress: Progress = lambda done, total: None) -> Checked:
    """Read the whole file and check every part. Raises BackupProblem at the first thing that is not right."""
    with container.open_backup(path, passphrase) as reader:
        size = path.stat().st_size
        parts = reader.parts()
        first = next(parts, None)
        if first is None or first.name != container.MANIFEST:
            raise BackupProblem("damaged", offset=0)
        manifest = read_manifest(first.source.all())
        expected = _expected(manifest)
        damaged = list[str]()
        warnings: list[dict[str, Any]] = []
        for part in parts:
            if part.name == container.PROBLEMS:
                warnings = container.read_json(part.source.all())
                continue
            name, length, digest = next(expected, ("", 0, ""))
            if part.name != name:
                raise BackupProblem("damaged", offset=reader.offset)
            found = hashlib.sha256()
            while piece := part.source.read():
                found.update(piece)
                progress(min(reader.offset, size), size)
            if (part.size, found.hexdigest()) != (length, digest):
                damaged.append(part.name)
        if next(expected, None) is not None:
            raise BackupProblem("damaged", offset=reader.offset)
    _refuse_damage(damaged, warnings)
    return Checked(path, size, manifest, warnings)


def _expected(manifest: Manifest) -> Any:
    """Name, size and SHA-256 of every part after the manifest, in their order."""
    for name, (size, digest) in manifest.parts.items():
        yield name, size, digest
    for document in manifest.documents:
        yield container.DOCUMENTS + document.key, document.size, document.sha256


def _refuse_damage(damaged: list[str], warnings: list[dict[str, Any]]) -> None:
    """A document that was damaged before the backup was made is told there; any other damage is the backup's own."""
    known = {container.DOCUMENTS + str(one.get("params", {}).get("key")) for one in warnings}
    for name in damaged:
        if name not in known:
            raise BackupProblem("part_damaged", part=name)


def read_manifest(data: bytes) -> Manifest:
    """Raises BackupProblem for a manifest of a newer format, or one that cannot be ours."""
    found = container.read_json(data)
    try:
        if found["format"] != FORMAT:
            raise BackupProblem("damaged", offset=0)
        if found["format_version"] > FORMAT_VERSION:
            raise BackupProblem("newer_format", version=str(found["product_version"]))
        facts = Facts(
            server_version=found["postgresql"]["version"],
            server_major=found["postgresql"]["major"],
            tables={name: TableState(**one) for name, one in found["tables"].items()},
            migrations=found["migrations"],
            audit_seq=found["audit"]["seq"],
            audit_hash=found["audit"]["hash"],
        )
        documents = tuple(Document(one["key"], one["size"]) for one in found["documents"])
        parts = {one["name"]: (one["size"], one["sha256"]) for one in found["parts"]}
        usable = all(is_document_key(one.key) for one in documents) and list(parts) == [
            container.SETTINGS,
            container.ANCHORS,
            container.DATABASE,
        ]
        if not usable:
            raise BackupProblem("damaged", offset=0)
        return Manifest(
            product_version=found["product_version"],
            created_at=found["created_at"],
            province=found["province"],
            facts=facts,
            table_bytes=int(found["postgresql"]["table_bytes"]),
            parts=parts,
            documents=documents,
            secrets_inside=found["secrets"]["inside"],
            left_out=tuple(found["secrets"]["left_out"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BackupProblem("damaged", offset=0) from None


def require_known_migrations(manifest: Manifest) -> None:
    """Raise BackupProblem for a backup of a newer version, whose tables this program does not know."""
    known = {*MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    apps = {app for app, _name in known}
    for app, names in manifest.facts.migrations.items():
        for name in names:
            if app in apps and (app, name) not in known and not _replaced(app, name):
                raise BackupProblem("newer_migrations", version=manifest.product_version, app=app, name=name)


def _replaced(app: str, name: str) -> bool:
    """Was this migration squashed into another one that we have?"""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return any((app, name) in one.replaces for one in loader.disk_migrations.values())
