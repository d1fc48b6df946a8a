"""Opening compressed files without falling into their traps: bombs, nesting, names that climb out of the folder.

The sizes an archive states are checked first, the bytes that really come out are counted as well,
because the statements may lie.
"""

import gzip
import io
import re
import zipfile
import zlib
from typing import Any, BinaryIO, Protocol

from .limits import Limits
from .problems import IntakeError, Problem, problem

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ARCHIVE_NAME = re.compile(r"\.(zip|gz|tgz|bz2|xz|7z|rar|tar|zst)$", re.IGNORECASE)
_LITTER = re.compile(r"^(__MACOSX/|.*(^|/)(\.DS_Store|Thumbs\.db|\._[^/]*)$)")
_BROKEN = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, OSError, NotImplementedError, ValueError)


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = ..., /) -> bytes: ...


class CountedReader(io.RawIOBase):
    """A stream of unpacked bytes that refuses to give more than the limits allow.

    ``packed`` is the underlying stream, whose position tells how many bytes went in.
    """

    def __init__(self, stream: Readable, *, packed: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._packed = packed
        self._packed_from = packed.tell()
        self._limits = limits
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._stream.read(len(buffer))
        except _BROKEN as error:
            raise IntakeError(problem("archive_broken")) from error
        self._given += len(block)
        self._check()
        buffer[: len(block)] = block
        return len(block)

    def _check(self) -> None:
        limits = self._limits
        if self._given > limits.max_unpacked:
            raise IntakeError(problem("archive_too_large", limit=limits.max_unpacked))
        taken = max(1, self._packed.tell() - self._packed_from)
        if self._given > limits.ratio_from and self._given > taken * limits.max_ratio:
            raise IntakeError(problem("archive_ratio", limit=limits.max_ratio))


def open_gzip(stream: BinaryIO, limits: Limits) -> BinaryIO:
    """The bytes inside a gzip file; raises ``IntakeError`` while reading when they are a bomb or broken."""
    unpacked = gzip.GzipFile(fileobj=stream, mode="rb")
    return io.BufferedReader(CountedReader(unpacked, packed=stream, limits=limits), 1 << 18)


def open_zip(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """A ZIP file whose central directory is harmless; raises ``IntakeError`` otherwise."""
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise IntakeError(problem("archive_broken")) from error
    trouble = zip_problem(archive, size=_size(stream), limits=limits)
    if trouble:
        raise IntakeError(trouble)
    return archive


def zip_problem(archive: zipfile.ZipFile, *, size: int, limits: Limits) -> Problem | None:
    """What is wrong with the central directory of an archive of ``size`` bytes, or nothing."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > limits.max_members:
        return problem("archive_too_many", count=len(members), limit=limits.max_members)
    for member in members:
        trouble = _member_problem(member)
        if trouble:
            return trouble
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > limits.max_unpacked:
        return problem("archive_too_large", limit=limits.max_unpacked)
    # Members that share the same bytes make a small archive of huge content.
    if packed > size or (unpacked > limits.ratio_from and unpacked > max(1, packed) * limits.max_ratio):
        return problem("archive_ratio", limit=limits.max_ratio)
    return None


def _member_problem(member: zipfile.ZipInfo) -> Problem | None:
    name = member.orig_filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or re.match(r"^[A-Za-z]:", name) or "\x00" in name:
        return problem("archive_unsafe_name", name=re.sub(r"[\x00-\x1f\x7f]", "", name)[:100])
    if member.flag_bits & _ENCRYPTED:
        return problem("archive_encrypted")
    if member.compress_type not in _METHODS:
        return problem("archive_method")
    if _ARCHIVE_NAME.search(name):
        return problem("archive_nested")
    return None


def open_only_member(archive: zipfile.ZipFile, stream: BinaryIO, limits: Limits) -> tuple[str, BinaryIO]:
    """Name and bytes of the one data file in a ZIP; raises ``IntakeError`` when there is none or more than one."""
    members = [member for member in archive.infolist() if not member.is_dir() and not _LITTER.match(member.filename)]
    if len(members) != 1:
        raise IntakeError(problem("archive_not_single", count=len(members)))
    try:
        unpacked = archive.open(members[0])
    except _BROKEN as error:
        raise IntakeError(problem("archive_broken")) from error
    counted = CountedReader(unpacked, packed=stream, limits=limits)
    return members[0].filename, io.BufferedReader(counted, 1 << 18)


def _size(stream: BinaryIO) -> int:
    position = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(position)
    return size
