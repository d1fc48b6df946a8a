"""One look at a file before anything else reads it."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from . import types
from .archives import open_gzip, open_zip
from .limits import DEFAULT_LIMITS, Limits
from .names import display_name, suffix_of
from .problems import IntakeError, Problem, problem

_BLOCK = 1 << 20
_HEAD = 1 << 16
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NOTES = frozenset({"name_cleaned", "name_disagrees"})


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is. ``problems`` holds refusals and, with codes ``name_…``, mere notes."""

    name: str
    kind: str
    mime: str
    size: int
    sha256: str
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether the file must not be used."""
        return any(one.code not in _NOTES for one in self.problems)


def inspect(stream: BinaryIO, name: str, limits: Limits = DEFAULT_LIMITS) -> Inspected:
    """Read the whole seekable stream once and say what it is; the stream stands at its start afterwards.

    Reading stops at ``limits.max_bytes``; then ``size`` and ``sha256`` are those of the part read.
    """
    stream.seek(0)
    head, size, digest = _read_through(stream, limits)
    stream.seek(0)
    problems: list[Problem] = []
    kind = types.kind_of_head(head)
    if size > limits.max_bytes:
        problems.append(problem("file_too_large", limit=limits.max_bytes))
    else:
        kind, trouble = _look_inside(stream, kind, head, limits)
        if trouble:
            problems.append(trouble)
    stream.seek(0)
    shown = display_name(name)
    if shown != name:
        problems.append(problem("name_cleaned"))
    suffix = suffix_of(shown)
    if suffix and kind.suffixes and suffix not in kind.suffixes:
        problems.append(problem("name_disagrees", suffix=suffix, kind=kind.name))
    return Inspected(shown, kind.name, kind.mime, size, digest, tuple(problems))


def _read_through(stream: BinaryIO, limits: Limits) -> tuple[bytes, int, str]:
    digest = hashlib.sha256()
    head, size = b"", 0
    while size <= limits.max_bytes:
        block = stream.read(_BLOCK)
        if not block:
            break
        if not head:
            head = block[:_HEAD]
        size += len(block)
        digest.update(block)
    return head, size, digest.hexdigest()


def _look_inside(stream: BinaryIO, kind: types.Kind, head: bytes, limits: Limits) -> tuple[types.Kind, Problem | None]:
    if kind is types.EMPTY:
        return kind, problem("empty_file")
    if kind is types.ZIP:
        return _look_into_zip(stream, limits)
    if kind is types.GZIP:
        return kind, _inflate(open_gzip(stream, limits))
    if kind in (types.XML, types.SVG):
        return kind, _xml_problem(stream)
    if kind is types.UNKNOWN:
        return kind, problem("unknown_type")
    return kind, None


def _look_into_zip(stream: BinaryIO, limits: Limits) -> tuple[types.Kind, Problem | None]:
    kind = types.ZIP
    try:
        archive = open_zip(stream, limits)
        kind = types.kind_of_zip(archive)
        given = 0
        for member in archive.infolist():
            given += _inflate_member(archive, member, limits, given, nested=kind is not types.ZIP)
    except IntakeError as error:
        return kind, error.problem
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return kind, problem("archive_broken")
    return kind, None


def _inflate_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits, given: int, *, nested: bool
) -> int:
    """Unpack one member into nothing, because the sizes in a central directory may lie; returns its real size.

    ``nested``: office documents may embed others, a plain archive may not.
    """
    real = 0
    with archive.open(member) as unpacked:
        while block := unpacked.read(_BLOCK):
            if not nested and not real and types.kind_of_head(block[:_HEAD]) in (types.ZIP, types.GZIP):
                raise IntakeError(problem("archive_nested"))
            real += len(block)
            if given + real > limits.max_unpacked:
                raise IntakeError(problem("archive_too_large", limit=limits.max_unpacked))
            if real > limits.ratio_from and real > max(1, member.compress_size) * limits.max_ratio:
                raise IntakeError(problem("archive_ratio", limit=limits.max_ratio))
    return real


def _inflate(unpacked: BinaryIO) -> Problem | None:
    try:
        first = unpacked.read(_HEAD)
        if types.kind_of_head(first) in (types.ZIP, types.GZIP):
            return problem("archive_nested")
        while unpacked.read(_BLOCK):
            continue
    except IntakeError as error:
        return error.problem
    return None


def _xml_problem(stream: BinaryIO) -> Problem | None:
    """Document type declarations are refused wherever they stand: nothing a library exchanges needs them."""
    stream.seek(0)
    if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
        return problem("xml_encoding", encoding="UTF-16")
    stream.seek(0)
    tail = b""
    while block := stream.read(_BLOCK):
        if _DOCUMENT_TYPE.search(tail + block):
            return problem("xml_dtd")
        tail = block[-16:]
    return None
