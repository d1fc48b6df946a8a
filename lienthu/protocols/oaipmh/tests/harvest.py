"""A harvester for tests: asks through HTTP, follows tokens, and checks answers against the schemas if they are here."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.test import Client
from lxml import etree

from lienthu.testing import shared_data

OAI = "{http://www.openarchives.org/OAI/2.0/}"
_ALL = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.openarchives.org/OAI/2.0/" schemaLocation="OAI-PMH.xsd"/>
<xs:import namespace="http://www.openarchives.org/OAI/2.0/oai_dc/" schemaLocation="oai_dc.xsd"/>
<xs:import namespace="http://www.loc.gov/MARC21/slim" schemaLocation="MARC21slim.xsd"/>
<xs:import namespace="http://www.openarchives.org/OAI/2.0/oai-identifier" schemaLocation="oai-identifier.xsd"/>
</xs:schema>"""


class _Local(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url, public_id, context):
        if url.endswith(("2001/03/xml.xsd", "2001/xml.xsd")):
            return self.resolve_filename(str(self.folder / "xml.xsd"), context)
        return None


@cache
def schema() -> etree.XMLSchema:
    """The schemas of the protocol and of oai_dc and MARCXML, read in place; skips the test where they are absent."""
    folder = shared_data("schemas/oai")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(folder))
    return etree.XMLSchema(etree.fromstring(_ALL, parser, base_url=str(folder / "all.xsd")))


@dataclass(frozen=True)
class Seen:
    """One header."""

    identifier: str
    stamp: str
    specs: tuple[str, ...]
    is_deleted: bool


def ask(client: Client, **arguments: str) -> etree._Element:
    answer = client.get("/oai", arguments)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def ask_checked(client: Client, **arguments: str) -> etree._Element:
    tree = ask(client, **arguments)
    assert schema().validate(tree), schema().error_log
    return tree


def error_of(tree: etree._Element) -> str:
    return tree.find(f"{OAI}error").get("code")


def headers(tree: etree._Element) -> Iterator[Seen]:
    for one in tree.iter(f"{OAI}header"):
        specs = tuple(spec.text for spec in one.findall(f"{OAI}setSpec"))
        yield Seen(
            one.findtext(f"{OAI}identifier"), one.findtext(f"{OAI}datestamp"), specs, one.get("status") == "deleted"
        )


def harvest(client: Client, **arguments: str) -> list[Seen]:
    """All headers of a list, over all its pages; empty when nothing matches."""
    found: list[Seen] = []
    tree = ask(client, **arguments)
    while True:
        if tree.find(f"{OAI}error") is not None:
            assert error_of(tree) == "noRecordsMatch"
            return found
        found += headers(tree)
        token = tree.find(f".//{OAI}resumptionToken")
        if token is None or not token.text:
            return found
        tree = ask(client, verb=arguments["verb"], resumptionToken=token.text)
