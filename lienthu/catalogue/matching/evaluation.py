"""How well `decide` agrees with people: precision, recall and F1 over labelled pairs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from lienthu.catalogue.marc import Record, describe
from lienthu.catalogue.matching.blocking import blocking_keys
from lienthu.catalogue.matching.decisions import MatchDecision, Verdict, decide
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.extraction import evidence_of
from lienthu.catalogue.matching.pairs import Pair, read_pairs


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair that `decide` sees otherwise than the person; `unblocked`: it would not even have been compared."""

    source: str
    pair: Pair
    decision: MatchDecision
    unblocked: bool


@dataclass(slots=True)
class Evaluation:
    """Pairwise figures: a pair counts as found when its verdict is SAME and the two share a blocking key."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    refused: int = 0
    asked: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def pairs(self) -> int:
        return self.right + self.wrong + self.missed + self.refused

    @property
    def precision(self) -> float:
        """Of the pairs called the same, the share that is; 1 when none is called so."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that are the same, the share called so; 1 when there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0

    def add(self, pair: Pair, *, source: str = "") -> None:
        """Decide one pair and compare with its label."""
        left, right = evidence(pair.left), evidence(pair.right)
        decision = decide(left, right)
        blocked = bool(set(blocking_keys(left)) & set(blocking_keys(right)))
        found = decision.verdict is Verdict.SAME and blocked
        self.asked += decision.verdict is Verdict.ASK
        self.right += found and pair.same
        self.wrong += found and not pair.same
        self.missed += pair.same and not found
        self.refused += not pair.same and not found
        if found is not pair.same:
            self.mistakes.append(Mistake(source, pair, decision, not blocked))

    def join(self, other: "Evaluation") -> None:
        """Add the counts and mistakes of another set."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.refused += other.refused
        self.asked += other.asked
        self.mistakes += other.mistakes

    def as_dict(self) -> dict[str, Any]:
        """Without the mistakes."""
        return {
            "precision": round(self.precision, 6),
            "recall": round(self.recall, 6),
            "f1": round(self.f1, 6),
            "pairs": self.pairs,
            "same": self.right + self.missed,
            "different": self.wrong + self.refused,
            "asked": self.asked,
        }


def evidence(record: Record) -> Evidence:
    return evidence_of(record, describe(record))


def evaluate(pairs: Iterable[Pair], *, source: str = "") -> Evaluation:
    evaluation = Evaluation()
    for pair in pairs:
        evaluation.add(pair, source=source)
    return evaluation


def labelled_sets() -> Iterator[tuple[str, list[Pair]]]:
    """The sets of the product, by file name; `held_out_…` ones were never looked at while weights were set."""
    folder = files("lienthu.catalogue.matching").joinpath("labelled")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".jsonl"):
            yield entry.name.removesuffix(".jsonl"), list(read_pairs(entry.read_bytes()))
