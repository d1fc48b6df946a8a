"""Records of ISO 2709 and MARC-in-JSON."""

import re
from collections.abc import Callable, Iterator

from lienthu.intake.problems import Problem

from .. import iso2709, marcjson, sniff
from ..frames import Frame, iso2709_frames, json_frames
from ..limits import ReadLimits
from ..oldtext import WESTERN, Mender, reads_as_vietnamese
from ..problems import MarcError, problem
from ..record import Record
from ..source import Source
from .values import Bad, Item, RawRecord, bad

_new = tuple.__new__
_OF_CHARACTERS = frozenset({"utf8_damaged", "encoding_unknown"})
# Only characters of the Western pages can be old text; in UTF-8 they begin with these bytes. Looked for block by block,
# since looking into every record would show in the speed of reading.
_WESTERN_BYTES = (b"\xc3", b"\xc2")
_COPYRIGHT = "©".encode()
_HIDDEN_LEADER = re.compile(rb"[0-9]{5}[acdnpsxo][a-z][\x20-\x7e]{3}22([0-9]{5})[\x20-\x7e]{3}4500[0-9]{3}")


def iso2709_items(source: Source, number: int, limits: ReadLimits, mender: Mender) -> Iterator[Item]:
    """Records of ISO 2709, behind whatever is broken."""
    parse = iso2709.parse
    utf8, next_hit = iso2709.UTF8, 0
    for offset, length, raw, trouble in iso2709_frames(source, limits.record):
        number += 1
        if trouble is None:
            try:
                record, encoding, notes = parse(raw)
            except MarcError as error:
                trouble = error.problem
                if trouble.code in _OF_CHARACTERS and (found := _old_text(number, raw, mender)):
                    record, encoding = found
                    yield RawRecord(number, offset, length, raw, sniff.ISO2709, encoding, record)
                    continue
            else:
                if offset + length > next_hit or encoding is not utf8:
                    record, found_in = _reviewed(number, raw, record, encoding, mender, is_whole=not notes)
                    encoding, notes = found_in, notes if found_in == encoding else ()
                    if not mender.reads_ascii:
                        next_hit = source.next_of(*_WESTERN_BYTES, after=offset + length)
                if raw[-1] != iso2709.RECORD_END:
                    notes = (*notes, problem("terminator_missing"))
                # Without the Python-level constructor of a named tuple, which would show in the speed of reading.
                yield _new(RawRecord, (number, offset, length, raw, sniff.ISO2709, encoding, record, notes))
                continue
        for item in _broken(number, Frame(offset, length, raw), trouble):
            number = item.number
            yield item


def _broken(number: int, frame: Frame, trouble: Problem) -> Iterator[Item]:
    """A frame that is no record, and the whole record that may stand at its end."""
    offset, length, raw, _ = frame
    hidden = _hidden_record(raw) if len(raw) == length else None
    if hidden is None:
        if raw[-1:] != b"\x1d" and trouble.code in ("directory_broken", "record_too_short"):
            trouble = problem("record_truncated")
        yield Bad(number, offset, length, raw, sniff.ISO2709, "", trouble)
        return
    # The terminator of the broken record is lost: the next record stands in the same frame.
    at, (record, encoding, notes) = hidden
    yield Bad(number, offset, at, raw[:at], sniff.ISO2709, "", problem("record_truncated"))
    yield RawRecord(number + 1, offset + at, length - at, raw[at:], sniff.ISO2709, encoding, record, notes)


def _reviewed(
    number: int, raw: bytes, record: Record, encoding: str, mender: Mender, *, is_whole: bool
) -> tuple[Record, str]:
    """The record brought over from an old encoding where it is in one."""
    if encoding != iso2709.UTF8:
        if is_whole and reads_as_vietnamese(record):
            return record, encoding
        return _old_text(number, raw, mender, keep_western=False) or (record, encoding)
    is_plain = b"\xc3" not in raw and raw.count(b"\xc2") == raw.count(_COPYRIGHT)
    if is_plain and not mender.reads_ascii:
        return record, encoding
    record, found = mender.reviewed(
        number, record, lambda: iso2709.parse(raw, repair=False).record, has_marks=b"\xcc" in raw
    )
    return record, found or encoding


def _old_text(number: int, raw: bytes, mender: Mender, *, keep_western: bool = True) -> tuple[Record, str] | None:
    """A record that is not UTF-8, read by its bytes; nothing where that makes no sense."""
    try:
        found = mender.from_bytes(number, iso2709.parse_bytes(raw).record)
    except MarcError:
        return None
    return None if found is None or (found[1] == WESTERN and not keep_western) else found


def _hidden_record(raw: bytes) -> tuple[int, iso2709.Parsed] | None:
    """A whole record at the end of a broken frame, with its position."""
    for found in _HIDDEN_LEADER.finditer(raw, 1):
        at = found.start()
        if raw[at + int(found[1]) - 1 : at + int(found[1])] != b"\x1e":
            continue
        try:
            return at, iso2709.parse(raw[at:])
        except MarcError:
            continue
    return None


def json_items(source: Source, number: int, limits: ReadLimits, mender: Mender) -> Iterator[Item]:
    """Records of MARC-in-JSON."""
    for frame in json_frames(source, limits.json_record):
        number += 1
        if frame.problem is not None:
            yield bad(number, frame, sniff.MARCJSON, "utf-8", frame.problem)
            continue
        try:
            record, length = marcjson.parse(frame.raw)
        except MarcError as error:
            yield bad(number, frame, sniff.MARCJSON, "utf-8", error.problem)
            continue
        raw = frame.raw[:length]
        old = ""
        if not raw.isascii() or b"\\u" in raw or mender.reads_ascii:
            record, old = mender.reviewed(number, record, _unrepaired(raw))
        yield RawRecord(number, frame.offset, length, raw, sniff.MARCJSON, old or "utf-8", record)
        rest = marcjson.trailing(frame.raw, length)
        if rest:
            number += 1
            at = frame.raw.index(rest, length)
            found = Frame(frame.offset + at, len(rest), rest)
            yield bad(number, found, sniff.MARCJSON, "utf-8", problem("json_malformed"))


def _unrepaired(raw: bytes) -> Callable[[], Record]:
    return lambda: marcjson.parse(raw, repair=False)[0]
