"""Cutting a stream of bytes into records without understanding them.

Each framer yields frames in order, holds at most one record (up to its limit) in memory, and goes on
behind whatever is broken. Offsets count bytes from the start of the (unpacked) file.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lienthu.intake.problems import Problem

from .problems import problem
from .source import Source


class Frame(NamedTuple):
    """The bytes of one record, or of what should be one, with the reason why it is not.

    ``raw`` is shorter than ``length`` when a record was cut at the limit.
    """

    offset: int
    length: int
    raw: bytes
    problem: Problem | None = None


KEPT = 1 << 16
"""Bytes kept of a record that is over its limit."""

_new = tuple.__new__
"""Makes a frame without the Python-level constructor of a named tuple, which would show in the speed of reading."""

_BETWEEN = b"\r\n\x00\x1a\xef\xbb\xbf"
"""Line ends, fillers and byte order marks that are found between ISO 2709 records."""


def iso2709_frames(source: Source, limit: int) -> Iterator[Frame]:
    """Records end with the byte 1D; lengths inside them are not looked at."""
    carry = b""
    discarded = 0
    start = source.offset
    while block := source.read():
        parts = block.split(b"\x1d")
        if len(parts) > 1:
            parts[0] = carry + parts[0]
            carry = parts.pop()
            for part in parts:
                length = discarded + len(part) + 1
                if length > limit:
                    yield _too_large(start, length, part, limit)
                elif b"0" <= part[:1] <= b"9":
                    yield _new(Frame, (start, length, part + b"\x1d", None))
                else:
                    yield from _trimmed_frame(start, part + b"\x1d")
                start += length
                discarded = 0
        elif discarded:
            discarded += len(block)
        else:
            carry += block
        if len(carry) > limit:
            # Kept: the first bytes for the person who looks at it, the rest is only counted.
            discarded += len(carry) - KEPT
            carry = carry[:KEPT]
    if discarded:
        yield _too_large(start, discarded + len(carry), carry, limit)
    elif carry.strip(_BETWEEN + b" \t"):
        yield from _trimmed_frame(start, carry)


def _trimmed_frame(start: int, raw: bytes) -> Iterator[Frame]:
    trimmed = raw.lstrip(_BETWEEN)
    if trimmed != b"\x1d":
        yield Frame(start + len(raw) - len(trimmed), len(trimmed), trimmed)


def _too_large(offset: int, length: int, raw: bytes, limit: int) -> Frame:
    return Frame(offset, length, raw[:KEPT], problem("record_too_large", limit=limit))


_PREFIXED = rb"(?:[A-Za-z_][\w.\-]{0,60}:)?"


class Framing(NamedTuple):
    """Where records of an XML file begin and end, and what shows that one holds anything."""

    outside: re.Pattern[bytes]
    inside: re.Pattern[bytes]
    content: re.Pattern[bytes]

    @classmethod
    def of(cls, element: str, *, lost: str = "", content: str) -> "Framing":
        """Records are elements of this local name; ``lost`` is one by which a record without its start tag is seen."""
        name = _PREFIXED + re.escape(element).encode() + rb"(?=[\s/>])"
        start = name + (rb"|" + _PREFIXED + lost.encode() + rb"(?=[\s/>])" if lost else b"")
        return cls(
            re.compile(rb"<(?:(?P<open>" + start + rb")|(?P<other>!--|!\[CDATA\[|!DOCTYPE))"),
            re.compile(rb"<(?P<close>/?)" + name),
            re.compile(content.encode()),
        )


MARC_FRAMING = Framing.of(
    "record",
    # A leader outside a record is a record whose start tag is lost: it is framed too, so that it gets reported.
    lost="leader",
    content=r"<(?:[A-Za-z_][\w.\-]*:)?(?:leader|controlfield|datafield)[\s/>]",
)
_OTHER_ENDS = {b"!--": b"-->", b"![CDATA[": b"]]>"}
_LONGEST_TOKEN = 80
_OTHER_LIMIT = 1 << 20


class XmlFramer:
    """Record elements of a MARCXML stream: the innermost ``<record>`` (an OAI-PMH record wraps it in its own)."""

    def __init__(self, source: Source, limit: int, framing: Framing = MARC_FRAMING) -> None:
        self._source = source
        self._framing = framing
        self._limit = limit
        self._buffer = b""
        self._base = source.offset
        self._scan = 0
        self._start = -1
        self._cut: tuple[int, bytes] | None = None

    def __iter__(self) -> Iterator[Frame]:
        while True:
            token = (self._framing.outside if self._start < 0 else self._framing.inside).search(
                self._buffer, self._scan
            )
            if token is None:
                if not self._fill():
                    yield from self._rest()
                    return
                if self._start >= 0 and len(self._buffer) - self._start > self._limit:
                    self._cut_off()
            elif self._start < 0:
                yield from self._outside(token)
            else:
                yield from self._inside(token)

    def _fill(self) -> bool:
        """Read on, dropping what can no longer be part of a record."""
        block = self._source.read()
        if not block:
            return False
        kept = self._start if self._start >= 0 else max(self._scan, len(self._buffer) - _LONGEST_TOKEN)
        rescan = max(self._scan, len(self._buffer) - _LONGEST_TOKEN)
        self._buffer = self._buffer[kept:] + block
        self._base += kept
        self._scan = max(0, rescan - kept)
        if self._start >= 0:
            self._start = 0
        return True

    def _outside(self, token: re.Match[bytes]) -> Iterator[Frame]:
        if token["open"] is None:
            yield from self._skip_other(token)
            return
        yield from self._end_of_cut(self._base + token.start())
        self._start = token.start()
        self._scan = token.end()

    def _skip_other(self, token: re.Match[bytes]) -> Iterator[Frame]:
        """Jump over a comment or CDATA between records; one that does not end soon is taken for text."""
        self._scan = token.end()
        if token["other"] == b"!DOCTYPE":
            offset = self._base + token.start()
            yield Frame(offset, len(token[0]), token[0], problem("xml_dtd"))
            return
        ending = _OTHER_ENDS[token["other"]]
        self._start = token.start()  # keeps the buffer while reading on
        while (end := self._buffer.find(ending, self._scan)) < 0 and len(self._buffer) - self._start < _OTHER_LIMIT:
            if not self._fill():
                break
        self._scan = end + len(ending) if end >= 0 else self._start + len(token[0])
        self._start = -1

    def _inside(self, token: re.Match[bytes]) -> Iterator[Frame]:
        tag_end = self._buffer.find(b">", token.end())
        if tag_end < 0:
            if not self._fill():
                yield from self._rest()
                self._scan = len(self._buffer)
            return
        if token["close"]:
            raw = self._buffer[self._start : tag_end + 1]
            yield Frame(self._base + self._start, len(raw), raw)
            self._start = -1
            self._scan = tag_end + 1
            return
        before = self._buffer[self._start : token.start()]
        if self._framing.content.search(before):
            yield Frame(self._base + self._start, len(before), before, problem("xml_unclosed"))
        self._start = token.start()
        self._scan = token.end()

    def _cut_off(self) -> None:
        """The record is over its limit: keep its first bytes and look for the next one."""
        self._cut = (self._base + self._start, self._buffer[self._start : self._start + KEPT])
        self._start = -1

    def _end_of_cut(self, offset: int) -> Iterator[Frame]:
        if self._cut:
            start, raw = self._cut
            self._cut = None
            yield _too_large(start, offset - start, raw, self._limit)

    def _rest(self) -> Iterator[Frame]:
        end = self._base + len(self._buffer)
        yield from self._end_of_cut(end)
        if self._start >= 0:
            raw = self._buffer[self._start :]
            self._start = -1
            if self._framing.content.search(raw):
                yield Frame(end - len(raw), len(raw), raw, problem("record_truncated"))


JSON_START = re.compile(rb'\{\s{0,80}"(?:leader|fields)"\s{0,80}:')
_LONGEST_START = 256


def json_frames(source: Source, limit: int) -> Iterator[Frame]:
    """MARC-in-JSON objects, from one start to the next.

    ``{"leader":`` cannot occur inside a JSON text (its quotes would be escaped), so it always begins a record,
    however broken the one before is. A frame may carry separators at its end.
    """
    return frames_from(JSON_START, source, limit)


def frames_from(pattern: re.Pattern[bytes], source: Source, limit: int) -> Iterator[Frame]:
    """Records that go from one match of ``pattern`` (of at most 256 bytes) to the next; what stands before is left."""
    buffer, base = b"", source.offset
    scan = 0
    start = -1
    cut: tuple[int, bytes] | None = None
    while True:
        found = pattern.search(buffer, scan)
        if found is None:
            block = source.read()
            if not block:
                break
            if start >= 0 and len(buffer) - start > limit:
                cut = (base + start, buffer[start : start + KEPT])
                start = -1
            rescan = max(scan, len(buffer) - _LONGEST_START)
            kept = start if start >= 0 else rescan
            if start >= 0:
                start = 0
            buffer = buffer[kept:] + block
            base += kept
            scan = rescan - kept
            continue
        here = found.start()
        if cut:
            yield _too_large(cut[0], base + here - cut[0], cut[1], limit)
            cut = None
        elif start >= 0:
            yield Frame(base + start, here - start, buffer[start:here])
        start, scan = here, found.end()
    end = base + len(buffer)
    if cut:
        yield _too_large(cut[0], end - cut[0], cut[1], limit)
    elif start >= 0:
        yield Frame(base + start, len(buffer) - start, buffer[start:])
