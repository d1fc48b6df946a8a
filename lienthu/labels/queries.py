"""The copies that labels are wanted for."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.catalogue.queries.labelled import LabelledCopy, described_records, labelled_copies
from lienthu.discovery.queries import isbd_lines
from lienthu.labels.policy import MOST

__all__ = ["LabelledCopy", "Wanted", "cards_of", "find_copies"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Copies to print, and the numbers that no copy of the library has."""

    copies: tuple[LabelledCopy, ...]
    unknown: tuple[str, ...] = ()


def find_copies(library_id: int, *, numbers: Sequence[str] = (), record_id: int | None = None) -> Wanted:
    """Copies with these accession numbers, in the order of the list, or all copies of a record in this library."""
    copies = labelled_copies(library_id, numbers=numbers, record_id=record_id, most=MOST)
    if record_id is not None:
        return Wanted(tuple(copies))
    by_number = {copy.accession_number: copy for copy in copies}
    return Wanted(
        tuple(by_number[number] for number in numbers if number in by_number),
        tuple(number for number in numbers if number not in by_number),
    )


@dataclass(frozen=True, slots=True)
class Card:
    """One catalogue card: where the book stands, its description, its subjects and its copies."""

    call_number: str
    heading: str
    lines: tuple[str, ...]
    subjects: tuple[str, ...]
    numbers: tuple[str, ...]


def cards_of(copies: Sequence[LabelledCopy]) -> list[Card]:
    """One card for each record and call number of these copies, in their order."""
    records = described_records({copy.record_id for copy in copies})
    grouped: dict[tuple[int, str], list[str]] = {}
    for copy in copies:
        grouped.setdefault((copy.record_id, copy.call_number), []).append(copy.accession_number)
    cards = []
    for (record_id, call_number), numbers in grouped.items():
        record, subjects = records[record_id]
        heading, lines = isbd_lines(record)
        cards.append(Card(call_number, heading, tuple(lines), tuple(subjects), tuple(filter(None, numbers))))
    return cards
