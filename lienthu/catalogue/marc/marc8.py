"""MARC-8 to Unicode, by the code tables that pymarc carries.

pymarc's own loop answers an unknown byte with a blank and a line on standard error; here unknown bytes are
counted, so that the reader can refuse a text that is not MARC-8 at all. Sets called into the other half of the
code space (Cyrillic and Arabic extensions as G0) are decoded too. Otherwise the result is pymarc's.
"""

import unicodedata

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_BASIC_LATIN = 0x42
_ANSEL = 0x45
_EAST_ASIAN = 0x31
_REPLACEMENT = "�"
_ESCAPE = 0x1B
_G0_MARKS = b"(,$"
_G1_MARKS = b")-$"


def decode(raw: bytes) -> tuple[str, int]:
    """Decode one subfield. Returns the text (NFC) and how many characters were not understood (shown as U+FFFD)."""
    if raw.isascii() and _ESCAPE not in raw:
        return raw.decode("ascii"), 0
    text: list[str] = []
    marks: list[str] = []
    unknown = 0
    g0, g1 = _BASIC_LATIN, _ANSEL
    position, end = 0, len(raw)
    while position < end:
        byte = raw[position]
        if byte == _ESCAPE:
            position, g0, g1 = _switch(raw, position, g0, g1)
            continue
        wide = g0 == _EAST_ASIAN and byte > 0x20
        step = 3 if wide else 1
        code = int.from_bytes(raw[position : position + step], "big")
        position += step
        if code < 0x20 or 0x80 < code < 0xA0:
            continue
        table = CODESETS.get(g1 if code > 0x80 and not wide else g0, {})
        # pymarc's tables hold a set in one half of the byte only, but it may be called into the other half.
        entry = table.get(code) or (None if wide else table.get(code ^ 0x80))
        if entry is None:
            if code in ODD_MAP:
                text.append(chr(ODD_MAP[code]))
            elif code != 0x20:
                unknown += 1
                text.append(_REPLACEMENT)
            else:
                text.append(" ")
            continue
        if entry[1]:
            marks.append(chr(entry[0]))
            continue
        text.append(chr(entry[0]))
        if marks:
            # MARC-8 writes a mark before its letter, Unicode after it.
            text += marks
            marks.clear()
    unknown += len(marks)
    return unicodedata.normalize("NFC", "".join(text)), unknown


def _switch(raw: bytes, position: int, g0: int, g1: int) -> tuple[int, int, int]:
    """Follow an escape sequence at ``position``; returns the position behind it and the two character sets."""
    after = raw[position + 1 : position + 2]
    if after and after in _G0_MARKS:
        wide = 1 if after == b"$" and raw[position + 2 : position + 3] == b"," else 0
        target = raw[position + 2 + wide : position + 3 + wide]
        # "$1" is the short form of the East Asian set, "$)1" and "$-1" put it into G1.
        if after == b"$" and target and target in b")-":
            return position + 4, g0, _set_of(raw, position + 3, g1)
        return (position + 3 + wide, target[0], g1) if target else (position + 2, g0, g1)
    if after and after in _G1_MARKS:
        return position + 3, g0, _set_of(raw, position + 2, g1)
    if after and after[0] in CODESETS:
        return position + 2, after[0], g1
    if after == b"s":
        return position + 2, _BASIC_LATIN, g1
    return position + 1, g0, g1


def _set_of(raw: bytes, position: int, default: int) -> int:
    return raw[position] if position < len(raw) else default
