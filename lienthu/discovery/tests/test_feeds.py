"""What programs read: Atom, OpenSearch, sitemap, robots.txt, reference files."""

import csv
import io

from django.test import Client
from lxml import etree

from lienthu.catalogue.models import Cluster
from lienthu.catalogue.tests.factories import cluster
from lienthu.discovery.tests.conftest import Network

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_any_search_is_an_atom_feed(network: Network, client: Client) -> None:
    answer = client.get("/tim-kiem.atom?q=kiều")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    # RFC 4287, 4.1.1 and 4.1.2: what a feed and each entry must have.
    for required in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert len(feed.xpath(required, namespaces=ATOM)) == 1, required
    entries = feed.xpath("a:entry", namespaces=ATOM)
    assert len(entries) == 3
    for entry in entries:
        assert len(entry.xpath("a:id", namespaces=ATOM)) == len(entry.xpath("a:updated", namespaces=ATOM)) == 1
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in entries}) == 3
    assert "The tale of Kiều <b>& others</b>" in {entry.findtext("a:title", namespaces=ATOM) for entry in entries}


def test_an_empty_feed_is_still_a_feed(network: Network, client: Client) -> None:
    feed = etree.fromstring(client.get("/tim-kiem.atom?q=khongcogihet").content)
    assert feed.xpath("count(a:updated)", namespaces=ATOM) == 1 and not feed.xpath("a:entry", namespaces=ATOM)


def test_the_sitemap_lists_every_record_that_is_shown(network: Network, client: Client) -> None:
    Cluster.objects.filter(pk=cluster("then").pk).update(is_active=False)
    index = etree.fromstring(client.get("/sitemap.xml").content)
    (part,) = index.xpath("s:sitemap/s:loc/text()", namespaces=SITEMAP)
    answer = client.get(part.removeprefix("http://testserver"))
    assert answer.streaming
    found = etree.fromstring(b"".join(answer)).xpath("s:url/s:loc/text()", namespaces=SITEMAP)
    assert len(found) == 6 and f"http://testserver{network.url('kieu')}" in found
    assert client.get("/sitemap/khong.xml").status_code == 404


def test_robots_and_opensearch_point_to_the_right_places(network: Network, client: Client) -> None:
    assert b"Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content
    description = etree.fromstring(client.get("/opensearch.xml").content)
    templates = [url.get("template") for url in description if url.get("template")]
    assert "http://testserver/tim-kiem?q={searchTerms}" in templates


def test_results_can_be_taken_along_as_references(network: Network, client: Client) -> None:
    bibtex = b"".join(client.get("/tim-kiem/xuat?dang=bibtex&tat-ca=1&q=kiều")).decode()
    assert bibtex.count("@book{") == 3 and "author = {{Nguyễn Du} and {Đào Duy Anh}}" in bibtex
    ris = b"".join(client.get("/tim-kiem/xuat?dang=ris&q=kiều")).decode()
    assert ris.count("TY  - BOOK") == ris.count("ER  - ") == 3
    table = b"".join(client.get("/tim-kiem/xuat?dang=csv&tat-ca=1&q=kiều")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["Năm"] for row in rows if row["Nhan đề"].startswith("Truyện Kiều")] == ["1979"]


def test_a_spreadsheet_never_gets_a_formula(network: Network, client: Client) -> None:
    Cluster.objects.filter(pk=cluster("kieu").pk).update(title='=HYPERLINK("http://x")')
    table = b"".join(client.get("/tim-kiem/xuat?dang=csv&q=kiều")).decode("utf-8-sig")
    assert "'=HYPERLINK" in table
