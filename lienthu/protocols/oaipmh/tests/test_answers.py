"""OAI-PMH through HTTP: the six verbs, their formats and their errors, each answer valid by the schemas."""

import gzip
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings
from lxml import etree

from lienthu.catalogue.tests.factories import cluster, copies, field, fixed, marc, take
from lienthu.discovery.tests.conftest import RECORDS, Network
from lienthu.protocols.oaipmh.tests.harvest import OAI, ask, ask_checked, error_of, harvest, headers

DC = "{http://purl.org/dc/elements/1.1/}"
M = "{http://www.loc.gov/MARC21/slim}"
S = "{http://www.loc.gov/mods/v3}"


def identifier(number: str) -> str:
    return f"oai:lienthu.local:{cluster(number).public_id}"


@pytest.mark.parametrize(
    "arguments",
    [
        {"verb": "Identify"},
        {"verb": "ListSets"},
        {"verb": "ListMetadataFormats"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "marc21"},
        {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "VN-T-XA"},
        {"verb": "ListIdentifiers", "metadataPrefix": "mods", "from": "2000-01-01"},
        {"verb": "nonsense"},
        {"verb": "Identify", "extra": "1"},
        {"verb": "ListRecords", "metadataPrefix": "nope"},
        {"verb": "ListRecords", "resumptionToken": "a<b>\x0b&\"'"},
        {"verb": "GetRecord", "identifier": "oai:lienthu.local:zzzzz", "metadataPrefix": "oai_dc"},
        {"verb": "GetRecord", "identifier": "a b", "metadataPrefix": "oai_dc"},
    ],
)
def test_every_answer_is_valid_by_the_schemas(network: Network, client: Client, arguments: dict[str, str]) -> None:
    ask_checked(client, **arguments)


def test_the_repository_names_itself_and_how_it_keeps_deletions(network: Network, client: Client) -> None:
    told = ask(client, verb="Identify").find(f"{OAI}Identify")
    assert told.findtext(f"{OAI}repositoryName") == "Mạng thư viện tỉnh Tuyên Quang"
    assert told.findtext(f"{OAI}baseURL") == "http://testserver/oai"
    assert told.findtext(f"{OAI}deletedRecord") == "persistent"
    assert told.findtext(f"{OAI}granularity") == "YYYY-MM-DDThh:mm:ssZ"
    assert told.findtext(f"{OAI}adminEmail") == "postmaster@testserver.localdomain"
    first = min(one.stamp for one in harvest(client, verb="ListIdentifiers", metadataPrefix="oai_dc"))
    assert told.findtext(f"{OAI}earliestDatestamp") == first


def test_there_is_a_set_for_every_library(network: Network, client: Client) -> None:
    sets = ask(client, verb="ListSets").iter(f"{OAI}set")
    assert {(one.findtext(f"{OAI}setSpec"), one.findtext(f"{OAI}setName")) for one in sets} == {
        ("VN-T-TINH", "Thư viện tỉnh"),
        ("VN-T-XA", "Thư viện xã Tân Trào"),
    }


def test_a_set_holds_what_the_library_has_for_everybody_to_see(network: Network, client: Client) -> None:
    def members(spec: str) -> set[str]:
        found = harvest(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        return {one.identifier for one in found}

    assert members("VN-T-XA") == {identifier("kieu"), identifier("tale"), identifier("then")}
    # "bando" and "bao" have no copies at all; the copies of "an" are not for everybody
    assert members("VN-T-TINH") == {identifier(number) for number in ("kieu", "tudien", "bando", "bao")}
    assert len(harvest(client, verb="ListIdentifiers", metadataPrefix="oai_dc")) == len(RECORDS)


def test_dublin_core_says_what_the_record_says(network: Network, client: Client) -> None:
    tree = ask(client, verb="GetRecord", identifier=identifier("kieu"), metadataPrefix="oai_dc")
    dc = tree.find(f".//{OAI}metadata")[0]
    assert [(one.tag.removeprefix(DC), one.text) for one in dc] == [
        ("title", "Truyện Kiều : đoạn trường tân thanh"),
        ("creator", "Nguyễn Du, 1765-1820"),
        ("contributor", "Đào Duy Anh"),
        ("subject", "Truyện thơ Nôm"),
        ("publisher", "Văn học"),
        ("date", "1979"),
        ("type", "text"),
        ("format", "226 tr. ; 19 cm"),
        ("identifier", f"http://testserver/bieu-ghi/{cluster('kieu').public_id}"),
        ("identifier", "urn:ISBN:9786041012349"),
        ("language", "vie"),
    ]


def test_marcxml_bears_our_number_the_source_and_the_copies_that_everybody_may_see(
    network: Network, client: Client
) -> None:
    tree = ask(client, verb="GetRecord", identifier=identifier("kieu"), metadataPrefix="marc21")
    record = tree.find(f".//{M}record")
    assert record.findtext(f"{M}controlfield[@tag='001']") == cluster("kieu").public_id
    assert record.findtext(f"{M}datafield[@tag='035']/{M}subfield") == "(VN-T-TINH)kieu"
    held = [
        (one.findtext(f"{M}subfield[@code='a']"), one.findtext(f"{M}subfield[@code='p']"))
        for one in record.findall(f"{M}datafield[@tag='852']")
    ]
    assert held == [
        *(("VN-T-TINH", f"VN-T-TINH.kieu.{place}") for place in (1, 2, 3)),
        *(("VN-T-XA", f"VN-T-XA.kieu.{place}") for place in (1, 2)),
    ]


def test_what_is_private_or_local_stays_at_home(network: Network, client: Client) -> None:
    take(
        network.main,
        marc(
            "rieng", fixed(2000, "vie"), field("245", "10", ("a", "Sổ tay")), field("590", "  ", ("a", "kho kín")),
            field("541", "0 ", ("a", "người tặng")), field("541", "1 ", ("a", "Quỹ sách")),
            field("942", "  ", ("c", "SACH")), field("999", "  ", ("c", "7")),
        ),
    )  # fmt: skip
    copies("rieng", network.main, ["AVAILABLE"], visibility="HIDDEN")
    tree = ask(client, verb="GetRecord", identifier=identifier("rieng"), metadataPrefix="marc21")
    assert [one.get("tag") for one in tree.iter(f"{M}datafield")] == ["035", "245", "541"]
    assert "Quỹ sách" in etree.tostring(tree, encoding="unicode")


def test_mods_says_what_the_record_says(network: Network, client: Client) -> None:
    tree = ask(client, verb="GetRecord", identifier=identifier("tale"), metadataPrefix="mods")
    mods = tree.find(f".//{S}mods")
    title = mods.find(f"{S}titleInfo")
    assert (title.findtext(f"{S}nonSort"), title.findtext(f"{S}title")) == ("The ", "tale of Kiều <b>& others</b>")
    name = mods.find(f"{S}name")
    assert (name.get("type"), name.get("usage"), name.findtext(f"{S}namePart")) == ("personal", "primary", "Nguyễn Du")
    assert mods.findtext(f"{S}originInfo/{S}publisher") == "Yale University Press"
    assert [one.text for one in mods.find(f"{S}subject")] == ["Vietnamese poetry", "Translations into English"]
    assert mods.findtext(f"{S}recordInfo/{S}recordIdentifier") == cluster("tale").public_id
    assert mods.find(f"{S}recordInfo/{S}recordIdentifier").get("source") == "lienthu.local"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Harvest", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-20T00:00:00%2B01:00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-20&until=2020-02-20T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-21&until=2020-02-20", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", ""),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1999-12-31", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=VN-NOT-HERE", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a::b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=unimarc", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=abc:def", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=abc", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:other.org:1", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:lienthu.local:zzzzz", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        (f"verb=Identify&x={'x' * 20000}", "badArgument"),
    ],
)
def test_what_a_harvester_does_wrong_is_told_by_the_codes_of_the_protocol(
    network: Network, client: Client, query: str, code: str
) -> None:
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    tree = etree.fromstring(answer.content)
    found = tree.find(f"{OAI}error")
    assert (found.get("code") if found is not None else "") == code
    if code in ("badVerb", "badArgument"):
        assert not tree.find(f"{OAI}request").attrib


def test_an_unknown_record_in_a_known_format_and_the_reverse(network: Network, client: Client) -> None:
    tree = ask(client, verb="GetRecord", identifier=identifier("kieu"), metadataPrefix="nope")
    assert error_of(tree) == "cannotDisseminateFormat"
    assert tree.find(f"{OAI}request").get("identifier") == identifier("kieu")


def test_a_form_may_be_posted_and_an_answer_compressed(network: Network, client: Client) -> None:
    wanted = {"verb": "ListRecords", "metadataPrefix": "marc21"}
    posted = Client(enforce_csrf_checks=True).post(
        "/oai", urlencode(wanted), "application/x-www-form-urlencoded", headers={"Accept-Encoding": "gzip"}
    )
    assert posted["Content-Encoding"] == "gzip"
    assert len(list(headers(etree.fromstring(gzip.decompress(posted.content))))) == len(RECORDS)
    assert client.put("/oai").status_code == 405


def test_identifiers_stay_when_the_host_changes(network: Network, client: Client) -> None:
    with override_settings(OAI_NAMESPACE="thuvien.example.vn", SITE_URL="https://moi.example.vn"):
        (found, *_) = headers(ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc"))
        assert found.identifier.startswith("oai:thuvien.example.vn:")
        assert ask(client, verb="Identify").findtext(f".//{OAI}baseURL") == "https://moi.example.vn/oai"
