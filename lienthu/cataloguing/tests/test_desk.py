"""The desk as a cataloguer uses it, by its pages: make, keep, save, copy, and who is kept out."""

import html
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lienthu.audit.models import Entry
from lienthu.catalogue.models import Cluster, Item, Revision, Sharing, SourceRecord
from lienthu.catalogue.queries.desk import content_of
from lienthu.cataloguing.models import Draft, NumberSeries, OwnTemplate
from lienthu.cataloguing.tests.conftest import Network
from lienthu.discovery.actions import drain_if_alone
from lienthu.kernel import ids

ROWS = [
    ("008", "", "260101s1985####vm############000#0#vie#d"),
    ("100", "0#", "$a Nguyễn Minh Châu"),
    ("245", "10", "$a Bến quê : $b truyện ngắn / $c Nguyễn Minh Châu"),
    ("260", "##", "$a Hà Nội : $b Tác phẩm mới, $c 1985"),
    ("653", "##", "$a Truyện ngắn"),
]
LEADER = "#####nam#a22######a#4500"


def _form(network: Network, rows: list[tuple[str, str, str]] = ROWS, **more: Any) -> dict[str, Any]:
    return {
        "library": network.home.pk,
        "leader": LEADER,
        "tag": [row[0] for row in rows],
        "ind": [row[1] for row in rows],
        "text": [row[2] for row in rows],
        "what": "save",
        **more,
    }


def _save(client: Client, network: Network, **more: Any) -> SourceRecord:
    answer = client.post(reverse("cataloguing:act"), _form(network, **more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return SourceRecord.objects.select_related("cluster").latest("updated_at")


def _state() -> list[object]:
    return [
        list(SourceRecord.objects.order_by("pk").values_list("pk", "revision", "status")),
        list(Item.objects.order_by("pk").values_list("pk", "accession_number", "shelf", "status")),
        Draft.objects.count(),
        OwnTemplate.objects.count(),
        NumberSeries.objects.count(),
        Revision.objects.count(),
        # a refusal is noted, and so is signing in
        Entry.objects.filter(action__startswith="catalog").count(),
    ]


def test_a_record_is_made_in_the_marc_editor(network: Network, desk: Client) -> None:
    page = desk.get(reverse("cataloguing:new", args=["sach"])).content.decode()
    assert 'name="text"' in page and "$a {agency}" not in page and "$a VN-T-XA" in page
    record = _save(desk, network)
    assert (record.library_id, record.control_number, record.cluster.title) == (
        network.home.pk,
        "LT00000001",
        "Bến quê",
    )
    overview = desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()
    assert "Đã lưu “Bến quê”. Chưa thư viện nào khác có tài liệu này." in overview
    assert "3/7" not in overview and "5/7" not in overview and "4/7" in overview
    assert content_of(record).marc.subfields("245", "a") == ["Bến quê :"]


def test_faults_of_structure_stop_the_save_and_nothing_is_lost(network: Network, desk: Client) -> None:
    rows = [*ROWS[:2], ("24", "10", "$a Bến quê"), ("245", "1A", "$a Bến quê $? x")]
    before = SourceRecord.objects.count()
    answer = desk.post(reverse("cataloguing:act"), _form(network, rows))
    page = answer.content.decode()
    assert answer.status_code == 422 and SourceRecord.objects.count() == before
    assert "Nhãn trường “24” không hợp lệ" in page and "mã trường con “?” không hợp lệ" in page
    assert "Chỉ thị của trường 245" in page
    draft = Draft.objects.get()
    assert [tuple(row) for row in draft.content["rows"]] == rows


def test_what_is_typed_is_checked_by_the_same_rules_and_kept(network: Network, desk: Client) -> None:
    sheet = {"leader": LEADER, "rows": [*map(list, ROWS), ["020", "##", "$a 9786041000009"]]}
    data = {"library": network.home.pk, "sheet": json.dumps(sheet)}
    checked = desk.post(reverse("cataloguing:check"), data).json()
    assert checked["rows"] == {"5": ["ISBN “9786041000009” sai số kiểm tra. Nếu sách in sai, chuyển sang $z."]}
    assert checked["faulty"] == [] and not Draft.objects.exists()
    kept = desk.post(reverse("cataloguing:keep"), data).json()
    draft = Draft.objects.get()
    assert (kept["draft"], draft.title, draft.account_id) == (draft.pk, "Bến quê", network.actor.account_id)
    again = desk.post(reverse("cataloguing:keep"), data | {"draft": draft.pk}).json()
    assert again["draft"] == draft.pk and Draft.objects.count() == 1
    page = desk.get(reverse("cataloguing:draft", args=[draft.pk])).content.decode()
    assert "Bản nháp lúc" in page and "9786041000009" in page
    _save(desk, network, draft=draft.pk)
    assert not Draft.objects.exists()


def test_a_fixed_field_is_chosen_place_by_place_without_scripts(network: Network, desk: Client) -> None:
    text = ROWS[0][2]
    chosen = {"was-0": text, "at-0-35": "eng", "at-0-33": "j"}
    record = _save(desk, network, **chosen)
    assert content_of(record).marc.value("008") == "260101s1985    vm            000 j eng d"
    typed = text.replace("1985", "1999")
    again = _save(desk, network, text=[typed, *[row[2] for row in ROWS[1:]]], **chosen)
    assert content_of(again).marc.value("008")[7:11] == "1999"


def test_rows_are_moved_added_dropped_and_paired_by_buttons(network: Network, desk: Client) -> None:
    def tags(what: str) -> list[str]:
        answer = desk.post(reverse("cataloguing:act"), _form(network, what=what))
        assert answer.status_code == 302
        return [row[0] for row in Draft.objects.latest("pk").content["rows"]]

    assert tags("up:2") == ["008", "245", "100", "260", "653"]
    assert tags("drop:1") == ["008", "245", "260", "653"]
    assert tags("add:4") == ["008", "100", "245", "260", "653", ""]
    assert tags("original:2") == ["008", "100", "245", "880", "260", "653"]
    assert desk.post(reverse("cataloguing:act"), _form(network, what="drop:99")).status_code == 404


def test_the_simple_form_and_the_marc_view_are_one_record(network: Network, desk: Client) -> None:
    answer = desk.post(reverse("cataloguing:act"), _form(network, what="plain"))
    page = desk.get(answer.headers["Location"]).content.decode()
    assert 'value="Bến quê"' in page and 'value="Tác phẩm mới"' in page
    draft = Draft.objects.get()
    form = {"library": network.home.pk, "draft": draft.pk, **_plain_values(page), "year": "1987", "what": "marc"}
    desk.post(reverse("cataloguing:act_plain"), form)
    rows = [tuple(row) for row in Draft.objects.get().content["rows"]]
    expected = [*ROWS]
    expected[0] = ("008", "", ROWS[0][2].replace("1985", "1987"))
    expected[3] = ("260", "##", "$a Hà Nội : $b Tác phẩm mới, $c 1987")
    assert [(t, i, re.sub(r"\s+", " ", x)) for t, i, x in rows] == expected


def _plain_values(page: str) -> dict[str, str]:
    form = page[page.index('id="don-gian"') : page.index("</form>", page.index('id="don-gian"'))]
    found = dict(re.findall(r'<input type="(?:text|number)" name="(\w+)"(?: value="([^"]*)")?', form))
    found |= {
        name: text.strip() for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>\n?([^<]*)</textarea>', form)
    }
    return found


def test_a_beginner_makes_a_record_with_its_copies(network: Network, desk: Client) -> None:
    page = desk.get(reverse("cataloguing:new_plain", args=["sach"]) + "?isbn=9786041000001").content.decode()
    assert 'value="9786041000001"' in page and 'value="VN-T-XA.000001"' in page
    form = {
        **dict(re.findall(r'<input type="hidden" name="(leader)" value="([^"]*)"', page)),
        **{f"base_{part}": re.findall(f'name="base_{part}" value="([^"]*)"', page) for part in ("tag", "ind", "text")},
        "library": network.home.pk,
        "title": "Bến quê",
        "author": "Nguyễn Minh Châu",
        "keywords": "Truyện ngắn\nViệt Nam",
        "count": "3",
        "first_number": "VN-T-XA.000001",
        "call_number": "895.9223 NG527",
        "shelf": "Kho mở",
        "what": "save",
    }
    answer = desk.post(reverse("cataloguing:act_plain"), form)
    assert answer.status_code == 302, answer.content.decode()
    record = SourceRecord.objects.get(library=network.home)
    assert content_of(record).marc.subfields("653", "a") == ["Truyện ngắn", "Việt Nam"]
    assert list(Item.objects.order_by("pk").values_list("accession_number", "call_number", "shelf")) == [
        (f"VN-T-XA.00000{n}", "895.9223 NG527", "Kho mở") for n in (1, 2, 3)
    ]
    before = _state()
    refused = desk.post(reverse("cataloguing:act_plain"), form | {"title": "Số đỏ", "count": "1"})
    assert refused.status_code == 422 and "đã thuộc về một bản khác" in refused.content.decode()
    assert _state() == before


def test_a_page_sent_twice_makes_one_record_and_a_changed_one_another(network: Network, desk: Client) -> None:
    page = desk.get(reverse("cataloguing:new_plain", args=["sach"]) + f"?thu-vien={network.home.pk}").content.decode()
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    form = {"library": network.home.pk, "key": key, "title": "Bến quê", "keywords": "Truyện ngắn", "what": "save"}
    first, again = (desk.post(reverse("cataloguing:act_plain"), form) for _ in range(2))
    assert first.status_code == again.status_code == 302 and first.headers["Location"] == again.headers["Location"]
    assert SourceRecord.objects.filter(library=network.home).count() == 1
    assert desk.post(reverse("cataloguing:act_plain"), form | {"title": "Số đỏ"}).status_code == 302
    assert SourceRecord.objects.filter(library=network.home).count() == 2


def test_a_record_of_a_library_that_shares_nothing_is_not_copied_by_its_number(network: Network, desk: Client) -> None:
    kieu = SourceRecord.objects.get(control_number="kieu")
    Sharing.objects.create(library=kieu.library, visibility="HIDDEN")
    answer = desk.post(reverse("cataloguing:adopt", args=[kieu.pk]), {"library": network.home.pk})
    assert answer.status_code == 404 and not Draft.objects.exists()


def test_somebody_elses_record_becomes_ones_own_and_stands_with_it(network: Network, desk: Client) -> None:
    kieu = SourceRecord.objects.get(control_number="kieu")
    found = desk.get(reverse("cataloguing:desk"), {"q": "978-604-1-00000-1"}).content.decode()
    assert "Truyện Kiều" in found and "Thêm bản của thư viện tôi" in found
    answer = desk.post(reverse("cataloguing:adopt", args=[kieu.pk]), {"library": network.home.pk})
    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("cataloguing:draft_plain", args=[draft.pk])
    page = desk.get(answer.headers["Location"]).content.decode()
    form = {"draft": draft.pk, "library": network.home.pk, "origin": kieu.pk, **_plain_values(page), "what": "save"}
    assert desk.post(reverse("cataloguing:act_plain"), form).status_code == 302
    own = SourceRecord.objects.get(library=network.home)
    marc = content_of(own).marc
    assert own.cluster_id == kieu.cluster_id
    assert marc.subfields("035", "a") == ["(VN-T-TINH)kieu"]
    assert marc.subfields("040", "ad") == ["VN-T-TINH", "VN-T-XA"]
    assert Item.objects.get(record=own).accession_number == "VN-T-XA.000001"
    assert "Đứng chung với biểu ghi của" in desk.get(reverse("cataloguing:record", args=[own.pk])).content.decode()


def test_copies_are_changed_one_or_many_and_withdrawn_with_a_reason(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    add = {"count": "3", "first_number": "A-08", "shelf": "Kho mở", "status": "AVAILABLE"}
    assert desk.post(reverse("cataloguing:add_items", args=[record.pk]), add).status_code == 302
    one, two, three = Item.objects.order_by("pk")
    assert [i.accession_number for i in (one, two, three)] == ["A-08", "A-09", "A-10"]
    edit = {"accession_number": "A-80", "shelf": "Kho đọc", "status": "REFERENCE_ONLY", "visibility": "NETWORK"}
    assert desk.post(reverse("cataloguing:item", args=[record.pk, one.pk]), edit).status_code == 302
    taken = desk.post(reverse("cataloguing:item", args=[record.pk, one.pk]), edit | {"accession_number": "A-09"})
    assert taken.status_code == 422 and "đã thuộc về một bản khác" in taken.content.decode()
    many = {"item": [two.pk, three.pk], "shelf": "Kho lưu", "what": "change"}
    desk.post(reverse("cataloguing:many_items", args=[record.pk]), many)
    no_reason = _state()
    desk.post(reverse("cataloguing:many_items", args=[record.pk]), {"item": [two.pk], "what": "withdraw"})
    assert _state() == no_reason
    Item.objects.filter(pk=three.pk).update(status="ON_LOAN")
    desk.post(
        reverse("cataloguing:many_items", args=[record.pk]),
        {"item": [two.pk, three.pk], "what": "withdraw", "reason": "rách nát"},
    )
    assert list(Item.objects.order_by("pk").values_list("accession_number", "shelf", "status", "visibility")) == [
        ("A-80", "Kho đọc", "REFERENCE_ONLY", "NETWORK"),
        ("A-09", "Kho lưu", "AVAILABLE", "PUBLIC"),
        ("A-10", "Kho lưu", "ON_LOAN", "PUBLIC"),
    ]


def test_prices_of_copies_are_written_changed_and_taken_away(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    add = {"count": "2", "first_number": "A-08", "price": "45.000", "status": "AVAILABLE"}
    assert desk.post(reverse("cataloguing:add_items", args=[record.pk]), add).status_code == 302
    one, two = Item.objects.order_by("pk")
    assert (one.price, two.price) == (45_000, 45_000)
    assert "Giá tiền 45.000 đ" in desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()
    page = reverse("cataloguing:item", args=[record.pk, one.pk])
    assert 'value="45.000"' in desk.get(page).content.decode()
    said = {"accession_number": "A-08", "status": "AVAILABLE", "visibility": "PUBLIC"}
    refused = desk.post(page, said | {"price": "chín nghìn"})
    assert refused.status_code == 422 and "ví dụ 15.000" in refused.content.decode()
    assert Item.objects.get(pk=one.pk).price == 45_000
    assert desk.post(page, said).status_code == 302
    many = {"item": [one.pk, two.pk], "price": "52 000 đ", "what": "change"}
    assert Item.objects.get(pk=one.pk).price is None
    desk.post(reverse("cataloguing:many_items", args=[record.pk]), {"item": [two.pk], "shelf": "Kho", "what": "change"})
    assert Item.objects.get(pk=two.pk).price == 45_000
    desk.post(reverse("cataloguing:many_items", args=[record.pk]), many)
    assert set(Item.objects.values_list("price", flat=True)) == {52_000}


def test_readers_and_harvesters_do_not_see_prices(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    add = {"count": "1", "first_number": "A-08", "price": "98765", "status": "AVAILABLE"}
    desk.post(reverse("cataloguing:add_items", args=[record.pk]), add)
    shown = ids.encode(record.cluster_id)
    for address in (f"/bieu-ghi/{shown}", f"/bieu-ghi/{shown}.mrc", f"/api/v1/records/{shown}"):
        answer = Client().get(address)
        assert answer.status_code == 200 and b"98765" not in answer.content and b"98.765" not in answer.content


def test_records_and_copies_with_numbers_above_a_thousand_are_changed_by_their_pages(
    network: Network, desk: Client
) -> None:
    with connection.cursor() as cursor:
        for table in (SourceRecord, Item):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table._meta.db_table}', 'id'), 1234500)")
    record = _save(desk, network)
    page = desk.get(reverse("cataloguing:record_marc", args=[record.pk])).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(record|expected)" value="([^"]*)"', page))
    assert hidden == {"record": str(record.pk), "expected": "1"}
    changed = [(tag, ind, text.replace("Bến quê", "Bến quê xưa")) for tag, ind, text in ROWS]
    count = SourceRecord.objects.count()
    assert desk.post(reverse("cataloguing:act"), _form(network, changed, **hidden)).status_code == 302
    saved = SourceRecord.objects.select_related("cluster").get(pk=record.pk)
    assert (saved.revision, saved.cluster.title, SourceRecord.objects.count()) == (2, "Bến quê xưa", count)
    add = {"count": "1", "first_number": "A-08", "shelf": "Kho mở", "status": "AVAILABLE"}
    desk.post(reverse("cataloguing:add_items", args=[record.pk]), add)
    overview = desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()
    assert f'name="item" value="{Item.objects.get().pk}"' in overview


def test_a_withdrawn_record_says_so_and_a_duplicate_is_a_draft(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    desk.post(reverse("cataloguing:duplicate", args=[record.pk]))
    draft = Draft.objects.get()
    assert draft.record_id is None and draft.title == "Bến quê"
    url = reverse("cataloguing:withdraw", args=[record.pk])
    assert desk.post(url, {"expected": 1}).status_code == 422
    assert desk.post(url, {"expected": 1, "reason": "trùng"}).status_code == 302
    record.refresh_from_db()
    assert record.status == "DELETED" and not Cluster.objects.get(pk=record.cluster_id).is_active
    assert "Lịch sử và khôi phục" in desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()


def test_a_library_keeps_its_series_and_templates(network: Network, desk: Client) -> None:
    settings = reverse("cataloguing:settings", args=[network.home.pk])
    desk.post(settings, {"name": "Sách mượn", "prefix": "XA.", "digits": "4", "first": "17"})
    assert "XA.0017" in desk.get(settings).content.decode()
    desk.post(reverse("cataloguing:act"), _form(network, what="template", template_name="Truyện ngắn"))
    own = OwnTemplate.objects.get()
    page = desk.get(reverse("cataloguing:new", args=[own.code])).content.decode()
    assert "Tác phẩm mới" in page
    desk.post(reverse("cataloguing:remove", args=[network.home.pk]), {"series": NumberSeries.objects.get().pk})
    desk.post(reverse("cataloguing:remove", args=[network.home.pk]), {"template": own.pk})
    assert not NumberSeries.objects.exists() and not OwnTemplate.objects.exists()


def test_others_are_kept_out_and_change_nothing(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    desk.post(reverse("cataloguing:act"), _form(network, what="keep", record=record.pk, expected=1))
    draft = Draft.objects.get()
    before = _state()
    for person, codes in ((network.librarian, {403}), (network.other_cataloguer, {302, 403, 404})):
        client = Client()
        client.force_login(person.account)
        posts = {
            reverse("cataloguing:act"): _form(network, record=record.pk, expected=1),
            reverse("cataloguing:keep"): {"library": network.home.pk, "sheet": "{}"},
            reverse("cataloguing:withdraw", args=[record.pk]): {"expected": 1, "reason": "x"},
            reverse("cataloguing:add_items", args=[record.pk]): {"count": 1, "first_number": "X1"},
            reverse("cataloguing:settings", args=[network.home.pk]): {"name": "x", "digits": 4, "first": 1},
            reverse("cataloguing:drop", args=[draft.pk]): {},
            reverse("cataloguing:scan_add"): {
                "library": network.home.pk,
                "cluster": record.cluster_id,
                "key": "k" * 12,
            },
        }
        for url, data in posts.items():
            assert client.post(url, data).status_code in codes - {302}, url
        for url in (
            reverse("cataloguing:record_marc", args=[record.pk]),
            reverse("cataloguing:draft", args=[draft.pk]),
        ):
            assert client.get(url).status_code in {403, 404}, url
    assert _state() == before


@pytest.mark.parametrize(
    "body", ["", "null", "[]", '{"rows": 7}', '{"rows": [[1]]}', '{"rows": [["245", "10", "\\u0000"]]}']
)
def test_nonsense_from_a_browser_is_an_empty_sheet(network: Network, desk: Client, body: str) -> None:
    answer = desk.post(reverse("cataloguing:keep"), {"library": network.home.pk, "sheet": body})
    assert answer.status_code == 200


def test_a_record_of_very_many_fields_travels_as_one_text(network: Network, desk: Client) -> None:
    rows = [*map(list, ROWS), *(["653", "##", f"$a từ khóa {n}"] for n in range(1_500))]
    data = {"library": network.home.pk, "what": "save", "sheet": json.dumps({"leader": LEADER, "rows": rows})}
    assert desk.post(reverse("cataloguing:act"), data).status_code == 302
    assert len(content_of(SourceRecord.objects.get(library=network.home)).marc.all("653")) == 1_501


def test_a_record_is_found_by_its_words_and_by_every_number(network: Network, desk: Client) -> None:
    Item.objects.create(
        record=SourceRecord.objects.get(), library=network.other, accession_number="TQ.0017", source_key="1"
    )
    assert drain_if_alone()
    for question in ("truyen kieu", "9786041000001", "978-604-1-00000-1", "TQ.0017", "kieu"):
        page = desk.get(reverse("cataloguing:desk"), {"q": question}).content.decode()
        assert "1 tài liệu cho" in page and "Thêm bản của thư viện tôi" in page, question
    assert "Không tìm thấy biểu ghi nào" in desk.get(reverse("cataloguing:desk"), {"q": "TQ.99"}).content.decode()


def test_the_page_of_a_record_leads_to_its_labels_and_to_other_catalogues(network: Network, desk: Client) -> None:
    numbered = _save(desk, network, **_form(network, [*ROWS, ("020", "##", "$a 9786041000001")]))
    desk.post(reverse("cataloguing:add_items", args=[numbered.pk]), {"count": 1, "first_number": "XA.1"})
    page = desk.get(reverse("cataloguing:record", args=[numbered.pk])).content.decode()
    links = {label: html.unescape(url) for url, label in re.findall(r'<a href="([^"]+)">([^<]+)</a>', page)}
    labels = desk.get(links["In nhãn"]).content.decode()
    assert re.search(rf'name="record" value="{numbered.pk}"', labels)
    elsewhere = desk.get(links["Tìm ở nơi khác"]).content.decode()
    assert 'value="9786041000001"' in elsewhere and 'value="Bến quê"' not in elsewhere
    assert f'name="record" value="{numbered.pk}"' in elsewhere


def test_a_record_without_a_number_is_looked_for_elsewhere_by_title_and_author(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    page = desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()
    assert ">In nhãn<" not in page  # there is no copy to label
    found = re.search(r'href="([^"]+)">Tìm ở nơi khác', page)
    assert found
    elsewhere = desk.get(html.unescape(found[1])).content.decode()
    assert 'value="Bến quê"' in elsewhere and 'value="Nguyễn Minh Châu"' in elsewhere


def test_no_two_fields_of_the_page_of_a_record_answer_to_one_label(network: Network, desk: Client) -> None:
    record = _save(desk, network)
    desk.post(reverse("cataloguing:add_items", args=[record.pk]), {"count": "1", "first_number": "XA.0001"})
    assert Item.objects.filter(record=record).exists()
    page = desk.get(reverse("cataloguing:record", args=[record.pk])).content.decode()
    names = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page)
    assert {"id_call_number", "many_call_number"} <= set(names)
    assert len(names) == len(set(names))
