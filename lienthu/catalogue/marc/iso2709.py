"""ISO 2709, the exchange format of MARC: one record from bytes and back.

Reading never trusts the lengths in a record. The directory is used when it agrees with the field terminators,
otherwise the fields are taken apart at the terminators. Writing keeps both limits of the format.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from lienthu.intake.problems import Problem
from lienthu.kernel.text import normalise

from . import marc8
from .problems import MarcError, problem
from .record import LEADER_LENGTH, Field, Record, Subfield, leader_of

RECORD_END = 0x1D
FIELD_END = b"\x1e"
RECORD_LIMIT = 99_999
FIELD_LIMIT = 9_999
UTF8 = "utf-8"
MARC8 = "marc-8"
LATIN1 = "latin-1"

_ENTRY = 12
_NOTHING_BEHIND = ("\x1d", "")
_new = tuple.__new__
_entries = re.compile("(.{3}).{4}(.{5})", re.DOTALL).findall
_whole_directory = re.compile(rb"(?:[0-9A-Za-z]{3}[0-9]{9})+").fullmatch
# A delimiter without a code behind it is skipped.
_subfields = re.compile("\x1f([^\x1f])([^\x1f]*)").findall
_byte_entries = re.compile(rb"(.{3})(.{4})(.{5})", re.DOTALL).findall
_MARC8_UNKNOWN_SHARE = 10
"""A record is taken for MARC-8 when at most one in ten of its characters beyond ASCII is unknown to MARC-8."""


class Parsed(NamedTuple):
    """One record taken apart: its encoding as found, and notes on what was odd but could be repaired."""

    record: Record
    encoding: str
    notes: tuple[Problem, ...]


class RecordTooLong(MarcError):
    """The record needs more than 99,999 bytes and has no ISO 2709 form."""


class FieldTooLong(MarcError):
    """A field needs more than 9,999 bytes and has no ISO 2709 form."""


class ForbiddenCharacter(MarcError):
    """A value contains one of the delimiters 1D, 1E, 1F."""


def parse(raw: bytes, *, repair: bool = True) -> Parsed:
    """Take one record apart; ``raw`` may end with its record terminator or without.

    ``repair`` brings values to NFC with the marks in order; without it they are as the bytes say.
    Raises ``MarcError`` when the record cannot be understood.
    """
    try:
        text = raw.decode(UTF8)
    except UnicodeDecodeError:
        return _parse_marc8(raw.removesuffix(b"\x1d"), repair=repair)
    parts = text.split("\x1e")
    head = parts[0]
    entries = _entries(head, LEADER_LENGTH)
    if (
        parts[-1] not in _NOTHING_BEHIND
        or len(parts) != len(entries) + 2
        or len(head) != LEADER_LENGTH + _ENTRY * len(entries)
        or not entries
        or not head.isascii()
    ):
        return _parse_oddly(raw.removesuffix(b"\x1d"), UTF8, repair=repair)
    plain = text.isascii() or not repair
    last = ""
    fields = []
    for (tag, start), part in zip(entries, parts[1:], strict=False):
        if start <= last:
            return _parse_oddly(raw.removesuffix(b"\x1d"), UTF8, repair=repair)
        last = start
        if part[2:3] == "\x1f" and tag >= "010":
            subfields = _subfields(part, 2)
            if not plain and not part.isascii():
                subfields = _repaired(subfields)
            fields.append(Field(tag, "", part[:2], subfields))
        else:
            fields.append(_rare_field(tag, part, plain=plain))
    # Made without the Python-level constructor of a named tuple, which would show in the speed of reading.
    return _new(Parsed, (Record(head[:LEADER_LENGTH], fields), UTF8, ()))


def parse_bytes(raw: bytes) -> Parsed:
    """The same with one Latin-1 character for each byte, whatever the encoding. Raises ``MarcError``."""
    return _parse_oddly(raw.removesuffix(b"\x1d"), LATIN1, repair=False)


def _rare_field(tag: str, part: str, *, plain: bool) -> Field:
    """A control field, or a data field with other than two indicators."""
    plain = plain or part.isascii()
    if tag < "010" and tag.isdigit():
        return Field(tag, part if plain else normalise(part))
    subfields = _subfields(part)
    indicators = _indicators(part.partition("\x1f")[0])
    return Field(tag, "", indicators, subfields if plain else _repaired(subfields))


def _repaired(subfields: list[Subfield]) -> list[Subfield]:
    return [
        (code if code.isascii() else _plain_code(code), value if value.isascii() else normalise(value))
        for code, value in subfields
    ]


def _plain_code(code: str) -> str:
    """A subfield code that carries a mark by mistake, without it."""
    base = unicodedata.normalize("NFD", code)[0]
    return base if base.isascii() else code


def _indicators(text: str) -> str:
    return text[:2].ljust(2)


def _parse_marc8(body: bytes, *, repair: bool) -> Parsed:
    """The bytes are not UTF-8: MARC-8, or refused."""
    loose = body.decode(UTF8, "replace")
    broken = loose.count("�")
    whole = sum(1 for character in loose if character > "\x7f") - broken
    # Chance makes a valid UTF-8 sequence out of other encodings rarely; several mean UTF-8 with damage.
    if whole and whole * 2 >= broken:
        raise MarcError(problem("utf8_damaged", count=broken, position=_first_bad_byte(body)))
    return _parse_oddly(body, MARC8, repair=repair)


def _first_bad_byte(body: bytes) -> int:
    try:
        body.decode(UTF8)
    except UnicodeDecodeError as error:
        return error.start
    return len(body)


def _parse_oddly(body: bytes, encoding: str, *, repair: bool) -> Parsed:
    """The careful way: by bytes, with the directory checked entry by entry."""
    if len(body) < LEADER_LENGTH + _ENTRY:
        raise MarcError(problem("record_too_short", length=len(body)))
    head, rest = _head_and_rest(body)
    if not head[:LEADER_LENGTH].isascii() or len(head) < LEADER_LENGTH:
        raise MarcError(problem("leader_broken"))
    entries = _byte_entries(head, LEADER_LENGTH)
    if not entries:
        raise MarcError(problem("record_empty" if rest.strip(FIELD_END) == b"" else "directory_broken"))
    pairs, salvaged = _by_directory(entries, rest), False
    if pairs is None or len(head) != LEADER_LENGTH + _ENTRY * len(entries):
        pairs, salvaged = _by_terminators(entries, rest), True
    decoder = _Decoder(encoding, repair=repair)
    fields = [decoder.field(tag, content) for tag, content in pairs]
    notes = decoder.notes()
    if salvaged:
        notes = (problem("directory_salvaged"), *notes)
    return Parsed(Record(head[:LEADER_LENGTH].decode("ascii"), fields), encoding, notes)


def _head_and_rest(body: bytes) -> tuple[bytes, bytes]:
    """Leader with directory, and the data: by the first terminator, or by the base address when that one is lost."""
    head, _, rest = body.partition(FIELD_END)
    stated = body[12:17]
    base = int(stated) if stated.isdigit() else 0
    if LEADER_LENGTH < base <= len(head) and body[base - 1] < 0x20 and _whole_directory(body[LEADER_LENGTH : base - 1]):
        return body[: base - 1], body[base:]
    return head, rest


def _by_directory(entries: list[tuple[bytes, bytes, bytes]], rest: bytes) -> list[tuple[str, bytes]] | None:
    """Fields where the directory says they are.

    Nothing when it is wrong: when a field does not stand between two terminators, unless all fields together
    cover the data without a gap and each ends at some control character (then a terminator is what is wrong).
    """
    pairs = []
    well_cut = seamless = True
    expected = 0
    for tag, length, start in entries:
        if not (length.isdigit() and start.isdigit() and tag.isascii()):
            return None
        first, end = int(start), int(start) + int(length) - 1
        # The very last terminator may be lost with the record terminator.
        ends_well = rest[end : end + 1] == FIELD_END or end == len(rest)
        if end < first or not ends_well or (first and rest[first - 1 : first] != FIELD_END):
            well_cut = False
        seamless = seamless and first == expected and rest[end : end + 1] < b"\x20"
        expected = end + 1
        pairs.append((tag.decode("ascii"), rest[first:end]))
    seamless = seamless and expected == len(rest)
    return pairs if well_cut or seamless else None


def _by_terminators(entries: list[tuple[bytes, bytes, bytes]], rest: bytes) -> list[tuple[str, bytes]]:
    """Fields cut at the terminators; only when their number is that of the directory's entries.

    The tags come in the order of the directory or of the offsets in it, whichever fits the stated lengths better.
    """
    parts = rest.split(FIELD_END)
    # Something behind the last terminator is a field that was cut.
    if parts.pop() or len(parts) != len(entries) or not all(tag.isalnum() for tag, _, _ in entries):
        raise MarcError(problem("directory_broken"))
    by_start = sorted(entries, key=lambda entry: entry[2])
    best = max(by_start, entries, key=lambda order: _fitting_lengths(order, parts))
    pairs = [(tag.decode("ascii"), part) for (tag, _, _), part in zip(best, parts, strict=True)]
    # A control field never holds subfields, a data field always does: else tags and texts are out of step.
    if any((b"\x1f" in part) == (tag < "010") for tag, part in pairs):
        raise MarcError(problem("directory_broken"))
    return pairs


def _fitting_lengths(entries: list[tuple[bytes, bytes, bytes]], parts: list[bytes]) -> int:
    return sum(length == b"%04d" % (len(part) + 1) for (_, length, _), part in zip(entries, parts, strict=True))


class _Decoder:
    """Decodes the fields of one record and counts what it did not understand."""

    def __init__(self, encoding: str, *, repair: bool) -> None:
        self._marc8 = encoding == MARC8
        self._encoding = encoding
        self._repair = repair
        self._unknown = 0
        self._foreign = 0

    def _text(self, raw: bytes) -> str:
        if not self._marc8:
            text = raw.decode(self._encoding)
        else:
            text, unknown = marc8.decode(raw)
            self._unknown += unknown
            self._foreign += sum(1 for character in text if character > "\x7f")
        return normalise(text) if self._repair and not text.isascii() else text

    def field(self, tag: str, content: bytes) -> Field:
        if tag < "010" and tag.isdigit():
            return Field(tag, self._text(content))
        pieces = content.split(b"\x1f")
        subfields: list[Subfield] = [self._subfield(piece) for piece in pieces[1:] if piece]
        return Field(tag, "", _indicators(pieces[0].decode(UTF8, "replace")), subfields)

    def _subfield(self, piece: bytes) -> Subfield:
        if piece[0] < 0x80:
            return chr(piece[0]), self._text(piece[1:])
        text = self._text(piece)
        return text[:1], text[1:]

    def notes(self) -> tuple[Problem, ...]:
        if not self._unknown:
            return ()
        if self._unknown * _MARC8_UNKNOWN_SHARE > self._foreign:
            raise MarcError(problem("encoding_unknown"))
        return (problem("marc8_unknown_characters", count=self._unknown),)


def build(record: Record) -> bytes:
    """The record as ISO 2709 in UTF-8 (leader/09 is set to "a").

    Raises ``FieldTooLong``, ``RecordTooLong`` or ``ForbiddenCharacter``; never writes what cannot be read back.
    """
    directory: list[str] = []
    chunks: list[bytes] = []
    start = 0
    for field in record.fields:
        chunk = _field_bytes(field)
        if len(chunk) > FIELD_LIMIT:
            raise FieldTooLong(problem("field_too_long_to_write", tag=field.tag, length=len(chunk)))
        directory.append(f"{_tag(field.tag)}{len(chunk):04d}{start:05d}")
        chunks.append(chunk)
        start += len(chunk)
    base = LEADER_LENGTH + _ENTRY * len(directory) + 1
    length = base + start + 1
    if length > RECORD_LIMIT:
        raise RecordTooLong(problem("record_too_long_to_write", length=length))
    given = leader_of(record.leader)
    leader = f"{length:05d}{given[5:9]}a22{base:05d}{given[17:20]}4500"
    head = leader.encode("ascii", "replace") + "".join(directory).encode("ascii") + FIELD_END
    return b"".join([head, *chunks, b"\x1d"])


def _tag(tag: str) -> str:
    if len(tag) != 3 or not tag.isascii() or not tag.isalnum():
        raise ForbiddenCharacter(problem("tag_invalid", tag=tag))
    return tag


def _field_bytes(field: Field) -> bytes:
    if not field.indicators:
        text, delimiters = field.value, 0
    else:
        text = field.indicators + "".join([f"\x1f{code}{value}" for code, value in field.subfields])
        delimiters = len(field.subfields)
    chunk = text.encode(UTF8)
    if chunk.count(b"\x1f") != delimiters or b"\x1e" in chunk or b"\x1d" in chunk:
        raise ForbiddenCharacter(problem("forbidden_character", tag=field.tag))
    return chunk + FIELD_END


def looks_unimarc(records: Sequence[Record]) -> bool:
    """UNIMARC by its fingerprints: titles in 200, coded data in 100 $a, and no 245 anywhere."""
    votes = 0
    for record in records:
        if record.get("245") or record.get("008"):
            return False
        coded = record.get("100")
        if record.get("200") and coded is not None and len(coded.get("a")) >= 20:
            votes += 1
    return votes * 2 > len(records)
