"""Weedings through the pages, of the desk and of everybody."""

from io import BytesIO

from django.test import Client
from docx import Document

from lienthu.catalogue.models import Item
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import person
from lienthu.weeding.jobs import work_on
from lienthu.weeding.models import Objection, Weeding
from lienthu.weeding.tests.conftest import LATER, browser

DESK = "/ban-lam-viec/thanh-loc/"
LONG = "x" * 10_000


def text_of(answer) -> str:
    return answer.content.decode()


def lines_of(answer) -> list[str]:
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_a_weeding_from_its_list_to_its_minutes_and_back(network, weedings):
    desk, everybody = browser(network.manager_a), Client()
    given = {
        "name": "Đợt 2026",
        "library": network.a.pk,
        "chair": "Phụ trách A, Giám đốc",
        "members": "Thủ thư A, Thủ thư",
    }
    assert f'<option value="{network.a.pk}">Thư viện A</option>' in text_of(desk.get(DESK + "moi"))
    made = desk.post(DESK + "moi", given)
    one = Weeding.objects.get()
    page, public = f"{DESK}{one.public_id}/", f"/thanh-loc/{one.public_id}/"
    assert (made.status_code, made["Location"]) == (302, page)
    assert everybody.get(public).status_code == 404
    Item.objects.filter(pk=weedings.stock[0].pk).update(status="DAMAGED")
    assert desk.post(page + "tim", {"reason": "STATUS", "status": "DAMAGED"}).status_code == 302
    numbers = "\n".join(item.accession_number for item in weedings.stock[1:3])
    assert desk.post(page + "them", {"numbers": numbers, "why": "Bản rời gáy"}).status_code == 302
    gone = one.pieces.get(item=weedings.stock[2])
    assert desk.get(f"{page}bot/{gone.pk}").status_code == 200
    assert desk.post(f"{page}bot/{gone.pk}").status_code == 302
    assert desk.post(page + "chuyen-buoc", {"tu": "DRAFT"}).status_code == 302
    shown = text_of(everybody.get(public))
    assert "Truyện Kiều" in shown and "Bản rời gáy" in shown and "08/12/2026" in shown
    number = weedings.stock[1].accession_number
    said = {"who": "Bạn đọc", "what": "Xin giữ lại", "number": number}
    assert desk.post(page + "y-kien", said).status_code == 302
    assert Objection.objects.get().piece.item == weedings.stock[1]
    early = desk.post(page + "quyet-dinh", {"decision": "12/QĐ-TV", "decided_on": "2026-11-23"})
    assert early.status_code == 422 and "Thông tư 02/2020/TT-BVHTTDL" in text_of(early)
    with clock.frozen(LATER):
        assert desk.get(page + "bien-ban?giay=bien-ban").status_code == 404
        assert desk.post(page + "quyet-dinh", {"decision": "12/QĐ-TV", "decided_on": "2026-12-08"}).status_code == 302
        assert desk.post(page + "chuyen-buoc", {"tu": "DECIDED"}).status_code == 302
        assert 'value="0"' in text_of(desk.get(page + "tien-do"))
        work_on(one.pk)
        assert "2 trên 2 bản" in text_of(desk.get(page + "tien-do"))
        assert desk.get(page + "bien-ban?giay=bien-ban&dang=pdf").content[:5] == b"%PDF-"
        assert desk.get(page + "bien-ban?giay=danh-muc&dang=pdf").content[:5] == b"%PDF-"
        paper = Document(BytesIO(desk.get(page + "bien-ban?giay=bien-ban&dang=docx").content))
        words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
        for part in ("BIÊN BẢN THANH LỌC TÀI LIỆU", "Phụ trách A, Giám đốc, Chủ tịch;", "12/QĐ-TV", "THÀNH VIÊN"):
            assert part in words
        assert "Số bản đã đưa ra khỏi kho: 2" in words
        assert [cell.text for cell in paper.tables[0].rows[1].cells][3] == "Hư hỏng"
        whole = text_of(desk.get(page))
        assert "08/12/2031" in whole and "không bao giờ bị xóa" in whole
        assert "12/QĐ-TV" in text_of(everybody.get(public))
        assert desk.post(page + "chuyen-buoc", {"tu": "DONE"}).status_code == 302
        work_on(one.pk)
    assert sorted(Item.objects.filter(library=network.a).values_list("status", flat=True).distinct()) == [
        "AVAILABLE",
        "DAMAGED",
    ]
    assert everybody.get(public).status_code == 404


def test_a_step_sent_twice_is_done_once(network, weedings):
    one = weedings.published(weedings.stock[0])
    answer = browser(network.manager_a).post(f"{DESK}{one.public_id}/chuyen-buoc", {"tu": "DRAFT"}, follow=True)
    assert "đã ở bước khác" in text_of(answer)
    assert Weeding.objects.get().state == "PUBLISHED"


def test_the_public_list_hides_what_the_catalogue_hides_and_speaks_english(network, weedings):
    Item.objects.filter(pk=weedings.stock[0].pk).update(visibility="HIDDEN")
    one = weedings.published(*weedings.stock[:2])
    address = f"/thanh-loc/{one.public_id}/"
    everybody = Client()
    rows = lines_of(everybody.get(address + "?dang=csv"))
    assert [row.split(",")[1] for row in rows[1:]] == ["Tài liệu không có trong mục lục công khai", "Truyện Kiều"]
    assert "Đợt một" in text_of(everybody.get("/thanh-loc/"))
    everybody.cookies["lienthu_lang"] = "en"
    english = text_of(everybody.get("/thanh-loc/", headers={"accept-language": "en"}))
    assert "Weeding lists" in english


def test_a_kept_copy_leaves_the_public_list_and_comes_back(network, weedings):
    one = weedings.published(*weedings.stock[:2])
    desk, piece = browser(network.manager_a), one.pieces.get(item=weedings.stock[0])
    keep = f"{DESK}{one.public_id}/giu/{piece.pk}"
    assert desk.post(keep, {"why": ""}).status_code == 422
    assert desk.post(keep, {"why": "Theo góp ý"}).status_code == 302
    assert len(lines_of(Client().get(f"/thanh-loc/{one.public_id}/?dang=csv"))) == 2
    assert "Theo góp ý" in text_of(desk.get(keep))
    assert desk.post(keep, {"lai": "1"}).status_code == 302
    assert len(lines_of(Client().get(f"/thanh-loc/{one.public_id}/?dang=csv"))) == 3


def test_others_find_no_weeding_and_every_step_is_closed_to_them(network, weedings):
    one = weedings.published(weedings.stock[0])
    piece, page = one.pieces.get().pk, f"{DESK}{one.public_id}/"
    from_b = browser(_manager_of_b(network))
    assert [from_b.get(page).status_code, from_b.get(page + "bien-ban").status_code] == [404, 404]
    steps = ("sua", "tim", "them", f"giu/{piece}", f"bot/{piece}", "y-kien", "quyet-dinh", "chuyen-buoc", "bo-dot")
    assert {from_b.post(page + step, {"tu": "PUBLISHED"}).status_code for step in steps} == {404}
    assert {browser(network.desk_a).post(page + step, {}).status_code for step in steps} == {403}
    assert "Đợt một" not in text_of(from_b.get(DESK))
    refused = from_b.post(DESK + "moi", {"name": "x", "library": network.a.pk})
    assert (refused.status_code, Weeding.objects.count()) == (422, 1)
    other = weedings.draft(name="Đợt hai")
    assert browser(network.manager_a).get(f"{DESK}{other.public_id}/bot/{piece}").status_code == 404


def test_bad_input_is_refused_and_changes_nothing(network, weedings):
    desk, one = browser(network.manager_a), weedings.draft()
    page = f"{DESK}{one.public_id}/"
    made = {"name": LONG, "library": network.a.pk, "chair": "", "members": ""}
    assert desk.post(DESK + "moi", made).status_code == 422
    assert desk.post(page + "sua", {"name": LONG}).status_code == 422
    assert desk.post(page + "them", {"numbers": LONG, "why": "x"}).status_code == 422
    assert desk.post(page + "tim", {"reason": LONG}).status_code == 422
    assert desk.post(page + "y-kien", {"who": LONG, "what": LONG, "number": LONG}).status_code == 422
    assert desk.post(page + "quyet-dinh", {"decision": LONG, "decided_on": LONG}).status_code == 422
    assert desk.get(DESK, {"q": LONG, "state": LONG, "sort": LONG, "page": "-1"}).status_code == 200
    assert desk.get(page, {"sort": LONG, "page": LONG}).status_code == 200
    assert Client().get("/thanh-loc/", {"page": LONG}).status_code == 200
    assert desk.post(DESK + "moi", {"name": "a\x00b", "library": network.a.pk}).status_code == 302
    assert desk.post(page + "tim", {"reason": "YEAR", "number": "-1"}).status_code == 422
    assert desk.post(page + "chuyen-buoc", {"tu": "DONE"}).status_code == 302
    assert desk.get(f"{page}bot/99999999999999999999").status_code == 404
    assert [Client().get(path).status_code for path in ("/thanh-loc/zzzzz/", "/thanh-loc/?page=-1")] == [404, 200]
    assert list(Weeding.objects.order_by("pk").values_list("name", flat=True)) == ["Đợt một", "ab"]
    assert one.pieces.count() == 0


def test_lists_filter_sort_and_export(network, weedings):
    weedings.published(weedings.stock[0])
    desk = browser(network.manager_a)
    assert "Đợt một" in text_of(desk.get(DESK + "?sort=-listed&q=đợt&state=PUBLISHED"))
    assert "Đợt một" not in text_of(desk.get(DESK + "?state=DONE"))
    assert lines_of(desk.get(DESK + "?dang=csv"))[1].startswith("Đợt một,Đang công khai danh mục")
    one = Weeding.objects.get()
    assert len(lines_of(desk.get(f"{DESK}{one.public_id}/?dang=csv"))) == 2


def _manager_of_b(network):
    return person("phutrachb", "LIBRARY_MANAGER", network.b.scope)
