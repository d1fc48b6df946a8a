"""The backup file: an ordinary tar archive (`tar tf FILE` lists it) with a seal at its end.

    manifest.json       what is inside, with size and SHA-256 of every part
    settings.json       settings; secrets only when the file is encrypted
    audit-anchors.log   the anchors of the trail up to its head
    database.dump.zst   pg_dump, custom format, compressed with zstandard
    documents/<key>     the documents, in the order of the manifest
    problems.json       documents that were missing or damaged when the backup was made
    sha256              SHA-256 of everything before it

The whole may be encrypted (sealing.py). Tar does not protect its own headers and padding; the last part does.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from lienthu.operations.backup.sealing import MAGIC, SealedReader, is_sealed
from lienthu.operations.problems import BackupProblem

MANIFEST, SETTINGS, ANCHORS, DATABASE = "manifest.json", "settings.json", "audit-anchors.log", "database.dump.zst"
DOCUMENTS, PROBLEMS, SEAL = "documents/", "problems.json", "sha256"
SUFFIX = ".lienthu"

_BLOCK = tarfile.BLOCKSIZE
_TRAILER = 4 * _BLOCK
_PIECE = 1 << 20
_LARGEST_JSON = 1 << 30


class Sink(Protocol):
    """What a container is written into."""

    def write(self, data: bytes, /) -> object: ...


class Source(Protocol):
    """What a container, or a part of it, is read from; b"" at the end."""

    def read(self, size: int, /) -> bytes: ...


class SourceShrank(Exception):
    """A part's source ended before the size it was announced with."""


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _trailer(digest: str) -> bytes:
    """The seal and the end of the archive: always the same number of bytes."""
    text = f"{digest}\n".encode()
    return (_header(SEAL, len(text)) + text.ljust(_BLOCK, b"\0")).ljust(_TRAILER, b"\0")


class ContainerWriter:
    """Writes parts one after another; `finish` writes the seal."""

    def __init__(self, out: Sink) -> None:
        self._out, self._digest = out, hashlib.sha256()

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)

    def add_bytes(self, name: str, data: bytes) -> None:
        self._write(_header(name, len(data)) + data + bytes(-len(data) % _BLOCK))

    def add(self, name: str, size: int, source: Source) -> str:
        """Copy `size` bytes and return their SHA-256. What a source that shrank is short of is filled with zeros."""
        self._write(_header(name, size))
        digest, missing = hashlib.sha256(), size
        while missing and (piece := source.read(min(_PIECE, missing))):
            digest.update(piece)
            self._write(piece)
            missing -= len(piece)
        short = missing > 0
        while missing:
            filling = bytes(min(_PIECE, missing))
            self._write(filling)
            missing -= len(filling)
        self._write(bytes(-size % _BLOCK))
        return "" if short else digest.hexdigest()

    def finish(self) -> None:
        self._out.write(_trailer(self._digest.hexdigest()))


@dataclass(frozen=True)
class Part:
    """One part while it is at hand; what is not read of it is passed over."""

    name: str
    size: int
    source: "PartSource"


class PartSource:
    """The bytes of one part."""

    def __init__(self, reader: "ContainerReader", size: int) -> None:
        self._reader, self.missing = reader, size

    def read(self, size: int = _PIECE) -> bytes:
        piece = self._reader.take(min(size, self.missing))
        self.missing -= len(piece)
        return piece

    def all(self) -> bytes:
        """The whole part, for small ones."""
        if self.missing > _LARGEST_JSON:
            raise BackupProblem("damaged", offset=self._reader.offset)
        pieces = []
        while piece := self.read():
            pieces.append(piece)
        return b"".join(pieces)


class ContainerReader:
    """Reads parts in order and checks the seal. Raises BackupProblem at the first byte that cannot be right."""

    def __init__(self, source: Source) -> None:
        self._source, self._digest = source, hashlib.sha256()
        self.offset = 0

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes, or fewer if the source gives them in pieces; never none."""
        if not size:
            return b""
        piece = self._source.read(size)
        if not piece:
            raise BackupProblem("cut")
        self._digest.update(piece)
        self.offset += len(piece)
        return piece

    def _take_all(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = self.take(size)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def parts(self) -> Iterator[Part]:
        """Every part before the seal; the end of the iteration means that the seal was right and nothing follows."""
        while True:
            began, before = self.offset, self._digest.copy()
            header = self._take_all(_BLOCK)
            try:
                info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
            except (tarfile.HeaderError, ValueError):
                raise BackupProblem("damaged", offset=began) from None
            if info.name == SEAL:
                self._check_seal(header, before.hexdigest(), began)
                return
            if not info.isreg() or info.size < 0 or header != _header(info.name, info.size):
                raise BackupProblem("damaged", offset=began)
            source = PartSource(self, info.size)
            yield Part(info.name, info.size, source)
            while source.missing:
                source.read()
            if any(self._take_all(-info.size % _BLOCK)):
                raise BackupProblem("damaged", offset=self.offset)

    def _check_seal(self, header: bytes, digest: str, began: int) -> None:
        trailer = header + self._take_all(_TRAILER - _BLOCK)
        if trailer != _trailer(digest) or self._source.read(1):
            raise BackupProblem("damaged", offset=began)


@contextmanager
def open_backup(path: Path, passphrase: str | None) -> Iterator[ContainerReader]:
    """A backup file, decrypted if need be. Raises BackupProblem when it is none, or cannot be opened."""
    try:
        file: BinaryIO = path.open("rb")
    except OSError as error:
        raise BackupProblem("file_missing", path=str(path), reason=error.strerror or "") from None
    with file:
        beginning = file.read(_BLOCK)
        file.seek(0)
        if is_sealed(beginning):
            if not passphrase:
                raise BackupProblem("key_needed")
            yield ContainerReader(SealedReader(file, passphrase))
        elif beginning[: len(MANIFEST)] == MANIFEST.encode():
            yield ContainerReader(file)
        elif MAGIC.startswith(beginning) or not beginning:
            raise BackupProblem("cut")
        else:
            raise BackupProblem("not_a_backup", path=str(path))


def read_json(data: bytes) -> Any:
    """Raises BackupProblem for bytes that are no JSON."""
    try:
        return json.loads(data)
    except ValueError:
        raise BackupProblem("damaged", offset=0) from None
