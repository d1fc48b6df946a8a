"""Search: the engine against bare tantivy, SQLite FTS5, PostgreSQL full text and Zebra, same records and questions.

    python -m benchmarks.search_engine [--records 250000] [--zebra-records 50000] [--each 40] [--rounds 3] [--without …]

Prints CPU milliseconds of one question (first twenty ids and the exact number of all), the best of the rounds, which
alternate between the engines so that a busy machine slows none of them alone; then the ratios beside their aims.
PostgreSQL is the embedded one, or the server of DATABASE_URL, in a schema that is dropped afterwards. Data is in the
page cache.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import lc_books
from benchmarks.search_peers import BareTantivy, Fts5, Peer, Postgres, Product, is_plain
from benchmarks.search_questions import Question, documents, questions, row_of
from benchmarks.search_questions import Row as Flat
from benchmarks.search_zebra import Zebra, is_installed
from benchmarks.table import Row, show
from lienthu.search import Document, TantivyEngine
from lienthu.server.postgres import EmbeddedPostgres

BATCH = 1_000
SAMPLED = 25
"""Every so many records may lend words to a question."""
BARE_AIM = 1.5
PEER_AIM = 25.0
FACETS_AIM_MS = 40.0


@dataclass(slots=True)
class Times:
    """CPU milliseconds of every question, one list of rounds each."""

    rounds: dict[str, list[float]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)

    def of(self, asked: Iterable[Question]) -> list[float]:
        """The best rounds of these questions, sorted."""
        return sorted(min(self.rounds[key(question)]) for question in asked if key(question) in self.rounds)


def key(question: Question) -> str:
    """What tells questions apart."""
    return f"{question.kind}|{question.typed}"


def share(values: list[float], part: float) -> float:
    """The value that `part` of the sorted values do not exceed."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def build(folder: Path, count: int) -> tuple[TantivyEngine, list[Flat], list[Document]]:
    """The product's index of the records, their words for the peers, and a sample to draw questions from."""
    engine = TantivyEngine(folder / "index")
    rows: list[Flat] = []
    sample: list[Document] = []
    stream = documents(lc_books(), count)
    python = 0.0
    reading = 0.0
    started = time.process_time()
    with engine.writer() as writer:
        rebuild = writer.start_rebuild()
        while True:
            mark = time.thread_time()
            batch = [document for _, document in zip(range(BATCH), stream, strict=False)]
            rows.extend(map(row_of, batch))
            sample.extend(batch[::SAMPLED])
            reading += time.thread_time() - mark
            if not batch:
                break
            mark = time.thread_time()
            rebuild.add(batch)
            python += time.thread_time() - mark
        rebuild.finish()
    spent = time.process_time() - started - reading
    number = len(rows)
    stats = engine.stats()
    print(
        f"{number:,} records indexed: {spent / number * 1e6:.0f} µs CPU each ({python / number * 1e6:.0f} in Python), "
        f"{stats.bytes / number:.0f} bytes each, {stats.segments} segments"
    )
    return engine, rows, sample


def measure(peers: list[Peer], asked: list[Question], rounds: int) -> dict[str, Times]:
    """CPU of every question on every engine; the first round only warms up."""
    times = {peer.name: Times() for peer in peers}
    for turn in range(rounds + 1):
        for peer in peers:
            for question in asked:
                before = peer.cpu()
                _, total = peer.answer(question)
                spent = (peer.cpu() - before) * 1000
                if turn:
                    times[peer.name].rounds.setdefault(key(question), []).append(spent)
                    times[peer.name].totals[key(question)] = total
    return times


def table(times: dict[str, Times], asked: list[Question]) -> None:
    """One line for each kind of question."""
    print(f"{'CPU ms: p50 / p95 / max':24}" + "".join(f"{name:>27}" for name in times))
    for kind in [*dict.fromkeys(question.kind for question in asked), "all"]:
        chosen = [question for question in asked if kind in (question.kind, "all")]
        cells = []
        for measured in times.values():
            values = measured.of(chosen)
            cells.append(f"{share(values, 0.5):.2f} / {share(values, 0.95):.2f} / {values[-1]:.1f}")
        print(f"{kind + f' ({len(chosen)})':24}" + "".join(f"{cell:>27}" for cell in cells))


def differing(times: dict[str, Times], asked: list[Question]) -> None:
    """On how many questions a peer counts otherwise; a comparison of unlike answers would be worth little."""
    own = times[Product.name].totals
    for name, measured in times.items():
        unlike = [question for question in asked if measured.totals[key(question)] != own[key(question)]]
        if unlike:
            kinds = sorted({question.kind for question in unlike})
            print(f"  {name} counts otherwise on {len(unlike)} of {len(asked)} questions ({', '.join(kinds)})")


def compare_with_zebra(folder: Path, count: int, each: int, rounds: int) -> Row:
    """Zebra on fewer records, because its tail grows to seconds, and without facets; the product on the same ones."""
    engine, rows, sample = build(folder, count)
    asked = [one for one in questions(sample, each) if is_plain(one) and not (one.facets or one.library)]
    zebra = Zebra(folder, rows)
    print(f"Zebra: {zebra.build_cpu / count * 1e6:.0f} µs CPU each to index, {zebra.bytes / count:.0f} bytes each")
    try:
        times = measure([Product(engine), zebra], asked, rounds)
    finally:
        zebra.close()
    table(times, asked)
    differing(times, asked)
    own, other = times[Product.name].of(asked), times[Zebra.name].of(asked)
    return Row(
        name=f"search, {count:,} records, p95 of CPU",
        figure=f"{share(own, 0.95):.2f} ms",
        peer=f"Zebra: {share(other, 0.95):.1f} ms",
        ratio=share(other, 0.95) / share(own, 0.95),
    )


def built(name: str, make: Callable[[], Fts5 | Postgres], count: int) -> Fts5 | Postgres:
    """A peer's index, with what it cost."""
    started = time.perf_counter()
    peer = make()
    print(f"{name}: built in {time.perf_counter() - started:.0f} s, {peer.bytes / count:.0f} bytes each")
    return peer


def run(options: argparse.Namespace, folder: Path) -> list[Row]:
    """The whole comparison but for Zebra."""
    engine, rows, sample = build(folder / "product", options.records)
    asked = list(filter(is_plain, questions(sample, options.each)))
    del sample
    gc.collect()
    gc.freeze()
    peers: list[Peer] = [Product(engine), BareTantivy(folder / "product" / "index")]
    with ExitStack() as closing:
        if "sqlite" not in options.without:
            peers.append(built("SQLite FTS5", lambda: Fts5(folder, rows), len(rows)))
        if "postgresql" not in options.without:
            url = closing.enter_context(database(folder / "postgresql"))
            server = built("PostgreSQL", lambda: Postgres(url, rows), len(rows))
            if isinstance(server, Postgres):
                closing.callback(server.close)
            peers.append(server)
        times = measure(peers, asked, options.rounds)
    table(times, asked)
    differing(times, asked)
    return judge(times, asked)


def judge(times: dict[str, Times], asked: list[Question]) -> list[Row]:
    """All figures that have an aim."""
    own = times[Product.name]
    plain = [question for question in asked if not question.facets]
    faceted = [question for question in asked if question.facets]
    bare = sum(times[BareTantivy.name].of(plain))
    spent = sum(own.of(plain))
    rows = [
        Row(
            name=f"search, CPU of {len(plain)} questions",
            figure=f"{spent:.0f} ms",
            peer=f"bare tantivy: {bare:.0f} ms",
            ratio=bare / spent,
            target=f"≥ {1 / BARE_AIM:.2f}",
            met=spent <= BARE_AIM * bare,
        )
    ]
    for name in (Fts5.name, Postgres.name):
        if name in times:
            rows += [beside(times, name, plain, "", PEER_AIM), beside(times, name, faceted, " with five facets", None)]
    facets = share(own.of(faceted), 0.95)
    rows.append(
        Row(
            name="five facets beside the results, p95 of CPU",
            figure=f"{facets:.1f} ms",
            target=f"< {FACETS_AIM_MS:g} ms",
            met=facets < FACETS_AIM_MS,
        )
    )
    return rows


def beside(times: dict[str, Times], name: str, chosen: list[Question], label: str, aim: float | None) -> Row:
    """The tail of a peer beside ours."""
    own, other = share(times[Product.name].of(chosen), 0.95), share(times[name].of(chosen), 0.95)
    return Row(
        name=f"search{label}, p95 of CPU",
        figure=f"{own:.2f} ms",
        peer=f"{name}: {other:.1f} ms",
        ratio=other / own,
        target="" if aim is None else f"≥ {aim:g}",
        met=None if aim is None else other / own >= aim,
    )


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The address of the server named in DATABASE_URL, or of an embedded one of this run."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    home.mkdir()
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o711)
    server = EmbeddedPostgres(home)
    server.start()
    try:
        yield server.dsn()
    finally:
        server.stop()


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=250_000)
    parser.add_argument("--zebra-records", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=40, help="questions of each of the twelve kinds")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--without", nargs="*", default=[], choices=("sqlite", "postgresql", "zebra"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        rows = run(options, Path(folder))
        if "zebra" in options.without or not is_installed():
            print("Zebra left out (Debian packages idzebra-2.0 and libyaz5)")
        else:
            rows.append(
                compare_with_zebra(Path(folder) / "beside-zebra", options.zebra_records, options.each, options.rounds)
            )
    return show(rows)


if __name__ == "__main__":
    sys.exit(main())
