"""Small records that the tests share."""

from typing import BinaryIO

import orjson

from lienthu.catalogue.marc import iso2709, marcxml
from lienthu.catalogue.marc.reader import RawRecord, open_records
from lienthu.catalogue.marc.record import Record, control, data


def book(number: int) -> Record:
    """A plain book; ``number`` makes it differ from others."""
    return Record(
        "00000nam a2200000 i 4500",
        [
            control("001", f"TQ{number:06d}"),
            control("008", "250101s2005    vm            000 0 vie d"),
            data("020", "  ", ("a", "9786041000018")),
            data("245", "10", ("a", f"Truyện Kiều {number} /"), ("c", "Nguyễn Du.")),
        ],
    )


def iso(number: int) -> bytes:
    return iso2709.build(book(number))


def xml(number: int) -> bytes:
    return marcxml.build(book(number)).strip()


def json(number: int) -> bytes:
    return orjson.dumps(book(number).as_marcjson())


def good_records(stream: BinaryIO) -> list[Record]:
    """The records of a file in which everything is good."""
    records = []
    for item in open_records(stream):
        assert isinstance(item, RawRecord), item
        records.append(item.record)
    return records


def titles(items: list) -> list[str]:
    """First subfield $a of 245 of the good ones, the code of the problem of the bad ones."""
    return [
        item.record.subfields("245", "a")[0].rstrip(" /") if hasattr(item, "record") else item.problem.code
        for item in items
    ]
