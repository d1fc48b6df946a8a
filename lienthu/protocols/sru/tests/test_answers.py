"""SRU through HTTP, in its three versions."""

from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from lienthu.catalogue.tests.factories import cluster
from lienthu.discovery.tests.conftest import RECORDS, Network
from lienthu.testing import shared_data

ZING = "http://www.loc.gov/zing/srw/"
OASIS = "http://docs.oasis-open.org/ns/search-ws/"
M = "{http://www.loc.gov/MARC21/slim}"


_SCHEMAS = {
    "answer": [(OASIS + "sruResponse", "sru/xsd/sruResponse.xsd"), (M[1:-1], "marcxml/xsd/MARC21slim.xsd")],
    # the imports of the last one are no addresses: what it needs is named first
    "list": [(OASIS + one, f"sru/xsd/{one}.xsd") for one in ("diagnostic", "xcql", "scan")],
}


class _Local(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url, public_id, context):
        name = url.rsplit("/", 1)[-1]
        if name == "xml.xsd":
            return self.resolve_filename(str(self.folder / "oai/xml.xsd"), context)
        if "docs.oasis-open.org" in url:
            return self.resolve_filename(str(self.folder / "sru/xsd" / name), context)
        return None


@cache
def schema(name: str) -> etree.XMLSchema:
    """Schemas of the shared collection, read in place; the test is skipped where they are absent."""
    folder = shared_data("schemas")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(folder))
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{location}"/>' for namespace, location in _SCHEMAS[name]
    )
    whole = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(whole, parser, base_url=str(folder / "all.xsd")))


def ask(client: Client, **parameters: object) -> etree._Element:
    answer = client.get("/sru", {name: str(value) for name, value in parameters.items()})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def search(client: Client, query: str, version: str = "1.2", **more: object) -> etree._Element:
    operation = {} if version == "2.0" else {"operation": "searchRetrieve"}
    return ask(client, version=version, query=query, **operation, **more)


def space(tree: etree._Element) -> str:
    return "{" + etree.QName(tree).namespace + "}"


def total(tree: etree._Element) -> int:
    return int(tree.findtext(space(tree) + "numberOfRecords"))


def diagnostics(tree: etree._Element) -> list[tuple[str, str]]:
    return [
        (one[0].text.rpartition("/")[2], next((part.text for part in one if part.tag.endswith("details")), ""))
        for one in tree.iter()
        if one.tag.endswith("}diagnostic")
    ]


def titles(tree: etree._Element) -> list[str]:
    return [one.findtext(f"{M}datafield[@tag='245']/{M}subfield[@code='a']") for one in tree.iter(f"{M}record")]


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_records_come_in_the_dress_of_the_version(network: Network, client: Client, version: str) -> None:
    tree = search(client, 'dc.title = "truyen kieu"', version, maximumRecords=1)
    own = space(tree)
    assert own == ("{" + OASIS + "sruResponse}" if version == "2.0" else "{" + ZING + "}")
    assert tree.findtext(f"{own}version") == (None if version == "2.0" else version)
    assert (total(tree), tree.findtext(f"{own}nextRecordPosition")) == (2, "2")
    records = tree.findall(f"{own}records/{own}record")
    assert [one.findtext(f"{own}recordPosition") for one in records] == ["1"]
    assert records[0].findtext(f"{own}recordSchema") == "info:srw/schema/1/marcxml-v1.1"
    packing = "recordXMLEscaping" if version == "2.0" else "recordPacking"
    assert records[0].findtext(f"{own}{packing}") == "xml"
    identifier = cluster("kieu").public_id if version == "1.2" else None
    assert records[0].findtext(f"{own}recordIdentifier") == identifier
    assert titles(tree)[0] == "Truyện Kiều :"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kieu", {"kieu", "tudien", "tale"}),
        ('dc.title == "Truyện Kiều"', {"kieu"}),
        ('dc.title == "truyen kieu"', {"kieu"}),
        ("dc.title == kieu", set()),
        ('dc.subject exact "Truyện thơ Nôm"', {"kieu", "tudien"}),
        ('dc.subject exact "Truyện thơ"', set()),
        ('dc.creator = "nguyen du"', {"kieu", "tale"}),
        ('dc.title = kieu not dc.creator = "nguyen du"', {"tudien"}),
        ("dc.title = kieu and dc.date < 1979", {"tudien"}),
        ("dc.publisher = yale", {"tale"}),
        ("dc.language = eng", {"tale"}),
        ("bath.isbn = 978-604-101-234-9", {"kieu"}),
        ("bath.issn = 0866-7497", {"bao"}),
        ('dc.title any "then báo"', {"then", "bao"}),
        ('dc.title all "kiều truyện"', {"kieu", "tudien"}),
        ('truy* and dc.date within "1974 1975"', {"tudien"}),
        ("khongcogi", set()),
    ],
)
def test_queries_find_what_the_search_page_finds(network: Network, client: Client, query: str, found: set[str]) -> None:
    tree = search(client, query, maximumRecords=50)
    names = {one.text for one in tree.iter("{" + ZING + "}recordIdentifier")}
    assert diagnostics(tree) == []
    assert names == {cluster(number).public_id for number in found}
    assert total(tree) == len(found)


def test_a_record_is_found_by_its_identifier_alone_and_with_more(network: Network, client: Client) -> None:
    public = cluster("tale").public_id
    assert total(search(client, f"rec.identifier = {public}")) == 1
    assert total(search(client, f'rec.identifier any "{public} {cluster("then").public_id} zzzzz"')) == 2
    assert total(search(client, f"rec.identifier = {public} and dc.title = then")) == 0


@pytest.mark.parametrize("name", ["dc", "info:srw/schema/1/dc-v1.1", "mods", "http://www.loc.gov/mods/v3", "marcxml"])
def test_schemas_are_known_by_name_and_by_address(network: Network, client: Client, name: str) -> None:
    tree = search(client, "dc.title = then", recordSchema=name)
    assert diagnostics(tree) == []
    assert "Hát then của người Tày" in "".join(tree.itertext())


def test_a_record_may_come_as_text(network: Network, client: Client) -> None:
    tree = search(client, "dc.title = tale", recordSchema="dc", recordPacking="string")
    own = space(tree)
    inside = etree.fromstring(tree.findtext(f"{own}records/{own}record/{own}recordData"))
    assert inside.findtext("{http://purl.org/dc/elements/1.1/}title") == "The tale of Kiều <b>& others</b>"


def test_pages_and_order(network: Network, client: Client) -> None:
    ordered = search(client, "cql.allRecords = 1 sortBy dc.title", maximumRecords=3, startRecord=2)
    assert (total(ordered), len(titles(ordered))) == (len(RECORDS), 3)
    years = search(client, "kieu", sortKeys="date,dc,0", recordSchema="dc")
    assert [one.text for one in years.iter("{http://purl.org/dc/elements/1.1/}date")] == ["1983", "1979", "1974"]
    none = search(client, "kieu", maximumRecords=0)
    assert (total(none), titles(none), none.find(space(none) + "nextRecordPosition")) == (3, [], None)
    assert len(titles(search(client, "cql.allRecords = 1", maximumRecords=100_000))) == len(RECORDS)


@pytest.mark.parametrize(
    ("parameters", "number"),
    [
        ({"query": "kieu", "version": "3.0"}, "5"),
        ({"operation": "update", "version": "1.2"}, "4"),
        ({"operation": "searchRetrieve", "version": "1.2"}, "7"),
        ({"operation": "scan", "version": "1.2"}, "7"),
        ({"query": "kieu", "startRecord": "0"}, "6"),
        ({"query": "kieu", "maximumRecords": "-1"}, "6"),
        ({"query": "kieu", "startRecord": "4"}, "61"),
        ({"query": "kieu", "startRecord": "10001"}, "61"),
        ({"query": "kieu", "recordSchema": "unimarc"}, "66"),
        ({"query": "kieu", "recordXMLEscaping": "zip"}, "71"),
        ({"query": "kieu", "recordPacking": "zip", "version": "1.1"}, "71"),
        ({"query": "kieu", "queryType": "xquery"}, "11"),
        ({"query": "kieu", "stylesheet": "/x.xsl"}, "110"),
        ({"query": "kieu", "nothing": "1"}, "8"),
        ({"query": "(" * 10_000 + "kieu" + ")" * 10_000}, "13"),
        ({"query": "kieu", "facetLimit": "x"}, "6"),
        ({"query": "kieu", "facetLimit": "5:dc.nothing"}, "16"),
        ({"scanClause": "dc.language = vie"}, "16"),
        ({"scanClause": "dc.title = a", "responsePosition": "50"}, "120"),
        ({"scanClause": "a and b"}, "10"),
    ],
)
def test_faults_are_diagnostics_and_never_errors(
    network: Network, client: Client, parameters: dict[str, str], number: str
) -> None:
    tree = ask(client, **parameters)
    assert [one[0] for one in diagnostics(tree)] == [number]
    assert titles(tree) == []


def test_unknown_extensions_are_no_fault(network: Network, client: Client) -> None:
    assert total(search(client, "kieu", **{"x-info-1-accept": "all"})) == 3


def test_words_may_be_asked_as_on_the_search_page(network: Network, client: Client) -> None:
    tree = search(client, "tác giả: nguyễn du", "2.0", queryType="searchTerms")
    assert total(tree) == 2


def test_a_list_of_titles_is_in_vietnamese_order(network: Network, client: Client) -> None:
    tree = ask(client, version="1.2", operation="scan", scanClause="dc.title = hat", maximumTerms=3, responsePosition=2)
    terms = [
        (one.findtext("{*}value"), one.findtext("{*}numberOfRecords"), one.findtext("{*}whereInList"))
        for one in tree.iter("{" + ZING + "}term")
    ]
    assert terms == [
        ("Báo Tuyên Quang", "1", "inner"),
        ("Hát then của người Tày", "1", "inner"),
        ("The tale of Kiều <b>& others</b>", "1", "inner"),
    ]


def test_lists_of_authors_count_their_records_and_end(network: Network, client: Client) -> None:
    tree = ask(client, scanClause="dc.creator = a", maximumTerms=10)
    terms = [(one.findtext("{*}value"), one.findtext("{*}numberOfRecords")) for one in tree.iter("{*}term")]
    assert terms == [
        ("Đào Duy Anh", "2"),
        ("Hội Nhà báo Tuyên Quang", "1"),
        ("Nguyễn Du", "1"),
        ("Nguyễn Du, 1765-1820", "1"),
    ]
    where = [one.text for one in tree.iter("{*}whereInList")]
    assert where == ["first", "inner", "inner", "last"]


def test_what_a_list_shows_can_be_asked_for(network: Network, client: Client) -> None:
    for index in ("dc.title", "dc.subject"):
        tree = ask(client, scanClause=f"{index} = a", maximumTerms=50)
        for one in tree.iter("{*}term"):
            query = '{} == "{}"'.format(index, one.findtext("{*}value").replace('"', '\\"'))
            assert total(search(client, query)) == int(one.findtext("{*}numberOfRecords")), query


def test_facets_of_the_second_version_lead_to_what_they_count(network: Network, client: Client) -> None:
    tree = search(client, "kieu", "2.0", facetLimit="5:dc.subject,5:dc.date")
    counted = {
        (one.findtext("{*}actualTerm"), one.findtext("{*}query"), one.findtext("{*}count"))
        for one in tree.iter("{" + OASIS + "facetedResults}term")
    }
    assert ("Truyện thơ Nôm", 'dc.subject == "Truyện thơ Nôm"', "2") in counted
    assert ("1970", 'dc.date within "1970 1979"', "2") in counted
    for _value, query, count in counted:
        assert total(search(client, f"kieu and {query}")) == int(count)


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_the_server_explains_itself(network: Network, client: Client, version: str) -> None:
    parameters = {} if version == "2.0" else {"operation": "explain", "version": version}
    tree = ask(client, **parameters)
    told = next(tree.iter("{http://explain.z3950.org/dtd/2.0/}explain"))
    names = {f"{one.get('set')}.{one.text}" for one in told.iter("{*}name")}
    promised = "cql.serverChoice dc.title dc.creator dc.subject dc.publisher dc.date dc.language bath.isbn bath.issn"
    assert {*promised.split(), "rec.identifier"} <= names
    assert {one.get("name") for one in told.iter("{*}schema")} == {"marcxml", "dc", "mods"}
    assert (told.findtext(".//{*}host"), told.findtext(".//{*}database")) == ("testserver", "sru")


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "kieu"},
        {"query": "kieu", "recordXMLEscaping": "string", "recordSchema": "mods", "maximumRecords": 1},
        {"query": "kieu", "recordSchema": "dc", "facetLimit": "10"},
        {"query": "kieu", "startRecord": "x"},
        {"query": "dc.title =/stem <kieu> & \x0b"},
        {"query": ""},
        {},
        {"operation": "explain", "version": "2.0", "nothing": "1"},
    ],
)
def test_answers_of_the_second_version_are_valid(
    network: Network, client: Client, parameters: dict[str, object]
) -> None:
    tree = ask(client, **parameters)
    known = schema("answer")
    assert known.validate(tree), known.error_log


@pytest.mark.parametrize("clause", ["dc.title = a", "dc.title = zzzz", "dc.nothing = a", "dc.creator = n"])
def test_lists_of_the_second_version_are_valid(network: Network, client: Client, clause: str) -> None:
    tree = ask(client, scanClause=clause, maximumTerms=2, responsePosition=2)
    known = schema("list")
    assert known.validate(tree), known.error_log


def test_a_long_query_may_be_posted(network: Network, client: Client) -> None:
    query = " or ".join(f"(dc.title = kieu{number})" for number in range(99)) + " or kieu"
    answer = Client(enforce_csrf_checks=True).post(
        "/sru",
        f"operation=searchRetrieve&version=1.1&query={query}".replace(" ", "+"),
        "application/x-www-form-urlencoded",
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer["Content-Encoding"] == "gzip"
    assert client.delete("/sru").status_code == 405
