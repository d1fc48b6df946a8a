"""Matching: 250,000 real records, 10 % made variants, 5 % hard negatives, as an import meets them one after another.

    python -m benchmarks.matching [--records 250000] [--without-peers] [--mistakes]

For each record: description and evidence, keys, candidates by key, decisions, choice; CPU time of this process.
What is true among the real records is unknown, so precision and recall are those of pairs with a made record in them:
a made variant and the record it was made from are the same; a hard negative and its record, or that record's variant,
are not. Two real records that are themselves found the same make their variants the same, and are not counted.

Peers in the same run, on the same records: the Gold Rush match key (PyPI goldrush) and splink on DuckDB. They live in
a virtual environment of their own, `<cache>/lienthu-bench/matching` (XDG_CACHE_HOME or ~/.cache), made the first time
from the dependency group `bench-matching` of pyproject.toml.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks import matching_peers
from benchmarks.corpus import RECORDS, lc_books
from benchmarks.matching_variants import SAME_SHARE, Made, made_records
from benchmarks.table import Row, show
from lienthu.catalogue.marc import Record, describe, open_records
from lienthu.catalogue.marc.reader import RawRecord
from lienthu.catalogue.matching import (
    BLOCK_LIMIT,
    Candidates,
    Evidence,
    MatchDecision,
    Verdict,
    blocking_keys,
    choose,
    decide,
    evidence_of,
)

MOST_CPU = 0.001
LEAST_PRECISION, LEAST_RECALL = 0.998, 0.995
SEED = 20261122
TAKEN = round(1 / SAME_SHARE)
DONORS = 2_000


@dataclass
class Catalogue:
    """Packed evidence and key table in memory, in the place of the product's tables."""

    packed: list[bytes] = field(default_factory=list)
    by_key: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    seconds: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    crowded: int = 0

    def add(self, record: Record) -> dict[int, MatchDecision]:
        """Match one incoming record against those before it, then keep it; the decisions about its candidates."""
        clock = time.process_time
        started = clock()
        evidence = evidence_of(record, describe(record))
        described = clock()
        keys = blocking_keys(evidence)
        keyed = clock()
        candidates: set[int] = set()
        for key in keys:
            block = self.by_key[key]
            if len(block) <= BLOCK_LIMIT:
                candidates.update(block)
            else:
                self.crowded += 1
        others = [(number, Evidence.unpacked(self.packed[number])) for number in candidates]
        found = clock()
        decisions = {number: decide(evidence, other) for number, other in others}
        choose([Candidates(number, [decision]) for number, decision in decisions.items()])
        decided = clock()
        number = len(self.packed)
        self.packed.append(evidence.packed())
        for key in keys:
            self.by_key[key].append(number)
        self.seconds += Counter(
            evidence=described - started, keys=keyed - described, candidates=found - keyed, decisions=decided - found,
            keeping=clock() - decided,
        )  # fmt: skip
        self.compared += len(decisions)
        return decisions


@dataclass
class Judged:
    """Pairs found the same, by truth."""

    right: int = 0
    wrong: list[tuple[int, int]] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    uncounted: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def judge(made: dict[int, Made], same: set[tuple[int, int]]) -> Judged:
    """`made` by number; `same`: pairs of numbers, the later first."""
    judged = Judged()
    variants = {number: one for number, one in made.items() if one.same}
    for number, one in variants.items():
        if (number, one.base) in same:
            judged.right += 1
        else:
            judged.missed.append(number)
    for later, earlier in same:
        one, other = made.get(later), made.get(earlier)
        if one is None and other is None:
            continue
        if one and one.same and earlier == one.base:
            continue
        roots = tuple(sorted((made[n].base if n in made else n for n in (later, earlier)), reverse=True))
        negative = any(m is not None and not m.same for m in (one, other))
        if roots in same if roots[0] != roots[1] else not negative:
            judged.uncounted += 1
        else:
            judged.wrong.append((later, earlier))
    return judged


def records_of(path: Path, count: int) -> list[Record]:
    with path.open("rb") as stream:
        return [item.record for item in islice(open_records(stream), count) if isinstance(item, RawRecord)]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--records", type=int, default=RECORDS)
    arguments.add_argument("--without-peers", action="store_true")
    arguments.add_argument("--mistakes", action="store_true", help="print what was decided wrongly")
    given = arguments.parse_args()
    records = records_of(lc_books(), given.records)
    bases = [(number, record) for number, record in enumerate(records) if number % TAKEN == 0]
    made = dict(enumerate(made_records(bases, records[:DONORS], seed=SEED), start=len(records)))
    catalogue = Catalogue()
    same: set[tuple[int, int]] = set()
    decisions: dict[tuple[int, int], MatchDecision] = {}
    asked = 0
    for number, record in enumerate([*records, *(one.record for one in made.values())]):
        for other, decision in catalogue.add(record).items():
            if decision.verdict is Verdict.SAME:
                same.add((number, other))
            elif decision.verdict is Verdict.ASK:
                asked += 1
            if given.mistakes and number in made:
                decisions[number, other] = decision
    judged = judge(made, same)
    total = len(catalogue.packed)
    print(f"{len(records):,} real records, {sum(m.same for m in made.values()):,} variants, "
          f"{sum(not m.same for m in made.values()):,} hard negatives; {catalogue.compared:,} comparisons, "
          f"{len(same):,} same, {asked:,} to ask, {catalogue.crowded:,} crowded keys passed over")  # fmt: skip
    print(
        "CPU µs per record: "
        + ", ".join(f"{name} {1e6 * spent / total:.0f}" for name, spent in catalogue.seconds.items())
    )
    if given.mistakes:
        tell_mistakes(judged, made, records, decisions)
    cpu = catalogue.seconds.total() / total
    rows = [
        Row(name="matching, CPU per record", figure=f"{1e6 * cpu:.0f} µs",
            target=f"< {1e6 * MOST_CPU:.0f} µs", met=cpu < MOST_CPU),
        Row(name="matching, precision on made pairs", figure=f"{judged.precision:.4f}", target=f"≥ {LEAST_PRECISION}",
            met=judged.precision >= LEAST_PRECISION),
        Row(name="matching, recall on made variants", figure=f"{judged.recall:.4f}", target=f"≥ {LEAST_RECALL}",
            met=judged.recall >= LEAST_RECALL),
    ]  # fmt: skip
    if not given.without_peers:
        rows += peer_rows(records, made, judged, cpu)
    return show(rows)


def tell_mistakes(
    judged: Judged, made: dict[int, Made], records: list[Record], decisions: dict[tuple[int, int], MatchDecision]
) -> None:
    """Counts by kind, and each mistake with its reasons."""
    print("missed by kind:", Counter(made[number].kind for number in judged.missed).most_common())
    print(
        "wrong by kind:",
        Counter((made[later].kind if later in made else "real") for later, _ in judged.wrong).most_common(),
    )
    for later, earlier in [*((number, made[number].base) for number in judged.missed), *judged.wrong]:
        decision = decisions.get((later, earlier))
        first, second = (made[n].record if n in made else records[n] for n in (later, earlier))
        told = "no common key" if decision is None else f"{decision.verdict} {decision.score} " + ", ".join(
            f"{reason.code} {reason.weight}" for reason in decision.reasons)  # fmt: skip
        print(f"\n{made[later].kind} / {made[earlier].kind if earlier in made else ''}: {told}")
        for one in (first, second):
            print("   ", " ".join(map(repr, one.all("008", "020", "100", "110", "245", "250", "260", "264", "300"))))


def peer_rows(records: list[Record], made: dict[int, Made], judged: Judged, cpu: float) -> list[Row]:
    """F1 and speed against the peers."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        everything = [*records, *(one.record for one in made.values())]
        for result in matching_peers.run(everything, folder=Path(folder)):
            theirs = judge(made, result.same)
            per_record = result.seconds / len(everything)
            rows.append(Row(name=f"matching F1 against {result.name}", figure=f"{judged.f1:.4f}",
                            peer=f"{result.name} {theirs.f1:.4f} (P {theirs.precision:.3f}, R {theirs.recall:.3f})",
                            ratio=judged.f1 / max(theirs.f1, 1e-9)))  # fmt: skip
            rows.append(Row(name=f"matching speed against {result.name}", figure=f"{1e6 * cpu:.0f} µs",
                            peer=f"{result.name} {1e6 * per_record:.0f} µs", ratio=per_record / cpu))  # fmt: skip
    return rows


if __name__ == "__main__":
    sys.exit(main())
