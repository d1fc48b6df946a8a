"""Checks of a bibliographic record that do not stop it from being kept."""

import re
from collections import Counter
from collections.abc import Iterator

from lienthu.intake.problems import Problem

from . import numbers
from .items import NONE, ItemProfile
from .problems import problem
from .record import Field, Record

_TAG = re.compile("[0-9A-Z]{3}")
_INDICATORS = re.compile("[ 0-9a-z|\\\\#_]{2}")
_CODE = re.compile("[0-9a-z!\"#$%&'()*+,\\-./:;<=>?{}~_^@`\\[\\]]")
_ONCE = ("001", "003", "005", "008", "100", "110", "111", "130", "240", "245", "254", "256", "263", "306", "841", "842")
_COUNTED = frozenset(_ONCE)


def validate(record: Record, *, items: ItemProfile = NONE, this_year: int = 0) -> list[Problem]:
    """What a cataloguer should look at; the record is kept all the same.

    ``this_year`` bounds the year of publication; 0 leaves it unchecked.
    """
    return [
        *_missing(record),
        *_shapes(record),
        *_repeated(record),
        *_values(record, this_year=this_year),
        *_accession_numbers(record, items),
    ]


def _missing(record: Record) -> Iterator[Problem]:
    if not any(value.strip() for value in record.subfields("245", "ab")):
        yield problem("title_missing")
    if not record.value("001").strip():
        yield problem("control_number_missing")


def _shapes(record: Record) -> Iterator[Problem]:
    for one in record.fields:
        if not _TAG.fullmatch(one.tag):
            yield problem("tag_invalid", tag=one.tag)
        elif one.indicators:
            yield from _data_shape(one)
        elif one.tag == "008" and len(one.value) != 40:
            yield problem("fixed_field_length", length=len(one.value))


def _data_shape(one: Field) -> Iterator[Problem]:
    if not _INDICATORS.fullmatch(one.indicators):
        yield problem("indicator_invalid", tag=one.tag)
    for code, _ in one.subfields:
        if not _CODE.fullmatch(code):
            yield problem("subfield_code_invalid", code=code, tag=one.tag)


def _repeated(record: Record) -> Iterator[Problem]:
    counts = Counter(one.tag for one in record.fields if one.tag in _COUNTED)
    for tag, count in counts.items():
        if count > 1:
            yield problem("field_not_repeatable", tag=tag, count=count)


def _values(record: Record, *, this_year: int) -> Iterator[Problem]:
    for value in record.subfields("020", "a"):
        if value.strip() and not numbers.isbn13(value):
            yield problem("isbn_invalid", value=value.strip())
    for value in record.subfields("022", "a"):
        if value.strip() and not numbers.issn(value):
            yield problem("issn_invalid", value=value.strip())
    for value in record.subfields("041", "a"):
        if not re.fullmatch("(?:[a-z]{3})+", value.strip()):
            yield problem("language_unknown", value=value.strip())
    year = record.value("008")[7:11]
    if this_year and year.isdigit() and not 1000 <= int(year) <= this_year + 2:
        yield problem("year_implausible", value=year)


def _accession_numbers(record: Record, items: ItemProfile) -> Iterator[Problem]:
    counts = Counter(copy.accession_number for copy in items.copies(record) if copy.accession_number)
    for number, count in counts.items():
        if count > 1:
            yield problem("accession_number_repeated", value=number)
