"""ISO 2709 whose delimiters are printable: exports of CDS/ISIS, and files in which a program replaced them.

CDS/ISIS writes lines of 80 characters, a leader that says 0 indicators and 0 characters of identifier, ``#`` behind
every field and at the end of the record once more, and subfields as ``^a``. The other kind keeps MARC's leader and
shows the delimiters as ``#``, ``$`` and ``##``. Text may hold these characters too, so the directory decides.
"""

import re
from collections import Counter
from typing import NamedTuple

from .mapping import INDICATORS
from .problems import MarcError, problem
from .record import LEADER_LENGTH, Field, Record, Subfield, leader_of

START = re.compile(
    rb"(?<![0-9A-Za-z])[0-9]{5}[0-9A-Za-z ]{5}[0-9 ]{2}[0-9]{5}[0-9A-Za-z ]{3}4500(?=[0-9A-Za-z]{3}[0-9]{9})"
)
"""The leader of a record and what follows it. It stands at the beginning of a line or behind a terminator."""
LONGEST_START = 64
_ENTRY = 12
_ENTRIES = re.compile(rb"([0-9A-Za-z]{3})([0-9]{4})([0-9]{5})")
_LINE_ENDS = re.compile(rb"\r\n|\n|\r")
_FIELD_ENDS = (b"\x1e", b"#")
_BOOK = "00000nam a2200000 a 4500"
_WIDTHS = range(40, 256)


class Layout(NamedTuple):
    """How a file writes records: the byte behind fields, the mark of subfields, whether the leader is CDS/ISIS's."""

    field_end: bytes
    mark: str
    is_isis: bool


def layout_of(head: bytes) -> Layout | None:
    """The layout by the beginning of a file; nothing when it is none of these."""
    start = START.match(head.lstrip(b"\r\n\x00\x1a\t \xef\xbb\xbf"))
    if start is None:
        return None
    text = head.lstrip(b"\r\n\x00\x1a\t \xef\xbb\xbf")
    is_isis = text[10:12] in (b"00", b"  ", b"0 ")
    flat = _LINE_ENDS.sub(b"", text[:4000])
    base = int(text[12:17])
    field_end = next((end for end in _FIELD_ENDS if flat[base - 1 : base] == end), b"")
    if not field_end:
        field_end = next((end for end in _FIELD_ENDS if end in flat[LEADER_LENGTH:]), b"")
    if not field_end or (field_end == b"\x1e" and not is_isis):
        return None
    marks = Counter(re.findall(rb"[\^$|\x1f](?=[a-z0-9])", text))
    mark = marks.most_common(1)[0][0].decode() if marks else ("^" if is_isis else "$")
    if field_end == b"\x1e" and mark == "\x1f":
        return None
    return Layout(field_end, mark, is_isis)


class Cut(NamedTuple):
    """The fields of a record as bytes, whether the directory had to be guessed, and how many bytes they take.

    ``length`` counts no line ends; 0 where it is not known.
    """

    leader: bytes
    fields: list[tuple[str, bytes]]
    salvaged: bool
    length: int = 0


def cut(raw: bytes, layout: Layout) -> Cut:
    """Take one record apart. Raises ``MarcError`` when leader or directory cannot be understood."""
    raw = raw.strip(b"\r\n\x00\x1a ")
    best: Cut | None = None
    for body in _unwrapped(raw):
        found = _cut(body, layout)
        if found is not None and not found.salvaged:
            return found
        best = best or found
    if best is None:
        raise MarcError(problem("directory_broken"))
    return best


def end_in(raw: bytes, length: int) -> int:
    """Where in the stored bytes a record of this length (without line ends) is over, with its terminators."""
    place = counted = 0
    while place < len(raw) and counted < length:
        counted += raw[place] not in b"\r\n"
        place += 1
    while place < len(raw) and raw[place] in b"#\x1d\r\n \x1a\x00":
        place += 1
    return place


def _unwrapped(raw: bytes) -> list[bytes]:
    """The record without its line ends; also with the blanks back that a program took off the ends of lines."""
    lines = _LINE_ENDS.split(raw)
    if len(lines) == 1:
        return [raw]
    candidates = [b"".join(lines)]
    width = max(map(len, lines[:-1]))
    if width in _WIDTHS and any(len(line) < width for line in lines[:-1]):
        candidates.append(b"".join(line.ljust(width) for line in lines[:-1]) + lines[-1])
    # A field may hold a line break that was there before the export.
    return [*candidates, raw]


def _cut(body: bytes, layout: Layout) -> Cut | None:
    if len(body) < LEADER_LENGTH + _ENTRY or not body[12:17].isdigit():
        return None
    end = layout.field_end
    base = int(body[12:17])
    directory = body[LEADER_LENGTH : base - 1]
    if not directory or len(directory) % _ENTRY or body[base - 1 : base] != end:
        directory, _, _ = body[LEADER_LENGTH:].partition(end)
        base = LEADER_LENGTH + len(directory) + 1
    entries = _ENTRIES.findall(directory)
    if not entries or len(entries) * _ENTRY != len(directory):
        return None
    rest = body[base:]
    leader = body[:LEADER_LENGTH]
    for measured in (rest, _by_characters(rest)):
        fields = _by_directory(entries, measured, end) if measured is not None else None
        if fields is not None:
            last = max(int(start) + int(length) for _, length, start in entries)
            return Cut(leader, fields, salvaged=False, length=base + last if measured is rest else 0)
    fields = _by_terminators(entries, rest, end)
    return Cut(leader, fields, salvaged=True) if fields is not None else None


def _by_characters(rest: bytes) -> "str | None":
    """The same as characters, for programs that count them instead of bytes."""
    if rest.isascii():
        return None
    try:
        return rest.decode()
    except UnicodeDecodeError:
        return None


def _by_directory(
    entries: list[tuple[bytes, bytes, bytes]], rest: bytes | str, end: bytes
) -> list[tuple[str, bytes]] | None:
    fields = []
    for tag, length, start in entries:
        first, last = int(start), int(start) + int(length) - 1
        content, terminator = _encoded(rest[first:last]), _encoded(rest[last : last + 1])
        if last < first or terminator not in (end, b"") or (terminator == b"" and last > len(rest)):
            return None
        fields.append((tag.decode("ascii"), content))
    return fields


def _encoded(piece: bytes | str) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece


def _by_terminators(
    entries: list[tuple[bytes, bytes, bytes]], rest: bytes, end: bytes
) -> list[tuple[str, bytes]] | None:
    """Cut at the terminators; where text holds them too, pieces are joined up to the stated length."""
    parts = rest.rstrip(b"\r\n ").removesuffix(end).removesuffix(end).split(end)
    ordered = sorted(entries, key=lambda entry: entry[2])
    if len(parts) > len(ordered):
        parts = _joined(ordered, parts, end) or parts
    if len(parts) != len(ordered):
        return None
    return [(tag.decode("ascii"), part) for (tag, _, _), part in zip(ordered, parts, strict=True)]


def _joined(entries: list[tuple[bytes, bytes, bytes]], parts: list[bytes], end: bytes) -> list[bytes] | None:
    joined = []
    waiting = list(reversed(parts))
    for _, length, _ in entries:
        if not waiting:
            return None
        whole = waiting.pop()
        while waiting and len(whole) + 1 < int(length):
            whole += end + waiting.pop()
        joined.append(whole)
    return joined if not waiting else None


def record_of(leader: bytes, fields: list[tuple[str, str]], layout: Layout) -> Record:
    """The record of decoded fields. Raises ``MarcError`` when there are none."""
    found = [field for tag, text in fields for field in _field(tag, text, layout)]
    if not found:
        raise MarcError(problem("record_empty"))
    plain = leader.decode("ascii", "replace")
    return Record(_BOOK if layout.is_isis or not plain[5:8].isalpha() else leader_of(plain), found)


def _field(tag: str, text: str, layout: Layout) -> list[Field]:
    if tag < "010" and tag.isdigit() and tag != "000":
        return [Field(tag, text.strip())] if text.strip() else []
    mark = re.escape(layout.mark)
    found = re.match(rf"([0-9 #_\\]{{0,2}})(?={mark}[a-z0-9])", text)
    given = found[1] if found else ""
    indicators = re.sub(r"[#_\\]", " ", given).ljust(2) if given else INDICATORS.get(tag, "  ")
    body = text[len(given) :]
    lead, *pieces = re.split(rf"{mark}(?=[a-z0-9])", body)
    subfields: list[Subfield] = [("a", lead.strip())] if lead.strip() else []
    subfields += [(piece[0], piece[1:].strip()) for piece in pieces if piece[1:].strip()]
    return [Field(tag, "", indicators, subfields)] if subfields else []
