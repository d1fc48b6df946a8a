"""UTF-8 that was taken for a Western page and written as UTF-8 again: "Nguyá»…n" for "Nguyễn"."""

import re
from itertools import product

from lienthu.kernel.text.encodings.pages import to_western
from lienthu.kernel.text.phonology import is_vietnamese_syllable

_LEAD = re.compile("[\xc2-\xf4][\x80-\xbf]|\xe1[\xba\xbb]|\xc4(?=[A-Za-z])")
# A no-break space that became a blank on the way: it was the second byte of "à".
_LOST_BLANK = re.compile("\xc3 ")
# Page 1252 has no character for five bytes, and programs dropped them: "Kiá»u" for "Kiều", "Äá»c" for "Đọc".
_LOST_BYTE = re.compile("(\xe1[\xba\xbb]|[\xc3-\xc6])(?![\x80-\xbf])")
_DROPPED = "\x81\x8d\x8f\x90\x9d"
_MOST_LOST = 3
_TIMES = 3
_FEW = 3
_OTHER_SCRIPTS = re.compile("[^\x00-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u20cf\u2100-\u218f]")
_PIECES = re.compile("([ \t\r\n]+)")
_WORDS = re.compile(r"[^\W\d_]+")


def undoubled(text: str) -> str | None:
    """The text as it was before, however often it happened; None where this is no such text."""
    found: str | None = None
    for _ in range(_TIMES):
        before = _once(text if found is None else found)
        if before is None:
            break
        found = before
    return None if found is None or _by_chance(found) else found


def _by_chance(text: str) -> bool:
    """Controls, or one or two letters of another script, come out where bytes happened to make UTF-8."""
    if any("\x7f" <= character < "\xa0" for character in text):
        return True
    return 0 < len(_OTHER_SCRIPTS.findall(text)) < _FEW


def _once(text: str) -> str | None:
    if text.isascii():
        return None
    western = to_western(text)
    if _LEAD.search(western) is None:
        return None
    for candidate in (western, _LOST_BLANK.sub("\xc3\xa0", western)):
        if (found := _decoded(candidate)) is not None:
            return found
    return _with_lost_bytes(_LOST_BLANK.sub("\xc3\xa0", western))


def _decoded(western: str) -> str | None:
    try:
        return western.encode("latin-1").decode()
    except UnicodeError:
        return None


def _with_lost_bytes(western: str) -> str | None:
    """The same where bytes were dropped: whichever makes Vietnamese words is put back."""
    pieces = []
    for piece in _PIECES.split(western):
        found = _decoded(piece)
        if found is None:
            found = _filled(piece)
        if found is None:
            return None
        pieces.append(found)
    return "".join(pieces)


def _filled(piece: str) -> str | None:
    parts = _LOST_BYTE.split(piece)
    leads, between = parts[1::2], parts[::2]
    if not 0 < len(leads) <= _MOST_LOST:
        return None
    for bytes_lost in product(_DROPPED, repeat=len(leads)):
        filled = between[0] + "".join(
            lead + byte + rest for lead, byte, rest in zip(leads, bytes_lost, between[1:], strict=True)
        )
        found = _decoded(filled)
        if found is not None and all(map(is_vietnamese_syllable, _WORDS.findall(found))):
            return found
    return None
