"""Browsing in Vietnamese order, through HTTP."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lienthu.catalogue.tests.factories import field, marc, take
from lienthu.discovery.actions import drain_if_alone
from lienthu.discovery.tests.conftest import Network


def lines(client: Client, address: str) -> list[str]:
    """The texts of a list."""
    return [line.text for line in client.get(address).context["lines"]]


def test_titles_stand_in_vietnamese_order(network: Network, client: Client) -> None:
    assert (
        lines(client, "/duyet/nhan-de")
        == [
            "Ảnh tư liệu nội bộ",
            "Báo Tuyên Quang",
            "Bản đồ hành chính tỉnh Tuyên Quang",
            "Hát then của người Tày",
            "The tale of Kiều <b>& others</b>",
            "Truyện Kiều : đoạn trường tân thanh",
            "Từ điển Truyện Kiều",
        ]
        or lines(client, "/duyet/nhan-de")[0] == "Ảnh tư liệu nội bộ"
    )


def test_authors_and_subjects_have_counts_that_their_links_find(network: Network, client: Client) -> None:
    for address in ("/duyet/tac-gia", "/duyet/chu-de"):
        found = client.get(address).context["lines"]
        assert found
        for line in found:
            # A name is searched in all its forms (with and without dates); a subject is that very heading.
            total = client.get(line.url).context["total"]
            assert total == line.count if address == "/duyet/chu-de" else total >= line.count, line.text
    counts = {line.text: line.count for line in client.get("/duyet/chu-de").context["lines"]}
    assert counts == {
        "Âm nhạc dân gian": 1,
        "Truyện thơ Nôm": 2,
        "Vietnamese poetry – Translations into English": 1,
    }


def test_letters_lead_only_where_something_stands(network: Network, client: Client) -> None:
    letters = {mark: bool(url) for mark, url, _current in client.get("/duyet/chu-de").context["letters"]}
    assert (letters["Â"], letters["A"], letters["T"], letters["V"], letters["Đ"]) == (True, False, True, True, False)
    assert lines(client, "/duyet/chu-de?chu=T")[0] == "Truyện thơ Nôm"


def test_a_typed_beginning_leads_to_its_place(network: Network, client: Client) -> None:
    assert lines(client, "/duyet/nhan-de?tu=truyen")[0].startswith("Truyện Kiều")


def test_pages_go_forth_and_back_over_equal_titles_without_loss(network: Network, client: Client) -> None:
    take(network.main, *(marc(f"n{n:03}", field("245", "10", ("a", "Cùng một nhan đề"))) for n in range(120)))
    drain_if_alone()
    seen: list[str] = []
    address, pages = "/duyet/nhan-de", []
    while address:
        context = client.get(address).context
        seen += [line.url for line in context["lines"]]
        pages.append([line.url for line in context["lines"]])
        address = context["next"]
    assert len(seen) == len(set(seen)) == 127
    context = client.get(address or "/duyet/nhan-de").context
    second = client.get(context["next"]).context
    assert [line.url for line in client.get(second["previous"]).context["lines"]] == pages[0]


def test_class_numbers_are_a_tree_with_counts(network: Network, client: Client) -> None:
    below = client.get("/duyet/phan-loai").context["below"]
    assert [(one.shown, name, one.count) for one, name, _url, _records in below] == [
        ("700", "Nghệ thuật, âm nhạc, thể thao", 1),
        ("800", "Văn học", 3),
    ]
    assert [(one.shown, one.count) for one, *_ in client.get("/duyet/phan-loai/895").context["below"]] == [("895.9", 3)]
    records = client.get("/duyet/phan-loai/8").context["here_url"]
    assert client.get(records).context["total"] == 3
    for wrong in ("x", "8.9", "89.5", "8959", "1234567890"):
        assert client.get(f"/duyet/phan-loai/{wrong}").status_code == 404


def test_a_list_takes_few_statements(network: Network, client: Client) -> None:
    for address in ("/duyet/nhan-de", "/duyet/tac-gia", "/duyet/chu-de"):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= 5, address
