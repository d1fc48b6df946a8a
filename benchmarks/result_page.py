"""The whole result page over HTTP: 20 readers at once, real and varied questions.

    python -m benchmarks.result_page [--url URL] [--home DIR] [--demonstration] [--seconds 30] [--readers 20]

Runs on the 250,000 Library of Congress records, in a home that is kept for the next time; with --demonstration on the
small one. The load is made by wrk (Debian) on the same machine, whose processor it shares with the product. Questions
are drawn from the records with a fixed seed: one to three words, phrases, authors with years, beginnings of words,
ISBNs, with orders, languages and later pages; each page carries its seven groups of facets.

The readers never pause, which is the row of the target: some hundred questions come again and again, and what the
engine says to them is kept between them, as for a class of pupils. The other rows tell what that hides: the same with
questions that never come again, and with readers who look at each page for a second. Peers of the same run: what the
engine alone takes for the same questions, and an answer of the server without search or template (/robots.txt).
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks.corpus import lc_books
from benchmarks.product import (
    CHECKOUT,
    LARGE,
    Product,
    family,
    fill,
    kind_of,
    new_home,
    serve,
    standing_home,
    wait_for_index,
)
from benchmarks.search_questions import Question, documents, questions
from benchmarks.table import Row, show
from lienthu.catalogue.marc import RawRecord, open_records

TARGET_MS = 120.0
EACH = 40
SAMPLE = 4_000
WARM_SECONDS = 5
ALONE = 150
READS_MS = 1_000
# Questions that never come again are drawn for this many pages in a second.
FASTEST = 400
DEMONSTRATION = CHECKOUT / "lienthu/operations/demo/data/lc_vietnam"
_STRETCH = 64 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What wrk saw; times in ms."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def sample_of(path: Path, target: Path, count: int) -> None:
    """Write about `count` records from places spread over the whole file."""
    size = path.stat().st_size
    with path.open("rb") as stream, target.open("wb") as out:
        for place in range(0, size, max(1, size // count)):
            stream.seek(place)
            whole = stream.read(_STRETCH).split(b"\x1d")[1:-1]
            stretch = io.BytesIO(b"".join(record + b"\x1d" for record in whole[:1]))
            out.writelines(item.raw for item in open_records(stretch) if isinstance(item, RawRecord))


def addresses(large: bool, *, each: int = EACH) -> list[str]:
    """The result pages that readers ask for, `each` of every kind, in a mixed but fixed order."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.mrc"
        if large:
            sample_of(lc_books(), sample, SAMPLE)
        else:
            sample.write_bytes(b"".join(path.read_bytes() for path in sorted(DEMONSTRATION.glob("*.mrc"))))
        asked = questions(list(documents(sample, SAMPLE)), each)
    pages = [f"/tim-kiem?{urlencode(_parameters(number, question))}" for number, question in enumerate(asked)]
    step = 101
    while len(pages) % step == 0:
        step += 2
    return [pages[number * step % len(pages)] for number in range(len(pages))]


def _parameters(number: int, question: Question) -> dict[str, str]:
    """The parameters of the address; every tenth reader is on the second page."""
    found = {"q": question.typed}
    if question.language:
        found["language"] = question.language
    if question.by_year:
        found["sort"] = "year_desc"
    if number % 10 == 9:
        found["page"] = "2"
    return found


def new_addresses(large: bool, known: list[str], *, count: int) -> list[str]:
    """At least `count` result pages that are neither among the known ones nor twice among themselves, if there are."""
    kinds = len(addresses(large, each=1))
    drawn = dict.fromkeys(addresses(large, each=count * 3 // (kinds * 2)))
    for path in known:
        drawn.pop(path, None)
    return list(drawn)


def load(url: str, paths: list[str], *, readers: int, seconds: int, reads_ms: int = 0) -> Load:
    """wrk on these addresses. Raises CalledProcessError."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        script = Path(__file__).with_name("paths.lua")
        command = [
            "wrk",
            "-t",
            "1",
            "-c",
            str(readers),
            "-d",
            f"{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            url,
        ]
        done = subprocess.run(
            command,
            env={**os.environ, "PATHS": file.name, "READS": str(reads_ms)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return Load(**json.loads(done.stdout.strip().splitlines()[-1]))


def cpu(product: Product) -> Counter[str]:
    """CPU seconds so far of each part of the product."""
    spent: Counter[str] = Counter()
    for number in family(product):
        with contextlib.suppress(OSError):
            folder = Path(f"/proc/{number}")
            numbers = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            spent[kind_of(folder)] += (int(numbers[11]) + int(numbers[12])) / _TICKS
    return spent


def alone(url: str, paths: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of one reader alone: whole pages of half of these, and what the engine says the others took it."""
    pages, engine = [], []
    for path, other in zip(paths[0::2], paths[1::2], strict=False):
        started = time.perf_counter()
        with urllib.request.urlopen(url + path) as answer:
            answer.read()
        pages.append((time.perf_counter() - started) * 1000)
        with urllib.request.urlopen(url + other.replace("/tim-kiem?", "/api/v1/search?")) as answer:
            engine.append(float(json.load(answer)["took_ms"]))
    return sorted(pages), sorted(engine)


def measure(product: Product, *, readers: int, seconds: int) -> int:
    """All rows for a running product."""
    found = wait_for_index(product)
    large = found >= LARGE * 0.9
    paths = addresses(large)
    new = new_addresses(large, paths, count=seconds * FASTEST + 2 * ALONE)
    print(f"{found:,} records, {len(paths)} different questions, {readers} readers, {os.cpu_count()} processors")
    load(product.url, paths, readers=readers, seconds=WARM_SECONDS)
    pages, engine = alone(product.url, new[: 2 * ALONE])
    new = new[2 * ALONE :]
    before, started = cpu(product), time.perf_counter()
    whole = load(product.url, paths, readers=readers, seconds=seconds)
    spent = cpu(product) - before
    busy = sum(spent.values()) / (time.perf_counter() - started)
    empty = load(product.url, ["/robots.txt"], readers=readers, seconds=WARM_SECONDS)
    print(f"one reader alone: median {median(pages):.1f} ms, p95 {pages[int(len(pages) * 0.95)]:.1f} ms")
    print(f"p50 {whole.p50:.0f}, p95 {whole.p95:.0f}, p99 {whole.p99:.0f} ms, {whole.errors} errors")
    each = ", ".join(f"{name} {1000 * used / whole.requests:.1f}" for name, used in spent.most_common() if used)
    print(f"CPU ms of one page: {each}; {busy:.2f} processors busy")
    unseen = load(product.url, new, readers=readers, seconds=seconds)
    reading = load(product.url, paths, readers=readers, seconds=seconds, reads_ms=READS_MS)
    return show(
        [
            Row(
                name=f"result page, {readers} readers who never pause, {found:,} records, {len(paths)} questions that"
                " come again (the engine's answers to them are kept), p95",
                figure=_times(whole),
                peer=f"empty answer of the same server: {empty.p95:.0f} ms",
                ratio=empty.p95 / whole.p95,
                target=f"< {TARGET_MS:.0f} ms, no error",
                met=whole.p95 < TARGET_MS and not whole.errors,
            ),
            Row(
                name=f"the same, {_how_new(unseen, new)}, p95",
                figure=_times(unseen),
                peer=f"questions that come again: {whole.p95:.0f} ms",
                ratio=whole.p95 / unseen.p95,
            ),
            Row(
                name=f"the same questions, {readers} readers who read each page for one second, p95",
                figure=_times(reading),
                peer=f"readers who never pause: {whole.p95:.0f} ms",
                ratio=whole.p95 / reading.p95,
            ),
            Row(
                name="result pages per second",
                figure=f"{whole.rate:.0f}",
                peer=f"empty answers: {empty.rate:.0f}",
                ratio=whole.rate / empty.rate,
            ),
            Row(
                name="result page, one reader, questions that never come again, median",
                figure=f"{median(pages):.1f} ms",
                peer=f"search engine with facets alone: {median(engine):.1f} ms",
                ratio=median(engine) / median(pages),
            ),
        ]
    )


def _times(seen: Load) -> str:
    errors = f", {seen.errors} ERRORS" if seen.errors else ""
    return f"{seen.p95:.0f} ms (median {seen.p50:.0f}, p99 {seen.p99:.0f}{errors})"


def _how_new(seen: Load, paths: list[str]) -> str:
    if seen.requests <= len(paths):
        return "questions that never come again"
    return f"{len(paths):,} questions in turn, {seen.requests / len(paths):.1f} times"


@contextlib.contextmanager
def chosen(given: argparse.Namespace) -> Iterator[Product]:
    """The product that the command line asks for."""
    if given.url:
        note = json.loads((given.home / "run" / "serve.json").read_text()) if given.home else {"pid": -1}
        yield Product(given.url.rstrip("/"), given.home or Path(), note["pid"], 0.0)
        return
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(new_home()) if given.demonstration else given.home or standing_home()
        if not given.demonstration:
            fill(home)
        yield stack.enter_context(serve(home))


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a product that runs already; with its --home the CPU of its parts is shown too")
    parser.add_argument("--home", type=Path, help="where the 250,000 records are or shall be; kept")
    parser.add_argument("--demonstration", action="store_true", help="only the small demonstration, in a new home")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--readers", type=int, default=20)
    given = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk (a Debian package) is not installed here: left out.")
        return 0
    with chosen(given) as product:
        return measure(product, readers=given.readers, seconds=given.seconds)


if __name__ == "__main__":
    sys.exit(main())
