"""Reading a file of records as a stream, whatever its format.

``open_records`` finds the format by content and gives every record with its number, place and raw bytes;
what cannot be read comes as ``Bad`` with its reason, and reading goes on behind it.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import orjson

from lienthu.intake import types
from lienthu.intake.archives import open_gzip, open_only_member, open_zip
from lienthu.intake.problems import IntakeError
from lienthu.kernel.text.encodings import AS_IS, CHOICES

from .. import iso2709, marcjson, marcxml, printed2709, sniff, tagged
from ..limits import DEFAULT_LIMITS, ReadLimits
from ..mapping import Mapping, record_of_cells
from ..oldtext import Mender, text_of
from ..problems import MarcError, UnreadableFile, problem
from ..profiles import DEFAULT, SourceProfile
from ..record import Record
from ..source import HEAD, Source
from ..workbook import Workbook
from .elements import described_items, standalone, xml_items
from .exchange import iso2709_items, json_items
from .lines import printed_items, reread_printed, reread_tagged, tagged_items
from .tables import open_text_table, open_workbook
from .values import ROW, Item, RawRecord, Reading, ResumePoint

_START = ResumePoint()


def open_records(
    stream: BinaryIO,
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    mapping: Mapping | None = None,
    profile: SourceProfile = DEFAULT,
    start: ResumePoint = _START,
) -> Reading:
    """Find the format of ``stream`` (seekable, standing at its beginning) and read on from ``start``.

    ``profile`` is what is known about the source; ``mapping`` says what the columns of a table mean, without it the
    profile or the headers decide. Raises ``UnreadableFile`` at once when the file as a whole cannot be read. Reading
    from a damaged or hostile archive raises it later, behind the records that came out well.
    """
    if mapping is not None:
        profile = replace(profile, table=mapping)
    try:
        unpacked, container = _unpack(stream, limits)
    except IntakeError as error:
        raise UnreadableFile(error.problem) from error
    if isinstance(unpacked, Workbook):
        reading = open_workbook(unpacked, profile, start)
    else:
        with _translated():
            source = Source(unpacked)
        reading = _open_source(source, container, limits, profile, start)
    reading.guard(_guarded)
    if profile.fields and reading.format != sniff.PRINTED:
        reading.guard(lambda items: _with_rules(items, profile))
    return reading


def _open_source(
    source: Source, container: str, limits: ReadLimits, profile: SourceProfile, start: ResumePoint
) -> Reading:
    format = sniff.format_of(source.head)
    if format == sniff.TABLE:
        return open_text_table(source, container, limits, profile, start)
    mender = Mender(profile.encoding, head=source.head)
    head = source.head
    if start.offset:
        with _translated():
            source.skip_to(start.offset)
    encoding = ""
    number = start.number
    if format == sniff.ISO2709:
        items = iso2709_items(source, number, limits, mender)
    elif format == sniff.MARCXML:
        encoding = sniff.xml_encoding(head)
        items = xml_items(source, number, limits, encoding, mender)
    elif format in (sniff.DC, sniff.MODS):
        encoding = sniff.xml_encoding(head)
        element = sniff.record_element(head, format)
        items = described_items(source, number, limits, encoding, mender, format, element)
    elif format == sniff.MARCJSON:
        encoding = "utf-8"
        items = json_items(source, number, limits, mender)
    elif format == sniff.TAGGED:
        style = tagged.marked_style(text_of(head[:20000])[0])
        items = tagged_items(source, number, limits, style, mender)
    else:
        layout = printed2709.layout_of(head)
        if layout is None:
            raise UnreadableFile(problem("unknown_format"))
        items = printed_items(source, number, limits, layout, profile, mender)
    return Reading(items=items, format=format, container=container, encoding=encoding, mapping=None, mender=mender)


def _with_rules(items: Iterator[Item], profile: SourceProfile) -> Iterator[Item]:
    for item in items:
        if isinstance(item, RawRecord):
            notes = (*item.notes, problem("fields_mapped"))
            yield item._replace(record=profile.applied(item.record), notes=notes)
        else:
            yield item


def reread(raw: bytes, *, format: str, encoding: str) -> Record:
    """The record of stored raw bytes, by the format and encoding that were found when they were read.

    What a source's profile did to its fields is not in the bytes.
    """
    if format == ROW:
        return record_of_cells(orjson.loads(raw))
    old = encoding if encoding in CHOICES else ""
    mender = Mender(old or AS_IS)
    if format == sniff.ISO2709:
        return _reread_iso2709(raw, mender) if old or encoding == "cp1252" else iso2709.parse(raw).record
    if format == sniff.MARCJSON:
        record = marcjson.parse(raw)[0]
        return mender.reviewed(0, record, lambda: marcjson.parse(raw, repair=False)[0])[0]
    if format in (sniff.PRINTED, sniff.TAGGED):
        record, is_utf8 = reread_printed(raw) if format == sniff.PRINTED else reread_tagged(raw)
        return mender.judged(0, record, is_utf8=is_utf8)[0]
    page = encoding if encoding and not old else "utf-8"
    if format == sniff.MARCXML:
        return mender.reviewed(
            0, marcxml.standalone(raw, encoding=page), lambda: marcxml.standalone(raw, encoding=page)
        )[0]
    if format in (sniff.DC, sniff.MODS):
        return mender.judged(0, standalone(raw, format=format, encoding=page), is_utf8=True)[0]
    raise MarcError(problem("unknown_format"))


def _reread_iso2709(raw: bytes, mender: Mender) -> Record:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return mender.judged(0, iso2709.parse_bytes(raw).record, is_utf8=False)[0]
    return mender.judged(0, iso2709.parse(raw, repair=False).record, is_utf8=True)[0]


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntakeError as error:
        raise UnreadableFile(error.problem) from error


def _guarded(items: Iterator[Item]) -> Iterator[Item]:
    with _translated():
        yield from items


def _unpack(stream: BinaryIO, limits: ReadLimits) -> tuple[BinaryIO | Workbook, str]:
    """The bytes to read records from, and what they were wrapped in."""
    head = stream.read(HEAD)
    stream.seek(-len(head), io.SEEK_CUR)
    kind = types.kind_of_head(head)
    if kind is types.GZIP:
        return _once(open_gzip(stream, limits.file)), "gzip"
    if kind is types.OLE:
        return Workbook(stream, kind, limits), kind.name
    if kind is types.ZIP:
        archive = open_zip(stream, limits.file)
        inner = types.kind_of_zip(archive)
        if inner in (types.XLSX, types.ODS):
            return Workbook(stream, inner, limits), inner.name
        if inner is not types.ZIP:
            raise UnreadableFile(problem("unknown_format"))
        return _once(open_only_member(archive, stream, limits.file)[1]), "zip"
    return stream, ""


def _once(unpacked: BinaryIO) -> BinaryIO:
    """Refuse a second layer of compression."""
    peek = unpacked.peek(8) if isinstance(unpacked, io.BufferedReader) else b""
    if types.kind_of_head(peek[:8]) in (types.GZIP, types.ZIP):
        raise IntakeError(problem("archive_nested"))
    return unpacked
