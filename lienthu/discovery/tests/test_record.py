"""The page of one record and its files, through HTTP."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lienthu.catalogue.marc.iso2709 import parse
from lienthu.catalogue.models import Cluster
from lienthu.catalogue.tests.factories import cluster
from lienthu.discovery.formats.entry import name_of
from lienthu.discovery.tests.conftest import Network
from lienthu.kernel import ids


def linked(page: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_a_record_shows_its_description_with_links_to_more_of_the_same(network: Network, client: Client) -> None:
    page = client.get(network.url("kieu")).content.decode()
    assert "<h1>Truyện Kiều" in page and "đoạn trường tân thanh" in page and "Hà Nội : Văn học, 1979" in page
    for address in re.findall(r'href="(/tim-kiem\?[^"]+)"', page):
        assert client.get(address.replace("&amp;", "&")).context["total"] >= 1, address


def test_holdings_are_grouped_by_library_the_available_first_and_hidden_ones_stay_hidden(
    network: Network, client: Client
) -> None:
    answer = client.get(network.url("kieu"))
    assert [(held.name, len(held.copies), held.available) for held in answer.context["holders"]] == [
        ("Thư viện tỉnh", 3, 2),
        ("Thư viện xã Tân Trào", 2, 1),
    ]
    page = answer.content.decode()
    assert "VN-T-TINH.kieu.1" in page and "895.9221 NG527" in page and "Kho mở" in page and "Đọc tại chỗ" in page
    assert "VN-T-XA.kieu.3" not in page


def test_json_ld_names_the_book_and_who_holds_it(network: Network, client: Client) -> None:
    thing = linked(client.get(network.url("kieu")).content.decode())
    assert (thing["@type"], thing["name"]) == ("Book", "Truyện Kiều: đoạn trường tân thanh")
    assert thing["isbn"] == ["9786041012349"]
    assert thing["author"][0] == {"@type": "Person", "name": "Nguyễn Du"}
    assert {offer["offeredBy"]["name"] for offer in thing["offers"]} == {"Thư viện tỉnh", "Thư viện xã Tân Trào"}
    newspaper = linked(client.get(network.url("bao")).content.decode())
    assert (newspaper["@type"], newspaper["issn"]) == ("Periodical", "0866-7497")
    assert newspaper["author"][0]["@type"] == "Organization"


def test_markup_in_a_title_stays_text_everywhere(network: Network, client: Client) -> None:
    for view in ("", "?xem=isbd", "?xem=marc", "?xem=trich-dan"):
        page = client.get(network.url("tale") + view).content.decode()
        assert "<b>& others" not in page
    assert linked(page)["name"] == "The tale of Kiều <b>& others</b>"


def test_isbd_and_marc_can_be_read(network: Network, client: Client) -> None:
    isbd = client.get(network.url("kieu") + "?xem=isbd").content.decode()
    areas = ["Truyện Kiều : đoạn trường tân thanh / Nguyễn Du ; Đào Duy Anh hiệu khảo", "Hà Nội : Văn học, 1979"]
    assert " — ".join(f"{area}." for area in [*areas, "226 tr. ; 19 cm"]) in isbd
    marc = client.get(network.url("kieu") + "?xem=marc").content.decode()
    assert '<th scope="row">245</th><td>10</td>' in marc and "<b>$a</b> Truyện Kiều :" in marc


def test_citations_keep_vietnamese_names_in_their_order(network: Network, client: Client) -> None:
    context = client.get(network.url("kieu") + "?xem=trich-dan").context
    address = f"http://testserver{network.url('kieu')}"
    assert context["apa"] == (
        f"Nguyễn Du, & Đào Duy Anh. (1979). Truyện Kiều: đoạn trường tân thanh. Văn học. {address}"
    )
    assert context["iso690"] == (
        "NGUYỄN DU; ĐÀO DUY ANH. Truyện Kiều: đoạn trường tân thanh. Hà Nội: Văn học, 1979. 226 tr. ; 19 cm. "
        f"ISBN 9786041012349. Truy cập tại: {address}"
    )


def test_a_record_can_be_taken_along_in_five_formats(network: Network, client: Client) -> None:
    address = network.url("kieu")
    as_json = client.get(address + ".json").json()
    assert (as_json["title"], len(as_json["copies"]), as_json["libraries"]) == (
        "Truyện Kiều",
        5,
        ["VN-T-TINH", "VN-T-XA"],
    )
    assert parse(client.get(address + ".mrc").content).record.subfields("245", "a") == ["Truyện Kiều :"]
    assert (
        b'<subfield code="a">Truy\xe1\xbb\x87n Ki\xe1\xbb\x81u :</subfield>' in client.get(address + ".marcxml").content
    )
    assert client.get(address + ".bib").content.decode().startswith("@book{lienthu-")
    ris = client.get(address + ".ris").content.decode()
    assert "AU  - Nguyễn Du\r\n" in ris and ris.endswith("ER  - \r\n\r\n")


def test_a_merged_record_leads_to_the_one_that_took_it_up(network: Network, client: Client) -> None:
    Cluster.objects.filter(pk=cluster("tudien").pk).update(merged_into=cluster("kieu"), is_active=False)
    for ending in ("", ".json"):
        answer = client.get(network.url("tudien") + ending)
        assert (answer.status_code, answer["Location"]) == (301, network.url("kieu") + ending)
    answer = client.get(f"/api/v1/records/{cluster('tudien').public_id}")
    assert (answer.status_code, answer["Location"]) == (301, f"/api/v1/records/{cluster('kieu').public_id}")


def test_a_withdrawn_record_says_that_it_was_here(network: Network, client: Client) -> None:
    Cluster.objects.filter(pk=cluster("then").pk).update(is_active=False)
    answer = client.get(network.url("then"))
    assert answer.status_code == 410
    assert "Hát then của người Tày" in answer.content.decode()
    assert client.get(network.url("then") + ".mrc").status_code == 410


def test_a_mistyped_check_letter_is_told_with_the_record_that_was_meant(network: Network, client: Client) -> None:
    public = cluster("kieu").public_id
    wrong = public[:-1] + next(letter for letter in ids.ALPHABET if letter != public[-1])
    answer = client.get(f"/bieu-ghi/{wrong}")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Truyện Kiều" in page and network.url("kieu") in page and 'role="search"' in page


@pytest.mark.parametrize("public", ["0", "khongco", "x" * 300, "%C4%91", "0000%27", "..", "zzzzzzzzzzzzzz"])
def test_an_unknown_identifier_is_a_page_with_a_search_box(network: Network, client: Client, public: str) -> None:
    answer = client.get(f"/bieu-ghi/{public}")
    assert answer.status_code == 404


def test_capitals_lead_to_the_one_address(network: Network, client: Client) -> None:
    lower = cluster("kieu").public_id
    if lower.upper() == lower:
        pytest.skip("this identifier happens to have no letters")
    answer = client.get(f"/bieu-ghi/{lower.upper()}")
    assert (answer.status_code, answer["Location"]) == (301, network.url("kieu"))


def test_a_record_page_takes_few_statements(network: Network, client: Client) -> None:
    client.get(network.url("kieu"))
    with CaptureQueriesContext(connection) as captured:
        client.get(network.url("kieu"))
    assert len(captured) <= 10  # one of them asks which copies are away with a set that travels


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("Nguyễn, Du, 1765-1820", "Nguyễn Du"),
        ("Tôn Nữ, Hỷ Khương", "Tôn Nữ Hỷ Khương"),
        ("Hồ, Chí Minh", "Hồ Chí Minh"),
        ("Đào Duy Anh", "Đào Duy Anh"),
        ("Lê, Catherine", "Catherine Lê"),
        ("Nguyen, Viet Thanh, 1971-", "Viet Thanh Nguyen"),
        ("Karnow, Stanley", "Stanley Karnow"),
    ],
)
def test_a_vietnamese_name_that_was_inverted_abroad_is_read_in_its_own_order(heading, shown):
    assert name_of(heading).natural == shown
