"""Records of text: ISO 2709 with printable delimiters, and MARC written a field a line."""

from collections.abc import Iterator

from .. import printed2709, sniff, tagged
from ..delimited import line_frames
from ..frames import Frame, frames_from
from ..limits import ReadLimits
from ..oldtext import Mender, text_of
from ..printed2709 import Layout
from ..problems import MarcError, problem
from ..profiles import FieldRule, SourceProfile, rules_for
from ..record import Record
from ..source import Source
from ..tagged import Style
from .values import Item, RawRecord, bad

_TAGS_LOOKED_AT = 50


def printed_items(
    source: Source, number: int, limits: ReadLimits, layout: Layout, profile: SourceProfile, mender: Mender
) -> Iterator[Item]:
    """Records of CDS/ISIS and of printable ISO 2709."""
    rules = profile.fields or (_rules_of(source.head, layout) if layout.is_isis else {})
    own = SourceProfile(fields=rules)
    for frame in frames_from(printed2709.START, source, limits.record):
        number += 1
        trouble = frame.problem
        if trouble is None:
            try:
                plain, is_utf8, salvaged, end = _printed(frame.raw, layout)
            except MarcError as error:
                trouble = error.problem
            else:
                record, encoding = mender.judged(number, own.applied(plain), is_utf8=is_utf8)
                notes = (problem("directory_salvaged"),) if salvaged else ()
                yield RawRecord(number, frame.offset, end, frame.raw[:end], sniff.PRINTED, encoding, record, notes)
                if end < frame.length:
                    # Behind it stands a record whose leader cannot be seen.
                    number += 1
                    rest = Frame(frame.offset + end, frame.length - end, frame.raw[end:])
                    yield bad(number, rest, sniff.PRINTED, "", problem("leader_broken"))
                continue
        yield bad(number, frame, sniff.PRINTED, "", trouble)


def _printed(raw: bytes, layout: Layout) -> tuple[Record, bool, bool, int]:
    """The record, whether it is UTF-8, whether its directory was guessed, and where it ends."""
    found = printed2709.cut(raw, layout)
    is_utf8 = all(text_of(content)[1] for _, content in found.fields)
    decoded = [(tag, content.decode("utf-8" if is_utf8 else "latin-1")) for tag, content in found.fields]
    end = printed2709.end_in(raw, found.length) if found.length else len(raw)
    return printed2709.record_of(found.leader, decoded, layout), is_utf8, found.salvaged, end


def _rules_of(head: bytes, layout: Layout) -> dict[str, FieldRule]:
    tags: set[str] = set()
    starts = [found.start() for found in printed2709.START.finditer(head)][:_TAGS_LOOKED_AT]
    for first, last in zip(starts, [*starts[1:], len(head)], strict=True):
        try:
            tags.update(tag for tag, _ in printed2709.cut(head[first:last], layout).fields)
        except MarcError:
            continue
    return rules_for(tags)


def tagged_items(source: Source, number: int, limits: ReadLimits, style: Style, mender: Mender) -> Iterator[Item]:
    """Records written a field a line."""
    lines = line_frames(source, "utf-8", limits.row)
    for frame in tagged.record_frames(lines, limits.record):
        number += 1
        trouble = frame.problem
        if trouble is None:
            text, is_utf8 = text_of(frame.raw)
            try:
                plain = tagged.parse(text, style)
            except MarcError as error:
                trouble = error.problem
            else:
                record, encoding = mender.judged(number, plain, is_utf8=is_utf8)
                yield RawRecord(number, frame.offset, frame.length, frame.raw, sniff.TAGGED, encoding, record)
                continue
        yield bad(number, frame, sniff.TAGGED, "", trouble)


def reread_printed(raw: bytes) -> tuple[Record, bool]:
    """A stored record, its characters as stored, and whether they are UTF-8. Raises ``MarcError``."""
    layout = printed2709.layout_of(raw)
    if layout is None:
        raise MarcError(problem("leader_broken"))
    record, is_utf8, _, _ = _printed(raw, layout)
    tags = {one.tag for one in record.fields}
    return SourceProfile(fields=rules_for(tags) if layout.is_isis else {}).applied(record), is_utf8


def reread_tagged(raw: bytes) -> tuple[Record, bool]:
    """The same for a record written a field a line."""
    text, is_utf8 = text_of(raw)
    marked = tagged.marked_style(text)
    return tagged.parse(text, marked), is_utf8
