"""Reading and writing text in the old encodings: letters, bytes, and bytes that were taken for Western characters."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from lienthu.kernel.text.encodings import tables
from lienthu.kernel.text.encodings.pages import from_western, to_western

TCVN3, TCVN3_CAPITALS, TCVN, VNI = "tcvn3", "tcvn3h", "tcvn", "vni"
VISCII, VIQR, CP1258, BKHCM2 = "viscii", "viqr", "cp1258", "bkhcm2"
ENCODINGS = (TCVN3, VNI, VISCII, CP1258, BKHCM2, VIQR, TCVN, TCVN3_CAPITALS)
"""All that can be read and written, the likely ones first."""

_VIQR_MARKS = {sign: mark for mark, sign in tables.VIQR_SIGNS.items()}
# RFC 1456: quality mark, then tone; a backslash takes the meaning from the sign behind it.
_VIQR_READ = re.compile(r"\\(.)|([dD][dD])|([aA]\(|[aeoAEO]\^|[ouOU]\+|[aeiouyAEIOUY])([`?~'.]?)", re.DOTALL)


class UnknownEncoding(ValueError):
    """No encoding has this name."""


@dataclass(frozen=True, slots=True)
class _Codec:
    """``read`` and ``write`` work on Latin-1 characters, one for each byte."""

    read: Callable[[str], str]
    write: Callable[[str], str]


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text (NFC) in an old encoding. Letters it has not become those nearest to them.

    Raises ``UnicodeEncodeError`` for characters that are neither Vietnamese nor Western, ``UnknownEncoding``.
    """
    return to_western(_codec(encoding).write(normalize("NFC", text))).encode("latin-1")


def decode(data: bytes, encoding: str) -> str:
    """The text (NFC) of bytes in an old encoding; every byte has a reading. Raises ``UnknownEncoding``."""
    return from_western(_codec(encoding).read(data.decode("latin-1")))


def falsified(text: str, encoding: str, *, page: str = "cp1252") -> str:
    """How ``text`` looks when its bytes in ``encoding`` are taken for those of a Western page. Errors as ``encode``.

    ``page`` is "latin-1", "cp1252" or "cp1258"; bytes the page has not stay control characters.
    """
    data = encode(text, encoding)
    return "".join(bytes([byte]).decode(page, "ignore") or chr(byte) for byte in data)


def mended(text: str, encoding: str) -> str:
    """The text that false Unicode stands for, undoing ``falsified``. Characters of no Western page stay."""
    return from_western(_codec(encoding).read(to_western(text)))


@cache
def _codec(encoding: str) -> _Codec:
    if encoding == VIQR:
        return _Codec(_read_viqr, _write_viqr)
    if encoding == CP1258:
        return _Codec(_read_cp1258, _writer(tables.CP1258))
    if encoding in (TCVN3, TCVN, VISCII):
        table = {TCVN3: tables.TCVN3, TCVN: tables.TCVN, VISCII: tables.VISCII}[encoding]
        return _Codec(_single_reader(table), _writer(table if encoding != TCVN3 else _with_small_capitals(table)))
    if encoding == TCVN3_CAPITALS:
        read = _single_reader(tables.TCVN3)
        return _Codec(lambda text: read(text).upper(), _writer(_with_small_capitals(tables.TCVN3)))
    if encoding in (VNI, BKHCM2):
        table = tables.VNI if encoding == VNI else tables.BKHCM2
        return _Codec(_stacked_reader(table), _writer(table))
    raise UnknownEncoding(encoding)


def _with_small_capitals(table: tables.Table) -> tables.Table:
    """ABC keeps a capital with a tone in the byte of the small letter; the font shows it large."""
    return {letter.upper(): code for letter, code in table.items() if letter.islower()} | table


def _writer(table: tables.Table) -> Callable[[str], str]:
    characters = str.maketrans(table)
    return lambda text: text.translate(characters)


def _single_reader(table: tables.Table) -> Callable[[str], str]:
    characters = {ord(code): letter for letter, code in table.items()}
    return lambda text: text.translate(characters)


def _stacked_reader(table: tables.Table) -> Callable[[str], str]:
    letters = {code: letter for letter, code in table.items()}
    # A small mark is met behind a capital and the other way round.
    for code, letter in list(letters.items()):
        if len(code) == 2:
            letters.setdefault(code[0] + _other_case(code[1]), letter)
    longest_first = sorted(letters, key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: found.sub(lambda match: letters[match.group()], text)


def _other_case(character: str) -> str:
    return chr(ord(character) ^ 0x20)


_CP1258_READ = str.maketrans(
    {code: letter for letter, code in tables.CP1258_LETTERS.items()}
    | {code: tables.TONE_MARKS[tone] for tone, code in tables.CP1258_TONES.items()}
)


def _read_cp1258(text: str) -> str:
    return normalize("NFC", text.translate(_CP1258_READ))


def _read_viqr(text: str) -> str:
    return _VIQR_READ.sub(_viqr_letter, text)


def _viqr_letter(match: re.Match[str]) -> str:
    escaped, stroke, vowel, tone = match.groups()
    if escaped is not None:
        return escaped
    if stroke:
        return "đ" if stroke[0] == "d" else "Đ"
    marks = vowel[1:] + tone
    return normalize("NFC", vowel[0] + "".join(_VIQR_MARKS[sign] for sign in marks)) if marks else vowel


def _write_viqr(text: str) -> str:
    # A sign behind a vowel, marked or not, and a d before another one are text and must be quoted.
    pieces = []
    before = ""
    for letter, after in zip(text, text[1:] + "\x00", strict=False):
        is_sign = letter in _SIGNS and normalize("NFD", before)[:1] in _VOWELS
        is_letter = letter in "dD" and after in _D_LETTERS
        pieces.append("\\" + letter if letter == "\\" or is_sign or is_letter else tables.VIQR.get(letter, letter))
        before = letter
    return "".join(pieces)


_SIGNS = frozenset(tables.VIQR_SIGNS.values())
_VOWELS = frozenset("aeiouyAEIOUY")
_D_LETTERS = frozenset("dDđĐ")
