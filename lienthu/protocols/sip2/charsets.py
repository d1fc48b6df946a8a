"""Letters of old machines: a code page that lacks a Vietnamese letter gets it without its marks, never a broken one."""

import unicodedata
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UTF_8 = "utf-8"
CHARSETS: Mapping[str, Promise] = {
    UTF_8: _("UTF-8 (đủ dấu tiếng Việt)"),
    "cp1258": _("Windows-1258 (đủ dấu tiếng Việt)"),
    "cp850": _("CP850 (DOS, Tây Âu: bỏ dấu)"),
    "cp437": _("CP437 (DOS: bỏ dấu)"),
    "cp1252": _("Windows-1252 (Tây Âu: bỏ dấu)"),
    "latin-1": _("ISO 8859-1 (Tây Âu: bỏ dấu)"),
    "ascii": _("ASCII (bỏ dấu)"),
}
# Letters that are no letter with a mark for Unicode.
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."})
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode(text: str, charset: str) -> bytes:
    """The bytes for a machine. What its code page lacks loses its marks; what is no Latin letter becomes "?"."""
    text = unicodedata.normalize("NFC", text)
    if charset == UTF_8:
        return text.encode(UTF_8, "replace")
    return b"".join(_letter(one, charset) for one in text)


def decode(raw: bytes, charset: str) -> str:
    """What a machine wrote; bytes that mean nothing become U+FFFD."""
    return unicodedata.normalize("NFC", raw.decode(charset, "replace"))


def shown_by(text: str, charset: str) -> str:
    """How a text looks on a machine of this code page."""
    return decode(encode(text, charset), charset)


def _letter(one: str, charset: str) -> bytes:
    for written in (one, _tone_apart(one), one.translate(_PLAIN), _unmarked(one)):
        try:
            return written.encode(charset)
        except UnicodeEncodeError:
            continue
    return b"?"


def _tone_apart(one: str) -> str:
    """ế as ê and an acute accent, as Windows-1258 writes Vietnamese."""
    parts = unicodedata.normalize("NFD", one)
    base = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", base) + "".join(part for part in parts if part in _TONES)


def _unmarked(one: str) -> str:
    parts = unicodedata.normalize("NFD", one.translate(_PLAIN))
    return "".join(part for part in parts if not unicodedata.combining(part))
