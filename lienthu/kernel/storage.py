"""Files of people, byte for byte, under the address of their content.

The key is the SHA-256 of the bytes, never a name that somebody typed: nothing to escape, nothing to overwrite.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

CHUNK = 1 << 20


class TooLarge(ValueError):
    """The stream is longer than the caller allows."""


@dataclass(frozen=True)
class StoredFile:
    """Where a stored file lies: storage key, size in bytes, SHA-256 in hexadecimal."""

    key: str
    size: int
    sha256: str


class DocumentStorage(FileSystemStorage):
    """The local folder of documents (settings.DOCUMENTS_ROOT)."""

    def __init__(self) -> None:
        super().__init__(base_url=None, file_permissions_mode=0o640)

    @property
    def base_location(self) -> str:
        """The folder as the settings name it now; tests give each their own."""
        return str(settings.DOCUMENTS_ROOT)

    @property
    def location(self) -> str:
        """The same as an absolute path."""
        return os.path.abspath(self.base_location)


def key_of(sha256: str) -> str:
    """Return the storage key of content with this digest: two folders deep, so that no folder grows too long."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _chunks(source: BinaryIO | File) -> Iterable[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def save_stream(source: BinaryIO | File, *, max_bytes: int | None = None) -> StoredFile:
    """Store everything that `source` still holds and return where. The same bytes are stored once.

    Raises TooLarge beyond `max_bytes`; nothing is left behind then.
    """
    digest, size = hashlib.sha256(), 0
    Path(settings.DOCUMENTS_ROOT).mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.DOCUMENTS_ROOT, prefix=".incoming-") as spool:
        for chunk in _chunks(source):
            size += len(chunk)
            if max_bytes is not None and size > max_bytes:
                raise TooLarge(f"more than {max_bytes} bytes")
            digest.update(chunk)
            spool.write(chunk)
        spool.flush()
        os.fsync(spool.fileno())
        key = key_of(digest.hexdigest())
        storage = storages["documents"]
        if not storage.exists(key):
            spool.seek(0)
            storage.save(key, File(spool))
    return StoredFile(key=key, size=size, sha256=digest.hexdigest())


def open_stored(key: str) -> File:
    """Open a stored file for reading; FileNotFoundError when it is not there."""
    return storages["documents"].open(key, "rb")


def remove(key: str) -> None:
    """Remove a stored file; one that is gone already is no error. The caller knows that nobody else names it."""
    storages["documents"].delete(key)


def path_of(key: str) -> Path | None:
    """The local path of a stored file, or None where the storage is not a local folder."""
    try:
        return Path(storages["documents"].path(key))
    except NotImplementedError:
        return None
