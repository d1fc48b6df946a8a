"""How record bytes lie in the database: zstd with a dictionary trained on MARC records.

A short record shrinks to about a third this way. A dictionary is never changed or removed, since old rows need it:
a better one gets the next number. `data/marc-1.zdict` was trained on Library of Congress records (public domain).
"""

import threading
from functools import cache
from pathlib import Path

import zstandard

CURRENT = 1
LEVEL = 3
# A record is far smaller; the bound keeps a forged row from filling the memory.
MAX_BYTES = 256 << 20


@cache
def _dictionary(number: int) -> zstandard.ZstdCompressionDict | None:
    if number == 0:
        return None
    path = Path(__file__).parent / "data" / f"marc-{number}.zdict"
    return zstandard.ZstdCompressionDict(path.read_bytes())


class _Contexts(threading.local):
    """The work space of one thread: zstandard lets go of the interpreter while it works, and two threads in one work
    space destroy each other's data."""

    def __init__(self) -> None:
        self.compressor: zstandard.ZstdCompressor | None = None
        self.decompressors: dict[int, zstandard.ZstdDecompressor] = {}


_contexts = _Contexts()


def _compressor() -> zstandard.ZstdCompressor:
    if _contexts.compressor is None:
        _contexts.compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=_dictionary(CURRENT))
    return _contexts.compressor


def _decompressor(number: int) -> zstandard.ZstdDecompressor:
    found = _contexts.decompressors.get(number)
    if found is None:
        found = _contexts.decompressors[number] = zstandard.ZstdDecompressor(dict_data=_dictionary(number))
    return found


def compress(data: bytes) -> bytes:
    """Compress with the dictionary CURRENT; store that number beside the result."""
    return _compressor().compress(data)


def decompress(data: bytes, *, dictionary: int) -> bytes:
    """Return the bytes given to `compress`; zstandard.ZstdError when the row is damaged."""
    return _decompressor(dictionary).decompress(data, max_output_size=MAX_BYTES)
