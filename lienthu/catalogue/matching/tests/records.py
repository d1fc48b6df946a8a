"""Short ways to make records and evidence for tests."""

from typing import Any

from lienthu.catalogue.matching.evaluation import evidence
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.pairs import record_of

BOOK = {
    "title": "Đất rừng phương Nam",
    "authors": ["Đoàn Giỏi"],
    "publisher": "Kim Đồng",
    "place": "Hà Nội",
    "year": 2019,
    "extent": "304 tr.",
    "language": "vie",
}


def said(**changes: Any) -> Evidence:
    """Evidence of the book above with some fields otherwise; None takes a field away."""
    fields = {name: value for name, value in (BOOK | changes).items() if value is not None}
    return evidence(record_of(fields, line=1, side="left"))
