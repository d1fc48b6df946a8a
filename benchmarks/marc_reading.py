"""MARC reading: the own codec against pymarc and yaz-marcdump, every subfield decoded, in one run.

    python -m benchmarks.marc_reading [file.mrc]

Rates are records per second of CPU time, medians of several rounds over the same records; the rounds of the
readers alternate, so that a busy machine slows all of them.
"""

import argparse
import io
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pymarc

from benchmarks.corpus import lc_books
from benchmarks.table import Row, show
from lienthu.catalogue.marc import iso2709
from lienthu.catalogue.marc.description import describe
from lienthu.catalogue.marc.reader import RawRecord, open_records

ROUNDS = 5
SHARE_OF_PYMARC = 5
"""pymarc reads a fifth of the sample: it is that much slower."""
FLOOR = 40_000
"""Records per CPU second that reading must reach."""


def own(sample: bytes) -> int:
    """Frame, sniff the encoding, decode every subfield, give offsets and raw bytes."""
    return sum(1 for item in open_records(io.BytesIO(sample)) if isinstance(item, RawRecord))


def own_codec(sample: bytes) -> int:
    """The codec alone, on records already framed."""
    return sum(1 for raw in sample.split(b"\x1d") if raw and iso2709.parse(raw))


def own_described(sample: bytes) -> int:
    """Reading and describing: what an import does with each record before it stores it."""
    described = (describe(item.record) for item in open_records(io.BytesIO(sample)) if isinstance(item, RawRecord))
    return sum(1 for _ in described)


def by_pymarc(sample: bytes) -> int:
    """pymarc decodes every subfield while it reads."""
    return sum(1 for record in pymarc.MARCReader(io.BytesIO(sample)) if record is not None)


def cpu_of(read: Callable[[bytes], int], sample: bytes) -> tuple[int, float]:
    """Records and CPU seconds of one round in this process."""
    started = time.process_time()
    count = read(sample)
    return count, time.process_time() - started


def cpu_of_yaz(sample: bytes, *, output: str) -> float:
    """CPU seconds of one yaz-marcdump run (a C program) over the sample; ``output`` as its option -o."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile(suffix=".mrc") as file:
        file.write(sample)
        file.flush()
        command = ["yaz-marcdump", "-i", "marc", "-o", output, "-f", "utf8", "-t", "utf8", file.name]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def samples(path: Path, count: int) -> tuple[bytes, bytes]:
    """The first ``count`` records of the file, and the share of them that pymarc gets."""
    chunks = list(_first(path, count))
    return b"".join(chunks), b"".join(chunks[: len(chunks) // SHARE_OF_PYMARC])


def _first(path: Path, count: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        for item, _ in zip(open_records(stream), range(count), strict=False):
            yield item.raw


def main() -> int:
    """The exit code is 1 when the floor is missed."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument(
        "file", nargs="?", type=Path, help="ISO 2709 in UTF-8; the Library of Congress books if absent"
    )
    arguments.add_argument("--records", type=int, default=50_000)
    given = arguments.parse_args()
    sample, small = samples(given.file or lc_books(), given.records)
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, read, content in (
            ("own, whole reader", own, sample),
            ("own, codec alone", own_codec, sample),
            ("own, reader + description", own_described, sample),
            ("pymarc", by_pymarc, small),
        ):
            count, seconds = cpu_of(read, content)
            rates.setdefault(name, []).append(count / seconds)
        if shutil.which("yaz-marcdump"):
            total = sample.count(b"\x1d")
            for output in ("marc", "json"):
                rates.setdefault(f"yaz-marcdump -o {output}", []).append(total / cpu_of_yaz(sample, output=output))
    return report(rates, records=sample.count(b"\x1d"))


def report(rates: dict[str, list[float]], *, records: int) -> int:
    """Show the table, and whether the own reader reaches its floor."""
    own_rate = median(rates["own, whole reader"])
    print(f"{records:,} records, {ROUNDS} rounds, records per CPU second (median)")
    for name, measured in rates.items():
        print(f"{name:<28}{median(measured):>12,.0f}")
    peers = [name for name in rates if not name.startswith("own")]
    return show(
        Row(
            name=f"MARC reading, {records:,} records, every subfield decoded",
            figure=f"{own_rate:,.0f} rec/cpu-s",
            peer=f"{name}: {median(rates[name]):,.0f}",
            ratio=own_rate / median(rates[name]),
            target=f"≥ {FLOOR:,}",
            met=own_rate >= FLOOR,
        )
        for name in peers
    )


if __name__ == "__main__":
    sys.exit(main())
