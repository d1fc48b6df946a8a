"""The result page, through HTTP."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import lienthu.web
from lienthu.catalogue.actions.sharing import apply_sharing, set_sharing
from lienthu.catalogue.models import Cluster, Item
from lienthu.catalogue.tests.factories import cluster, copies, field, marc, take
from lienthu.discovery.actions import drain_if_alone
from lienthu.discovery.tests.conftest import Network
from lienthu.libraries.tests.factories import library, person
from lienthu.search import SearchRequest, SearchResult, TantivyEngine

Titles = Callable[[str], list[str]]
REGION = {"HX-Request": "true", "HX-Target": "ket-qua"}


def test_words_without_marks_find_the_marked_title_first(network: Network, titles: Titles) -> None:
    found = titles("/tim-kiem?q=truyen+kieu")
    assert found[:2] == ["Truyện Kiều", "Từ điển Truyện Kiều"]


def test_the_page_says_which_marked_spelling_it_also_searched(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=truyen+kieu").content.decode()
    assert "đang tìm cả" in page and "“truyện kiều”" in page


def test_found_words_are_marked_and_titles_are_escaped(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=tale").content.decode()
    assert "The <mark>tale</mark> of Kiều &lt;b&gt;&amp; others&lt;/b&gt;" in page


def test_availability_is_a_sentence_from_the_copies_at_this_moment(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=%22truyện+kiều%22+đoạn").content.decode()
    assert "Có sẵn: 3 bản ở 2 thư viện" in page
    Item.objects.filter(record__control_number="kieu").update(status="ON_LOAN")
    # The index still says available; the page asks the database.
    assert "Đang mượn cả 5 bản" in client.get("/tim-kiem?q=%22truyện+kiều%22+đoạn").content.decode()


def test_a_question_asked_again_is_searched_again_only_when_the_index_has_changed(
    network: Network, titles: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SearchRequest] = []
    search = TantivyEngine.search

    def counted(engine: TantivyEngine, request: SearchRequest) -> SearchResult:
        asked.append(request)
        return search(engine, request)

    monkeypatch.setattr(TantivyEngine, "search", counted)
    first, again = (titles("/tim-kiem?q=kieu") for _ in range(2))
    assert first == again and len(asked) == 1
    take(network.main, marc("moi", field("245", "10", ("a", "Kiều mới về"))))
    drain_if_alone()
    assert "Kiều mới về" in titles("/tim-kiem?q=kieu")
    assert len(asked) == 2


def test_copies_that_are_not_public_are_neither_counted_nor_named(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=ảnh+tư+liệu").content.decode()
    assert "Chưa ghi bản nào; hãy hỏi thư viện" in page
    assert "VN-T-TINH.an.1" not in client.get(network.url("an")).content.decode()
    assert "Mất" not in client.get(network.url("kieu")).content.decode()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("available=1", {"Truyện Kiều", "Hát then của người Tày"}),
        ("library=VN-T-XA", {"Truyện Kiều", "The tale of Kiều <b>& others</b>", "Hát then của người Tày"}),
        ("language=eng", {"The tale of Kiều <b>& others</b>"}),
        ("type=MAP&type=SERIAL", {"Bản đồ hành chính tỉnh Tuyên Quang", "Báo Tuyên Quang"}),
        ("type=MAP,SERIAL", {"Bản đồ hành chính tỉnh Tuyên Quang", "Báo Tuyên Quang"}),
        ("decade=1980", {"The tale of Kiều <b>& others</b>"}),
        ("year_from=2000&year_to=2005", {"Bản đồ hành chính tỉnh Tuyên Quang", "Ảnh tư liệu nội bộ"}),
        ("subject=Truyện+thơ+Nôm", {"Truyện Kiều", "Từ điển Truyện Kiều"}),
        ("subject=Vietnamese+poetry+--+Translations+into+English", {"The tale of Kiều <b>& others</b>"}),
        ("library=VN-T-XA&language=vie&available=1", {"Truyện Kiều", "Hát then của người Tày"}),
    ],
)
def test_filters_of_one_group_add_up_and_groups_narrow(
    network: Network, titles: Titles, filters: str, expected: set[str]
) -> None:
    assert set(titles(f"/tim-kiem?{filters}")) == expected


def test_facets_have_names_counts_and_their_selection(network: Network, client: Client) -> None:
    groups = {group.name: group for group in client.get("/tim-kiem?library=VN-T-XA").context["groups"]}
    libraries = {option.value: (option.label, option.count, option.selected) for option in groups["library"].options}
    assert libraries["VN-T-XA"] == ("Thư viện xã Tân Trào", 3, True)
    # A chosen library does not hide the others: several can be chosen.
    assert libraries["VN-T-TINH"][2] is False
    assert [(o.label, o.count) for o in groups["language"].options] == [("Tiếng Việt", 2), ("Tiếng Anh", 1)]
    assert [o.label for o in groups["decade"].options] == ["1980–1989", "1970–1979"]


def test_chosen_filters_can_be_taken_back_one_by_one(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=truyện&type=BOOK&year_from=1975").content.decode()
    assert "Từ năm 1975" in page
    assert 'href="/tim-kiem?q=truy%E1%BB%87n&amp;type=BOOK"' in page


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["Ảnh tư liệu nội bộ", "Báo Tuyên Quang", "Bản đồ hành chính tỉnh Tuyên Quang"]),
        ("year_asc", ["Từ điển Truyện Kiều", "Hát then của người Tày", "Truyện Kiều"]),
        ("year_desc", ["Bản đồ hành chính tỉnh Tuyên Quang", "Ảnh tư liệu nội bộ", "Báo Tuyên Quang"]),
    ],
)
def test_results_can_be_sorted(network: Network, titles: Titles, sort: str, expected: list[str]) -> None:
    found = titles(f"/tim-kiem?sort={sort}")
    assert found[:3] == expected if sort != "title" else sorted(found[:3]) == sorted(expected)


@pytest.mark.parametrize(
    "address",
    [
        "/tim-kiem?page=-1",
        "/tim-kiem?page=99999999999999999999",
        "/tim-kiem?page=abc",
        "/tim-kiem?page=",
        "/tim-kiem?q=" + "a" * 10_000,
        "/tim-kiem?q=" + "%22" * 501,
        "/tim-kiem?q=%22truyện",
        "/tim-kiem?q=((((((",
        "/tim-kiem?q=%00truyện%00",
        "/tim-kiem?q=%ff%fe",
        "/tim-kiem?q=HOẶC+VÀ+KHÔNG",
        "/tim-kiem?size=-3&sort=drop&type=NONE&decade=x&year_from=abc&year_to=99999999999&library=%27%22",
        "/tim-kiem?year_from=2000&year_to=1990",
        "/tim-kiem?decade=9999",
        "/tim-kiem?" + "&".join(f"type=X{n}" for n in range(500)),
        "/duyet/nhan-de?sau=zz&truoc=%00&chu=%00&tu=" + "ă" * 5_000,
        "/duyet/nhan-de?sau=" + "ff" * 600 + ".00000",
        "/duyet/tac-gia?truoc=.00000",
        "/tim-kiem.atom?q=%22%00((&page=-4",
        "/tim-kiem/xuat?dang=exe&page=-1&q=%22(",
        "/tim-kiem/goi-y?q=" + "x" * 5_000,
        "/tim-kiem/goi-y?q=%00",
    ],
)
def test_nothing_that_can_be_typed_breaks_a_page(network: Network, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert (b"".join(answer) if answer.streaming else answer.content) is not None


def test_a_page_behind_the_last_shows_the_last(network: Network, client: Client) -> None:
    answer = client.get("/tim-kiem?page=99999")
    assert (answer.context["wanted"].page, len(answer.context["cards"])) == (1, 7)


def test_what_the_query_reader_changed_is_said_in_words(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=%22truyện+kiều").content.decode()
    assert "Thiếu dấu ngoặc kép đóng" in page
    assert "chỉ đọc 2000 ký tự đầu" in client.get("/tim-kiem?q=" + "kiều+" * 2_000).content.decode()


def test_keystrokes_of_a_sleeping_input_method_are_read_as_letters(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=truyeenj+kieeuf").content.decode()
    assert "Bộ gõ tiếng Việt có lẽ đang tắt" in page and "truyện kiều" in page


def test_an_empty_result_offers_filters_to_drop_and_places_to_go(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=truyện&type=MAP").content.decode()
    assert "Không có tài liệu nào hợp với câu tìm này" in page
    assert "Bỏ bộ lọc “Bản đồ”" in page and "/duyet/nhan-de" in page and "/thu-vien/" in page


def test_a_whole_page_takes_few_statements_however_many_results(network: Network, client: Client) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    client.get("/tim-kiem?q=truyện")
    assert statements("/tim-kiem?q=tale") <= 4
    assert statements("/tim-kiem") == statements("/tim-kiem?q=tale")


def test_htmx_gets_only_the_part_that_changes_and_history_the_whole_page(network: Network, client: Client) -> None:
    part = client.get("/tim-kiem?q=kiều", headers=REGION).content.decode()
    assert part.startswith('<div id="ket-qua"') and "<header" not in part and 'hx-swap-oob="innerHTML"' in part
    back = client.get("/tim-kiem?q=kiều", headers={**REGION, "HX-History-Restore-Request": "true"})
    assert "<header" in back.content.decode() and "HX-Request" in back["Vary"]


def test_search_engines_index_the_query_and_not_its_facets_and_depths(network: Network, client: Client) -> None:
    assert b"noindex" not in client.get("/tim-kiem?q=kiều").content
    assert b'content="noindex, follow"' in client.get("/tim-kiem?q=kiều&type=BOOK").content
    page = client.get("/tim-kiem?type=BOOK&q=kiều&x=1").content.decode()
    assert '<link rel="canonical" href="http://testserver/tim-kiem?q=ki%E1%BB%81u&amp;type=BOOK">' in page


def test_each_result_can_say_why(network: Network, client: Client) -> None:
    address = f"{network.url('kieu')}/vi-sao?q=nguyễn+du"
    page = client.get(address).content.decode()
    assert "có trong tên tác giả" in page and "<header" in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "có trong tên tác giả" in part and "<header" not in part
    assert client.get(f"{network.url('bando')}/vi-sao?q=nguyễn+du").status_code == 404


def test_suggestions_lead_to_records_authors_and_subjects(network: Network, client: Client) -> None:
    for typed, note, text in (("truyen", "nhan đề", "Truyện Kiều"), ("nguyen", "tác giả", "Nguyễn Du"),
                              ("truyen tho", "chủ đề", "Truyện thơ Nôm")):  # fmt: skip
        items = client.get("/tim-kiem/goi-y", {"q": typed}).json()["items"]
        found = next(item for item in items if item["note"] == note and item["text"].startswith(text))
        assert client.get(found["url"]).status_code == 200
    assert client.get("/tim-kiem/goi-y?q=").json() == {"items": []}


def test_a_withdrawn_record_leaves_the_page_before_it_leaves_the_index(network: Network, titles: Titles) -> None:
    Cluster.objects.filter(pk=cluster("kieu").pk).update(is_active=False)
    assert "Truyện Kiều" not in titles("/tim-kiem?q=truyen+kieu")


def test_the_first_visit_stays_under_sixty_kilobytes(network: Network, client: Client) -> None:
    dist = Path(lienthu.web.__file__).parent / "static" / "dist"
    if not dist.exists():
        pytest.skip("the static bundle is not built: npm run build")
    html = client.get("/tim-kiem?q=kiều").content
    parts = [html, *((dist / name).read_bytes() for name in ("app.css", "app.js", "icons.svg"))]
    assert sum(len(gzip.compress(part, 6)) for part in parts) < 60_000


def test_every_link_of_a_page_of_results_works(network: Network, client: Client) -> None:
    page = client.get("/tim-kiem?q=kiều&type=BOOK").content.decode()
    for address in sorted(set(re.findall(r'(?:href|hx-get)="(/[^"]*)"', page))):
        if not address.startswith("/static/"):
            assert client.get(address.replace("&amp;", "&"), follow=True).status_code == 200, address


def test_staff_find_what_libraries_share_with_the_network_alone(network: Network, client: Client) -> None:
    sector = library("VN-T-CANH", "Thư viện công an tỉnh")
    take(
        sector, marc("noibo", field("100", "0 ", ("a", "Hội đồng lý luận")), field("245", "10", ("a", "Kỷ yếu nội bộ")))
    )
    sharer = person("phutrachnganh", "LIBRARY_MANAGER", sector.scope)
    set_sharing(actor=sharer.actor, library=sector, visibility="NETWORK", trust=50)
    apply_sharing(actor=sharer.actor, library=sector)
    copies("then", network.main, ["AVAILABLE"], visibility="NETWORK")
    number = Item.objects.get(library=network.main, visibility="NETWORK", record__control_number="then")
    assert drain_if_alone()
    url = f"/bieu-ghi/{cluster('noibo').public_id}"
    then = f"/bieu-ghi/{cluster('then').public_id}"

    def unlisted(query: str) -> list[str]:
        return [card.url for card in client.get("/tim-kiem", {"q": query}).context["unlisted"]]

    queries = ("ky yeu noi bo", "kỷ yếu", "ki yeu hoi dong li luan", "YẾU")
    assert [unlisted(query) for query in (*queries, number.accession_number)] == [[]] * 5
    client.force_login(person("bandoc", "READER", network.main.scope).account)
    assert unlisted("kỷ yếu") == []
    client.force_login(person("thuthu", "LIBRARIAN", network.commune.scope).account)
    assert [unlisted(query) for query in queries] == [[url]] * 4
    assert unlisted(number.accession_number) == [then]
    assert unlisted("kỷ yếu công khai") == unlisted("ye%") == [] and unlisted("%") == []
    page = client.get("/tim-kiem", {"q": "kỷ yếu"}).content.decode()
    assert "1 tài liệu chỉ thư viện trong mạng lưới thấy" in page and client.get(url).status_code == 200
    set_sharing(actor=sharer.actor, library=sector, visibility="HIDDEN", trust=50)
    apply_sharing(actor=sharer.actor, library=sector)
    assert unlisted("kỷ yếu") == []
    client.force_login(sharer.account)
    assert unlisted("kỷ yếu") == [url]


def test_the_public_pays_nothing_for_it(network: Network, client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/tim-kiem", {"q": "kiều"})
    assert not [one for one in asked.captured_queries if "NFD" in one["sql"] or "catalogue_sharing" in one["sql"][:40]]
