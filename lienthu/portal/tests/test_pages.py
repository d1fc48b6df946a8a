"""The pages of the portal, through HTTP."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lienthu.catalogue.tests.factories import cluster
from lienthu.discovery.tests.conftest import Network
from lienthu.portal.manual import CHAPTERS, EXAMPLES
from lienthu.search import parse

PAGES = [
    *("/", "/gioi-thieu", "/tro-giup", "/kha-nang-tiep-can", "/quyen-rieng-tu", "/du-lieu-mo"),
    *(f"/tro-giup/{chapter.name}" for chapter in CHAPTERS),
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_with_one_heading_and_links_that_work(network: Network, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1") == 1
    for link in sorted(set(re.findall(r'(?:href|action)="(/[^"#]*)', page))):
        if not link.startswith(("/static/", "/ngon-ngu/")):
            assert client.get(link.replace("&amp;", "&"), follow=True).status_code == 200, link


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_on_an_empty_installation_too(db: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_every_page_speaks_english_when_asked(network: Network, client: Client, address: str) -> None:
    vietnamese = client.get(address).content.decode()
    english = client.get(address, headers={"Accept-Language": "en"}).content.decode()
    heading = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
    assert '<html lang="en">' in english
    assert heading.findall(english) != heading.findall(vietnamese)


def test_figures_of_the_home_page_are_found_again_where_they_lead(network: Network, client: Client) -> None:
    figures = {str(figure.label): figure for figure in client.get("/").context["figures"]}
    assert figures["Thư viện trong mạng"].value == 2
    assert figures["Bản tài liệu"].value == 8
    for label in ("Đầu tài liệu", "Đầu tài liệu có sẵn lúc này"):
        assert client.get(figures[label].url).context["total"] == figures[label].value


def test_new_arrivals_are_records_that_somebody_has(network: Network, client: Client) -> None:
    shelf = [card.plain_title for card in client.get("/").context["shelf"]]
    assert set(shelf) == {
        *("Truyện Kiều", "Từ điển Truyện Kiều", "The tale of Kiều <b>& others</b>", "Hát then của người Tày"),
    }


def test_suggested_searches_find_something(network: Network, client: Client) -> None:
    tries = client.get("/").context["tries"]
    assert [words for words, _url in tries][:2] == ["truyện kiều", "hát then"]
    assert all(client.get(url).context["total"] for _words, url in tries)


def test_examples_of_the_manual_are_understood_without_a_remark(network: Network, client: Client) -> None:
    assert [parse(example.query).notes for example in EXAMPLES] == [()] * len(EXAMPLES)
    counted = {one.query: one.count for one in client.get("/tro-giup/cau-tim").context["examples"]}
    assert (counted['"truyện kiều"'], counted["tác giả: nguyễn du"], counted["loại: sách"]) == (2, 2, 5)


def test_a_report_names_the_record_it_is_about(network: Network, client: Client) -> None:
    page = client.get(f"/tro-giup/bao-loi?bieu-ghi={cluster('kieu').public_id}").content.decode()
    assert "Truyện Kiều : đoạn trường tân thanh" in page
    assert client.get("/tro-giup/bao-loi?bieu-ghi=%00'\"x").status_code == 200


def test_an_unknown_chapter_is_missing(db: None, client: Client) -> None:
    assert client.get("/tro-giup/khong-co").status_code == 404


def test_the_home_page_takes_few_statements_again_and_again(network: Network, client: Client) -> None:
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) <= 4
