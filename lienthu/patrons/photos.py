"""Photographs of readers: looked at, then drawn anew, so that nothing of the sent file but its picture is kept.

The size is read from the head of the file before anything decodes it; where and with what it was taken goes away.
"""

import tempfile
from pathlib import Path

import typst

from lienthu.intake.types import kind_of_head

MAX_BYTES = 8 << 20
MAX_PIXELS = 25_000_000
LEAST_SIDE = 120
WIDTH, HEIGHT = 360, 480
"""Pixels of the kept picture: three by four, as on cards."""

_SHEET = f"""#set page(width: {WIDTH}pt, height: {HEIGHT}pt, margin: 0pt)
#image(read("photo", encoding: none), width: {WIDTH}pt, height: {HEIGHT}pt, fit: "cover")"""
# Start of frame of JPEG in all its codings; the others of C0 to CF are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class UnusablePhoto(ValueError):
    """The file cannot be a reader's photograph; `code` is TYPE, BYTES, PIXELS, SMALL or BROKEN."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def redrawn(sent: bytes) -> bytes:
    """The photograph as PNG of WIDTH × HEIGHT, cut to fit. Raises UnusablePhoto."""
    if len(sent) > MAX_BYTES:
        raise UnusablePhoto("BYTES")
    kind = kind_of_head(sent[: 1 << 16]).name
    try:
        width, height = _SIZES[kind](sent)
    except KeyError as error:
        raise UnusablePhoto("TYPE") from error
    except (IndexError, ValueError) as error:
        raise UnusablePhoto("BROKEN") from error
    if width * height > MAX_PIXELS:
        raise UnusablePhoto("PIXELS")
    if min(width, height) < LEAST_SIDE:
        raise UnusablePhoto("SMALL")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "photo").write_bytes(sent)
        Path(folder, "main.typ").write_text(_SHEET, encoding="utf-8")
        try:
            drawn = typst.compile(str(Path(folder, "main.typ")), root=folder, format="png", ppi=72.0)
        except typst.TypstError as error:
            raise UnusablePhoto("BROKEN") from error
    assert isinstance(drawn, bytes)
    return drawn


def _number(part: bytes, *, length: int, order: str = "big") -> int:
    if len(part) != length:
        raise ValueError("cut off")
    return int.from_bytes(part, "little" if order == "little" else "big")


def _png(sent: bytes) -> tuple[int, int]:
    return _number(sent[16:20], length=4), _number(sent[20:24], length=4)


def _jpeg(sent: bytes) -> tuple[int, int]:
    place = 2
    while True:
        while sent[place] != 0xFF:
            place += 1
        while sent[place] == 0xFF:
            place += 1
        marker = sent[place]
        if marker in _FRAMES:
            return _number(sent[place + 6 : place + 8], length=2), _number(sent[place + 4 : place + 6], length=2)
        if marker == 0xD9:
            raise ValueError("no frame")
        place += 1 + max(2, _number(sent[place + 1 : place + 3], length=2))


def _webp(sent: bytes) -> tuple[int, int]:
    part = sent[12:16]
    if part == b"VP8X":
        return (
            1 + _number(sent[24:27], length=3, order="little"),
            1 + _number(sent[27:30], length=3, order="little"),
        )
    if part == b"VP8L":
        bits = _number(sent[21:25], length=4, order="little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if part == b"VP8 ":
        return (
            _number(sent[26:28], length=2, order="little") & 0x3FFF,
            _number(sent[28:30], length=2, order="little") & 0x3FFF,
        )
    raise ValueError("unknown part")


_SIZES = {"png": _png, "jpeg": _jpeg, "webp": _webp}
