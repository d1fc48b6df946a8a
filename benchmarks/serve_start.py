"""`lienthu serve`: seconds from the command to readiness when nothing is new, and memory of all its processes at rest.

    python -m benchmarks.serve_start [--home DIR] [--rest SECONDS]

Memory is the sum of the proportional set sizes (PSS: shared pages count once in all) of the command, the database and
every child; needs Linux. The pages of the demonstration are visited first, so that what they load is counted.
"""

import argparse
import contextlib
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.product import Product, family, kind_of, new_home, serve
from benchmarks.table import Row, show

START_TARGET_SECONDS = 10.0
MEMORY_TARGET_MB = 500
STARTS = 3
VISITS = ("/", "/tim-kiem?q=viet", "/tim-kiem?q=truyen+kieu", "/thu-vien/", "/duyet/nhan-de", "/api/v1/search?q=hue")


@dataclass(frozen=True)
class Process:
    """One process at rest; memory in MB."""

    name: str
    pss: float


def memory(product: Product) -> list[Process]:
    """PSS of every process of the product."""
    return [process for number in family(product) for process in _process(number)]


def _process(number: int) -> Iterator[Process]:
    folder = Path(f"/proc/{number}")
    with contextlib.suppress(OSError):
        rollup = (folder / "smaps_rollup").read_text()
        pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        yield Process(kind_of(folder), pss / 1024)


def visit(product: Product) -> None:
    """Every worker answers every kind of page a few times."""
    for _ in range(8):
        for path in VISITS:
            with urllib.request.urlopen(product.url + path) as answer:
                answer.read()


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, help="a home that has been served before; else a new demonstration")
    parser.add_argument("--rest", type=float, default=10.0, help="seconds without requests before memory is taken")
    given = parser.parse_args()
    with contextlib.nullcontext(given.home) if given.home else new_home() as home:
        with serve(home) as product:
            first = product.start_seconds
        starts = []
        for _ in range(STARTS):
            with serve(home) as product:
                starts.append(product.start_seconds)
                if len(starts) == STARTS:
                    visit(product)
                    time.sleep(given.rest)
                    processes = memory(product)
    return report(first, starts, processes)


def report(first: float, starts: list[float], processes: list[Process]) -> int:
    """The two rows, after one line for each kind of process."""
    print("MB of proportional memory at rest:")
    for name in dict.fromkeys(process.name for process in processes):
        own = [process.pss for process in processes if process.name == name]
        print(f"  {name:<10}{sum(own):>8.1f}  in {len(own)}")
    total = sum(process.pss for process in processes)
    slowest = max(starts)
    return show(
        [
            Row(
                name="`lienthu serve`, slowest of three later starts",
                figure=f"{slowest:.1f} s",
                peer=f"its first start with the demonstration: {first:.1f} s",
                ratio=first / slowest,
                target=f"< {START_TARGET_SECONDS:.0f} s",
                met=slowest < START_TARGET_SECONDS,
            ),
            Row(
                name="memory of all processes at rest",
                figure=f"{total:.0f} MB",
                target=f"< {MEMORY_TARGET_MB} MB",
                met=total < MEMORY_TARGET_MB,
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
