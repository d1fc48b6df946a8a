"""How record bytes lie in the database: zstd with a dictionary trained on MARC records.

A short record shrinks to about a third this way. A dictionary is never changed or removed, since old rows need it:
a better one gets the next number. `data/marc-1.zdict` was trained on Library of Congress records (public domain).
"""

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


@cache
def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=_dictionary(CURRENT))


@cache
def _decompressor(number: int) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=_dictionary(number))


def compress(data: bytes) -> bytes:
    """Compress with the dictionary CURRENT; store that number beside the result."""
    return _compressor().compress(data)


def decompress(data: bytes, *, dictionary: int) -> bytes:
    """Return the bytes given to `compress`; zstandard.ZstdError when the row is damaged."""
    return _decompressor(dictionary).decompress(data, max_output_size=MAX_BYTES)
