"""Making one backup file: a consistent moment of the database, and every document that it names."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from lienthu import __version__
from lienthu.kernel import clock, storage
from lienthu.operations.backup import container
from lienthu.operations.backup.contents import Document, anchors_part, settings_part, stored_documents
from lienthu.operations.backup.programs import Address, dump, dumping_program
from lienthu.operations.backup.sealing import SealingWriter
from lienthu.operations.backup.snapshot import Facts, snapshot
from lienthu.operations.backup.space import require_space
from lienthu.operations.problems import BackupProblem

FORMAT, FORMAT_VERSION = "lienthu-backup", 1
PREFIX = "lienthu-backup-"

Report = Callable[[str, int, int], None]
"""Called with the phase (COUNTING, DATABASE, WRITING), how much is done, and how much there is (0: nobody knows)."""


@dataclass(frozen=True)
class Made:
    """A finished backup file. `warnings` are problems as JSON: documents that were missing or damaged already."""

    path: Path
    size: int
    sha256: str
    encrypted: bool
    facts: Facts
    documents: int
    document_bytes: int
    dump_bytes: int
    warnings: list[dict[str, Any]]
    left_out: list[str]


class _Output:
    """A file that knows its size and SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def write_backup(*, address: Address, folder: Path, passphrase: str | None, report: Report) -> Made:
    """Write a backup into the folder. Nothing there looks like a backup before it is whole and on disk.

    Raises BackupProblem; OSError when a disk fails meanwhile.
    """
    _prepare(folder)
    scratch = Path(settings.HOME) / "run"
    scratch.mkdir(parents=True, exist_ok=True)
    with snapshot(address) as moment:
        documents, strange = stored_documents(Path(settings.DOCUMENTS_ROOT))
        most = moment.table_bytes()
        require_space({folder: most + sum(one.size for one in documents), scratch: most})
        facts = moment.facts(lambda done, total: report("COUNTING", done, total))
        dumping_program(facts.server_major)
        named = moment.document_keys()
        # without a name: whatever happens, nothing of it stays behind
        with tempfile.TemporaryFile(dir=scratch) as dumped:
            size = 0
            for piece in dump(address, server_major=facts.server_major, snapshot=moment.name):
                size += dumped.write(piece)
                report("DATABASE", size, 0)
            job = _Job(facts, most, documents, dumped, size, passphrase, report)
            job.warnings += [_warning("document_strange", name=name) for name in strange[:50]]
            job.warnings += [_warning("document_missing", key=key) for key in sorted(named - _keys(documents))[:50]]
            return job.write_into(folder)


def _prepare(folder: Path) -> None:
    """The folder exists, can be written, and holds no remains of a backup that was killed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for remains in folder.glob(f".{PREFIX}*.part"):
            remains.unlink()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BackupProblem("folder_unusable", folder=str(folder), reason=error.strerror or str(error)) from None


def _keys(documents: list[Document]) -> set[str]:
    return {one.key for one in documents}


def _warning(code: str, **params: Any) -> dict[str, Any]:
    return BackupProblem(code, **params).as_json()


class _Job:
    """What is known once the dump is made: the rest is writing it down."""

    def __init__(
        self,
        facts: Facts,
        table_bytes: int,
        documents: list[Document],
        dumped: IO[bytes],
        dump_size: int,
        passphrase: str | None,
        report: Report,
    ) -> None:
        self.facts, self.table_bytes, self.documents = facts, table_bytes, documents
        self.dumped, self.dump_size = dumped, dump_size
        self.passphrase, self.report = passphrase, report
        self.warnings: list[dict[str, Any]] = []
        self.settings, self.left_out = settings_part(with_secrets=passphrase is not None)
        self.anchors = anchors_part(facts.audit_seq)

    def write_into(self, folder: Path) -> Made:
        path = _free_name(folder)
        draft = path.with_name(f".{path.name}.part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                output = _Output(file)
                if self.passphrase is None:
                    self._write_parts(output)
                else:
                    sealing = SealingWriter(output, self.passphrase)  # type: ignore[arg-type]
                    self._write_parts(sealing)
                    sealing.close()
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
            _sync_folder(folder)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return Made(
            path=path,
            size=output.size,
            sha256=output.sha256,
            encrypted=self.passphrase is not None,
            facts=self.facts,
            documents=len(self.documents),
            document_bytes=sum(one.size for one in self.documents),
            dump_bytes=self.dump_size,
            warnings=self.warnings,
            left_out=self.left_out,
        )

    def _write_parts(self, out: container.Sink) -> None:
        writer = container.ContainerWriter(out)
        writer.add_bytes(container.MANIFEST, json.dumps(self._manifest(), ensure_ascii=False, indent=1).encode())
        writer.add_bytes(container.SETTINGS, self.settings)
        writer.add_bytes(container.ANCHORS, self.anchors)
        self.dumped.seek(0)
        writer.add(container.DATABASE, self.dump_size, self.dumped)
        total = self.dump_size + sum(one.size for one in self.documents)
        done = self.dump_size
        for document in self.documents:
            self._write_document(writer, document)
            done += document.size
            self.report("WRITING", done, total)
        writer.add_bytes(container.PROBLEMS, json.dumps(self.warnings, ensure_ascii=False).encode())
        writer.finish()

    def _write_document(self, writer: container.ContainerWriter, document: Document) -> None:
        """A document that cannot be read any more must not keep the rest from being saved."""
        try:
            with storage.open_stored(document.key) as source:
                digest = writer.add(container.DOCUMENTS + document.key, document.size, source)
        except FileNotFoundError:
            writer.add(container.DOCUMENTS + document.key, 0, _Nothing())
            digest = ""
        if digest != document.sha256:
            self.warnings.append(_warning("document_damaged", key=document.key))

    def _manifest(self) -> dict[str, Any]:
        self.dumped.seek(0)
        digest = hashlib.file_digest(self.dumped, "sha256").hexdigest()  # type: ignore[arg-type]
        parts = [
            _part(container.SETTINGS, len(self.settings), hashlib.sha256(self.settings).hexdigest()),
            _part(container.ANCHORS, len(self.anchors), hashlib.sha256(self.anchors).hexdigest()),
            _part(container.DATABASE, self.dump_size, digest),
        ]
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "product_version": __version__,
            "created_at": clock.now().isoformat(timespec="seconds"),
            "province": settings.PROVINCE,
            "site_url": settings.SITE_URL,
            "postgresql": {
                "version": self.facts.server_version,
                "major": self.facts.server_major,
                "table_bytes": self.table_bytes,
            },
            "migrations": self.facts.migrations,
            "audit": {"seq": self.facts.audit_seq, "hash": self.facts.audit_hash},
            "tables": {name: {"rows": one.rows, "digest": one.digest} for name, one in self.facts.tables.items()},
            "secrets": {"inside": self.passphrase is not None, "left_out": self.left_out},
            "parts": parts,
            "documents": [{"key": one.key, "size": one.size, "sha256": one.sha256} for one in self.documents],
        }


class _Nothing:
    """The source of a part without bytes."""

    def read(self, size: int) -> bytes:
        return b""


def _part(name: str, size: int, sha256: str) -> dict[str, Any]:
    return {"name": name, "size": size, "sha256": sha256}


def _free_name(folder: Path) -> Path:
    """A name that tells the moment (UTC) and is not taken."""
    stamp = clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = [f"{PREFIX}{stamp}{suffix}{container.SUFFIX}" for suffix in ("", *(f"-{n}" for n in range(2, 100)))]
    return next(folder / name for name in names if not (folder / name).exists())


def moment_of_name(name: str) -> datetime | None:
    """The moment in the name of a backup file; None for another name."""
    stem = name.removeprefix(PREFIX).removesuffix(container.SUFFIX)[:16]
    try:
        return datetime.strptime(stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
