"""Writing records out as a stream of bytes, one format after the other's example.

A writer takes an iterator of records and gives pieces of bytes, so that a download of a whole catalogue
needs the memory of one record.
"""

from collections.abc import Callable, Iterable, Iterator

from lienthu.intake.problems import Problem

from . import iso2709, marcjson, marcxml
from .problems import MarcError
from .record import Record

Unwritten = Callable[[Record, Problem], None]
"""Called for a record that the format cannot carry; without it such a record raises ``MarcError``."""


def write_iso2709(records: Iterable[Record], *, unwritten: Unwritten | None = None) -> Iterator[bytes]:
    """ISO 2709 in UTF-8. A record over 99,999 bytes or with a field over 9,999 bytes goes to ``unwritten``."""
    for record in records:
        try:
            chunk = iso2709.build(record)
        except MarcError as error:
            if unwritten is None:
                raise
            unwritten(record, error.problem)
            continue
        yield chunk


def write_marcxml(records: Iterable[Record]) -> Iterator[bytes]:
    """A MARCXML collection."""
    yield marcxml.OPENING
    for record in records:
        yield marcxml.build(record)
    yield marcxml.CLOSING


def write_marcjson(records: Iterable[Record]) -> Iterator[bytes]:
    """MARC-in-JSON, one record a line."""
    for record in records:
        yield marcjson.build(record)
