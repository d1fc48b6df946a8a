"""Record bytes as they lie in the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard

from lienthu.catalogue.compression import CURRENT, compress, decompress


def _record(number: int) -> bytes:
    return b"".join(b"\x1faTruy\xe1\xbb\x87n Ki\xe1\xbb\x81u %d %d\x1e" % (number, part) for part in range(40))


def test_threads_at_once_get_their_own_bytes_back() -> None:
    records = [_record(number) for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            packed = list(threads.map(compress, records))
            assert list(threads.map(lambda data: decompress(data, dictionary=CURRENT), packed)) == records


def test_a_damaged_row_is_refused() -> None:
    packed = compress(_record(1))
    with pytest.raises(zstandard.ZstdError):
        decompress(packed[:-5], dictionary=CURRENT)
