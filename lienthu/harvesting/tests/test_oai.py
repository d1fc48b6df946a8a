"""The protocol by itself: choosing a format, reading answers, writing addresses."""

import pytest

from lienthu.harvesting.oai import (
    Broken,
    Format,
    best_prefix,
    list_records,
    moment,
    read_identity,
    read_page,
    read_sets,
    resume,
)
from lienthu.harvesting.oai.requests import DAY, SECOND, written
from lienthu.harvesting.tests.repository import MARC

_MODS, _DC = "http://www.loc.gov/mods/v3", "http://www.openarchives.org/OAI/2.0/oai_dc/"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([("oai_dc", _DC), ("marcxml", MARC), ("mods", _MODS)], "marcxml"),
        ([("oai_dc", _DC), ("tên-lạ", MARC)], "tên-lạ"),
        ([("marc21", MARC), ("marcxml", MARC)], "marc21"),
        ([("oai_dc", _DC), ("mods", _MODS)], "mods"),
        ([("oai_dc", _DC), ("rdf", "urn:rdf")], "oai_dc"),
        ([("MARCXML", "")], "MARCXML"),
        ([("rdf", "urn:rdf")], ""),
        ([], ""),
    ],
)
def test_marc_is_preferred_by_namespace_whatever_its_name(offered, chosen):
    assert best_prefix([Format(prefix, "", namespace) for prefix, namespace in offered]) == chosen


def test_addresses_are_escaped_and_a_token_stands_alone():
    url = list_records("https://a.example/oai?db=1", prefix="marcxml", set_spec="a:b c", since="2026-01-01")
    assert url == "https://a.example/oai?db=1&verb=ListRecords&metadataPrefix=marcxml&set=a%3Ab+c&from=2026-01-01"
    assert resume("https://a.example/oai", "x|1&y=ố") == (
        "https://a.example/oai?verb=ListRecords&resumptionToken=x%7C1%26y%3D%E1%BB%91"
    )


def test_moments_of_both_granularities_are_read_and_written():
    second, day = moment("2026-11-22T20:10:05Z"), moment("2026-11-22")
    assert second and written(second, SECOND) == "2026-11-22T20:10:05Z" and written(second, DAY) == "2026-11-22"
    assert day and written(day, SECOND) == "2026-11-22T00:00:00Z"
    assert [moment(text) for text in ("", "hôm qua", "2026-13-01", "2026-11-22 10:00")] == [None] * 4


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"<html/>", b"<OAI", "không".encode("utf-16"), b"<x>" * 400])
def test_what_is_no_oai_pmh_is_refused_as_such(data):
    with pytest.raises(Broken) as broken:
        read_page(data)
    assert broken.value.code == "not_oai"
    with pytest.raises(Broken):
        read_identity(data)


def test_a_page_without_namespace_and_with_odd_prefixes_is_read():
    page = read_page(
        b"<o:OAI-PMH xmlns:o='urn:o'><o:ListRecords><o:record><o:header status='deleted'>"
        b"<o:identifier> oai:x:1 </o:identifier><o:datestamp>2026-01-02</o:datestamp></o:header></o:record>"
        b"<o:resumptionToken completeListSize='x' cursor='0'> t1 </o:resumptionToken></o:ListRecords></o:OAI-PMH>"
    )
    (record,) = page.records
    assert (record.identifier, record.deleted, record.metadata, page.token, page.complete_size) == (
        "oai:x:1",
        True,
        None,
        "t1",
        None,
    )
    assert read_page(b"<OAI-PMH><error code='noRecordsMatch'/></OAI-PMH>").error("noRecordsMatch")


def test_a_record_element_inside_metadata_is_not_taken_for_one_of_the_list():
    page = read_page(
        b"<OAI-PMH><ListRecords><record><header><identifier>a</identifier></header><metadata><record>"
        b"<controlfield tag='001'> 7 </controlfield><error/><resumptionToken>no</resumptionToken></record></metadata>"
        b"</record></ListRecords></OAI-PMH>"
    )
    assert [(r.identifier, r.control_number) for r in page.records] == [("a", "7")]
    assert page.token == "" and page.errors == []


def test_sets_come_with_their_names_and_a_token():
    sets, token = read_sets(
        b"<OAI-PMH><ListSets><set><setSpec>a</setSpec><setName>A</setName></set><set><setName>nameless</setName></set>"
        b"<resumptionToken>more</resumptionToken></ListSets></OAI-PMH>"
    )
    assert [(one.spec, one.name) for one in sets] == [("a", "A")] and token == "more"
