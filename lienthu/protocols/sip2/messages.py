"""SIP 2.00 on the wire: a code, fixed fields by position, variable fields by name, then sequence number and checksum.

Source: 3M Standard Interchange Protocol, version 2.00 (2006). All lengths are in characters, as the standard has them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from lienthu.kernel import clock

LONGEST_VALUE = 255
_CHECKED = re.compile(r"(?:AY([0-9]))?AZ([0-9A-Fa-f]{4})$")
_NUMBERED = re.compile(r"AY([0-9])$")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# no keyboard and no scanner of a machine writes these; a tab it may
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE = re.compile(r"(\d{8})(?: {4}|0000|   Z)(\d{6})")


class Malformed(ValueError):
    """What came is no message of SIP 2.00."""


class Fixed(NamedTuple):
    """A field told by its place: its name and its length."""

    name: str
    length: int


_OK, _DATE_18 = Fixed("ok", 1), Fixed("date", 18)
_STATUS = (Fixed("patron_status", 14), Fixed("language", 3), _DATE_18)
_LENT = (_OK, Fixed("renewal_ok", 1), Fixed("magnetic", 1), Fixed("desensitize", 1), _DATE_18)

# What a machine sends.
REQUESTS: Mapping[str, tuple[Fixed, ...]] = {
    "01": (Fixed("card_retained", 1), _DATE_18),
    "09": (Fixed("no_block", 1), _DATE_18, Fixed("return_date", 18)),
    "11": (Fixed("renewal_policy", 1), Fixed("no_block", 1), _DATE_18, Fixed("no_block_due", 18)),
    "15": (Fixed("mode", 1), _DATE_18),
    "17": (_DATE_18,),
    "19": (_DATE_18,),
    "23": (Fixed("language", 3), _DATE_18),
    "25": (_DATE_18,),
    "29": (Fixed("third_party", 1), Fixed("no_block", 1), _DATE_18, Fixed("no_block_due", 18)),
    "35": (_DATE_18,),
    "37": (_DATE_18, Fixed("fee_type", 2), Fixed("payment_type", 2), Fixed("currency", 3)),
    "63": (Fixed("language", 3), _DATE_18, Fixed("summary", 10)),
    "65": (_DATE_18,),
    "93": (Fixed("uid_algorithm", 1), Fixed("pwd_algorithm", 1)),
    "97": (),
    "99": (Fixed("status", 1), Fixed("width", 3), Fixed("version", 4)),
}
# What we answer.
RESPONSES: Mapping[str, tuple[Fixed, ...]] = {
    "10": (_OK, Fixed("resensitize", 1), Fixed("magnetic", 1), Fixed("alert", 1), _DATE_18),
    "12": _LENT,
    "16": (_OK, Fixed("available", 1), _DATE_18),
    "18": (Fixed("circulation_status", 2), Fixed("security", 2), Fixed("fee_type", 2), _DATE_18),
    "20": (_OK, _DATE_18),
    "24": _STATUS,
    "26": _STATUS,
    "30": _LENT,
    "36": (_OK, _DATE_18),
    "38": (_OK, _DATE_18),
    "64": (
        *_STATUS,
        *(Fixed(name, 4) for name in ("holds", "overdue", "charged", "fines", "recalls", "unavailable_holds")),
    ),
    "66": (_OK, Fixed("renewed", 4), Fixed("unrenewed", 4), _DATE_18),
    "94": (_OK,),
    "96": (),
    "98": (
        *(Fixed(name, 1) for name in ("online", "checkin", "checkout", "renewal", "status_update", "offline")),
        *(Fixed("timeout", 3), Fixed("retries", 3), _DATE_18, Fixed("version", 4)),
    ),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `sequence` is a digit or "", `checked` says that it carried a checksum."""

    code: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[tuple[str, str], ...] = ()
    sequence: str = ""
    checked: bool = False

    def get(self, name: str, default: str = "") -> str:
        """The first variable field with this name, without blanks around."""
        return next((value.strip() for key, value in self.fields if key == name), default)

    def all(self, name: str) -> list[str]:
        """All variable fields with this name."""
        return [value for key, value in self.fields if key == name]


def checksum(body: bytes) -> str:
    """The four digits after AZ: the negated sum of all bytes up to and with AZ."""
    return f"{-sum(body) & 0xFFFF:04X}"


def checksum_right(line: bytes) -> bool | None:
    """Whether the checksum of a line is right; None when it has none."""
    if len(line) < 6 or line[-6:-4] != b"AZ":
        return None
    return checksum(line[:-4]) == line[-4:].decode("ascii", "replace").upper()


def parse(text: str, delimiter: str = "|", *, layouts: Mapping[str, tuple[Fixed, ...]] = REQUESTS) -> Message:
    """Read a line without its end.

    Raises Malformed for an unknown code, fixed fields that are cut short, and control signs: left out, they could make
    one card's number of another's.
    """
    code, rest = text[:2], text[2:]
    if _CONTROL.search(text):
        raise Malformed("a control sign")
    if code not in layouts:
        raise Malformed(code)
    fixed = {}
    body, sequence, checked = _without_tail(rest, delimiter, sum(one.length for one in layouts[code]))
    for one in layouts[code]:
        value, body = body[: one.length], body[one.length :]
        if len(value) != one.length:
            raise Malformed(one.name)
        fixed[one.name] = value
    parts = [part for part in body.split(delimiter) if len(part) >= 2]
    return Message(code, fixed, tuple((part[:2], part[2:]) for part in parts), sequence, checked)


def _without_tail(rest: str, delimiter: str, fixed: int) -> tuple[str, str, bool]:
    """The line without sequence number and checksum, the number, and whether there was a checksum."""
    found = _CHECKED.search(rest)
    if found:
        return rest[: found.start()], found[1] or "", True
    found = _NUMBERED.search(rest)
    if found and (found.start() == fixed or rest[found.start() - 1 : found.start()] == delimiter):
        return rest[: found.start()], found[1], False
    return rest, "", False


def delimiter_of(text: str) -> str:
    """The delimiter of a sign-in, for machines that use another one than "|": the last sign before the tail."""
    body, _sequence, _checked = _without_tail(text[2:], "|", 2)
    last = body[-1:]
    return last if "|" not in body and last.isascii() and not last.isalnum() and last.isprintable() else "|"


def clean(value: str, delimiter: str = "|") -> str:
    """A value that breaks no message: one line, without delimiter, not too long."""
    return _UNSAFE.sub(" ", value).replace(delimiter, " ").strip()[:LONGEST_VALUE]


def body_of(
    code: str,
    fixed: Mapping[str, str],
    fields: Iterable[tuple[str, str]],
    *,
    delimiter: str = "|",
    layouts: Mapping[str, tuple[Fixed, ...]] = RESPONSES,
) -> str:
    """A message without its tail. Raises ValueError for a fixed field of wrong length: a mistake of the program."""
    parts = [code]
    for one in layouts[code]:
        if len(fixed[one.name]) != one.length:
            raise ValueError(f"{code} {one.name}: {fixed[one.name]!r}")
        parts.append(fixed[one.name])
    return "".join([*parts, *(f"{name}{clean(value, delimiter)}{delimiter}" for name, value in fields)])


def sealed(body: bytes, *, sequence: str, checked: bool) -> bytes:
    """A message with its tail: the sequence number of the request, and a checksum where the request had one."""
    if sequence:
        body += b"AY" + sequence.encode("ascii")
    if not checked:
        return body
    body += b"AZ"
    return body + checksum(body).encode("ascii")


def date_text(at: datetime) -> str:
    """A moment as SIP writes it, in the time of Việt Nam: YYYYMMDD, four blanks, HHMMSS."""
    return at.astimezone(clock.VIETNAM).strftime("%Y%m%d    %H%M%S")


def date_of(text: str) -> datetime | None:
    """The moment that a machine wrote; local time unless the zone is Z. None for what is no moment."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        naive = datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S")
        zone = UTC if text[8:12] == "   Z" else clock.VIETNAM
        return naive.replace(tzinfo=zone)
    except ValueError:
        return None
