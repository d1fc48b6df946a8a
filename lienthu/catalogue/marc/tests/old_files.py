"""Files as old systems wrote them, made from the Library of Congress's Vietnamese records (public domain)."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from lienthu.catalogue.marc import iso2709
from lienthu.catalogue.marc.reader import RawRecord, open_records
from lienthu.catalogue.marc.record import Field, Record
from lienthu.kernel.text.encodings import ALL_LETTERS, encode, falsified

LC = Path(__file__).resolve().parents[3] / "operations" / "demo" / "data" / "lc_vietnam" / "lc_vie_ship.mrc"


@cache
def lc_records() -> tuple[Record, ...]:
    """72 Vietnamese records, without characters that no old encoding had."""
    with LC.open("rb") as file:
        found = [item.record for item in open_records(file) if isinstance(item, RawRecord)]
    return tuple(changed(record, _plain) for record in found)


def _plain(text: str) -> str:
    return "".join(letter if letter < "\x80" or letter in ALL_LETTERS else "?" for letter in text)


def changed(record: Record, change: Callable[[str], str]) -> Record:
    fields = [
        Field(one.tag, "", one.indicators, [(code, change(value)) for code, value in one.subfields])
        if one.indicators
        else Field(one.tag, change(one.value))
        for one in record.fields
    ]
    return Record(record.leader, fields)


def false_unicode(record: Record, encoding: str, page: str = "cp1252") -> bytes:
    """ISO 2709 in UTF-8 in which the bytes of an old encoding stand as Western characters."""
    return iso2709.build(changed(record, lambda text: falsified(text, encoding, page=page)))


def eight_bit(record: Record, encoding: str) -> bytes:
    """ISO 2709 in the bytes of an old encoding."""
    return _iso(record, lambda text: encode(text, encoding), field_end=b"\x1e", record_end=b"\x1d", mark=b"\x1f")


def isis(record: Record, encoding: str, *, width: int = 80) -> bytes:
    """A record as CDS/ISIS exports it: lines, "#" as terminator, "^" before subfields, nothing in the leader."""
    whole = _iso(
        record, lambda text: encode(text, encoding), field_end=b"#", record_end=b"#", mark=b"^", leader=b"0000000"
    )
    lines = [whole[start : start + width] for start in range(0, len(whole), width)] if width else [whole]
    return b"\r\n".join(lines) + b"\r\n"


def printable(record: Record) -> bytes:
    """ISO 2709 whose delimiters a program replaced by "#", "$" and "##"."""
    return _iso(record, str.encode, field_end=b"#", record_end=b"#", mark=b"$", leader=b"nam a22")


def _iso(
    record: Record,
    coded: Callable[[str], bytes],
    *,
    field_end: bytes,
    record_end: bytes,
    mark: bytes,
    leader: bytes = b"nam  22",
) -> bytes:
    directory, body = b"", b""
    for one in record.fields:
        if one.indicators:
            content = one.indicators.encode() if leader[-1:] == b"2" else b""
            content += b"".join(mark + code.encode() + coded(value) for code, value in one.subfields)
        else:
            content = coded(one.value)
        content += field_end
        directory += b"%s%04d%05d" % (one.tag.encode(), len(content), len(body))
        body += content
    base = 24 + len(directory) + 1
    head = b"%05d%s%05d%s4500" % (base + len(body) + 1, leader, base, b"   " if leader[-1:] == b"2" else b"000")
    return head + directory + field_end + body + record_end


def tagged(record: Record) -> str:
    """The record a field a line."""
    lines = [f"#{one.tag} " + (
        one.indicators.replace(" ", "_") + " " + "".join(f"${code}{value}" for code, value in one.subfields)
        if one.indicators else one.value
    ) for one in record.fields]  # fmt: skip
    return "\n".join(lines) + "\n\n"
