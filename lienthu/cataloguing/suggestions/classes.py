"""Class numbers that records of the Library of Congress on the same subjects bear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lienthu.cataloguing.suggestions.values import Reason, Suggestion
from lienthu.kernel.text import exact_key

DATA = Path(__file__).parent / "data"
MOST = 5
# Words of a title are looked up in runs of so many syllables; a single one means too much.
LONGEST_RUN, SHORTEST_RUN = 5, 2


@dataclass(frozen=True, slots=True)
class _Known:
    heading: str
    number: str
    within: int
    total: int


def class_numbers(*, subjects: Sequence[str] = (), title: str = "") -> tuple[Suggestion, ...]:
    """Numbers for these subject headings or keywords and for the keywords in the title, the best grounded first."""
    found: dict[str, tuple[Suggestion, int]] = {}
    for words, known, source in [*_by_subjects(subjects), *_by_title(title)]:
        params: dict[str, str | int] = {
            "words": words,
            "heading": known.heading,
            "within": known.within,
            "total": known.total,
            "source": source,
        }
        rank = known.within + (1_000_000 if source == "subject" else 0)
        if known.number not in found or found[known.number][1] < rank:
            found[known.number] = Suggestion(known.number, Reason("lc_records", params)), rank
    best = sorted(found.values(), key=lambda one: -one[1])
    return tuple(suggestion for suggestion, _rank in best[:MOST])


def _by_subjects(subjects: Sequence[str]) -> Iterator[tuple[str, _Known, str]]:
    """A whole heading with its division, else its main part."""
    for subject in subjects:
        for words in (subject, subject.partition("--")[0]):
            known = _table().get(exact_key(words))
            if known is not None:
                yield words.strip(), known, "subject"
                break


def _by_title(title: str) -> Iterator[tuple[str, _Known, str]]:
    """The longest keywords in the title, from its beginning."""
    words = exact_key(title).split()
    start = 0
    while start < len(words):
        for length in range(LONGEST_RUN, SHORTEST_RUN - 1, -1):
            run = " ".join(words[start : start + length])
            if start + length <= len(words) and run in _keywords():
                yield run, _keywords()[run], "title"
                start += length - 1
                break
        start += 1


@cache
def _headings() -> dict[str, _Known]:
    known = {}
    for heading, number, within, total in _rows("lc_classes.tsv"):
        known[exact_key(heading)] = _Known(heading, number, int(within), int(total))
    return known


@cache
def _keywords() -> dict[str, _Known]:
    headings = _headings()
    return {exact_key(words): headings[exact_key(heading)] for words, heading in _rows("words_vi.tsv")}


@cache
def _table() -> dict[str, _Known]:
    return _headings() | _keywords()


def _rows(name: str) -> Iterator[list[str]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
