"""Writing records out."""

import io
import json as standard_json

import pymarc
import pytest

from lienthu.catalogue.marc.export import write_iso2709, write_marcjson, write_marcxml
from lienthu.catalogue.marc.iso2709 import FieldTooLong
from lienthu.catalogue.marc.record import Record, control, data
from lienthu.testing import shared_data

from .records import book, good_records


@pytest.fixture(scope="module")
def vietnamese():
    with open(shared_data("ship/marc/lc_vietnam/lc_about_vietnam_ship.mrc"), "rb") as stream:
        return good_records(stream)


@pytest.mark.parametrize("write", [write_iso2709, write_marcxml, write_marcjson])
def test_what_is_written_is_read_back_the_same(write, vietnamese):
    again = good_records(io.BytesIO(b"".join(write(vietnamese))))
    assert [record.fields for record in again] == [record.fields for record in vietnamese]


def test_pymarc_reads_every_format_the_same(vietnamese):
    def subfields(records):
        return [[field.value() for field in record.fields] for record in records]

    binary = list(pymarc.MARCReader(b"".join(write_iso2709(vietnamese))))
    xml = pymarc.parse_xml_to_array(io.BytesIO(b"".join(write_marcxml(vietnamese))))
    lines = b"".join(write_marcjson(vietnamese)).splitlines()
    json = [next(iter(pymarc.JSONReader(line.decode()))) for line in lines]
    assert len(lines) == 165
    assert subfields(binary) == subfields(xml) == subfields(json)


def test_a_record_that_does_not_fit_is_told_and_the_others_are_written():
    long = Record("", [control("001", "x"), data("520", "  ", ("a", "y" * 12_000))])
    told = []
    written = list(
        write_iso2709([book(1), long, book(2)], unwritten=lambda record, problem: told.append((record, problem)))
    )
    assert len(written) == 2
    assert [(record, problem.code) for record, problem in told] == [(long, "field_too_long_to_write")]
    with pytest.raises(FieldTooLong):
        list(write_iso2709([long]))


def test_characters_that_xml_cannot_carry_are_left_out():
    strange = Record("", [data("245", "\x01&", ("<", 'a\x0b\x1f<b>&"\ufffe'))])
    content = b"".join(write_marcxml([strange]))
    (again,) = good_records(io.BytesIO(content))
    assert again.fields == [data("245", " &", ("<", 'a<b>&"'))]


def test_json_lines_are_plain_json():
    (line,) = write_marcjson([book(1)])
    assert line.endswith(b"\n")
    assert standard_json.loads(line)["fields"][0] == {"001": "TQ000001"}


def test_writing_needs_only_one_record_at_a_time():
    pieces = write_marcxml(book(number) for number in iter(int, 1))
    assert next(pieces).startswith(b"<?xml")
    assert b"<record>" in next(pieces)
