"""The pages of batch editing, walked by a client without scripts; bad input gets a clear answer and writes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.batchedit.jobs import work_on_edit
from lienthu.batchedit.models import BatchEdit, StepTemplate
from lienthu.batchedit.tests.conftest import PAGES, Network, book, books, fresh, lines, revision_of
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.tests.factories import copies

NEW = "/ban-lam-viec/sua-hang-loat/moi/"


def _page(edit: BatchEdit, name: str = "edit", *more: object) -> str:
    return reverse(f"batchedit:{name}", args=[edit.public_id, *more])


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_edit_is_made_previewed_run_and_taken_back_on_its_pages(network: Network, desk: Client) -> None:
    books(network.home, book("b1"), book("b2", pages="10 trang"))
    answer = desk.post(
        f"{NEW}?cach=list",
        {"library": network.home.pk, "title": "Đổi tr.", "numbers": "any", "text": "b1\nb2\nla"},
    )
    edit = BatchEdit.objects.get()
    assert answer["Location"] == _page(edit)
    add = f"{_page(edit, 'step_add')}?loai=replace"
    assert desk.get(add).status_code == 200
    step = {
        "tag": "300", "code": "a", "which": "all", "find": "# tr.", "mode": "exact", "part": "any", "wild": "on",
        "value": "{1} trang", "version": "1",
    }  # fmt: skip
    assert desk.post(add, step).status_code == 302
    assert "Thay “# tr.” bằng “{1} trang” trong 300 $a (mọi trường); mẫu có ký tự đại diện" in _text(
        desk.get(_page(edit))
    )
    assert desk.post(_page(edit, "preview"), {"version": "2"}).status_code == 302
    assert "Đang xem trước" in _text(desk.get(_page(edit)))
    assert desk.get(_page(edit, "progress")).status_code == 200
    work_on_edit(edit.pk)
    page = _text(desk.get(_page(edit)))
    assert "<del>300 ## $a 226 <mark>tr.</mark></del>" in page
    assert "1 dòng không thành biểu ghi nào" in page
    assert revision_of("b1") == 1
    only = _text(desk.get(f"{_page(edit)}?outcome=UNCHANGED"))
    assert "Không có gì phải sửa theo các bước." in only and "Nhan đề b1" not in only
    assert desk.get(_page(edit, "run")).status_code == 200
    assert desk.post(_page(edit, "run"), {"version": "1"}).status_code == 302
    assert fresh(edit).state == "PREVIEWED"
    desk.post(_page(edit, "run"), {"version": "2"})
    work_on_edit(edit.pk)
    assert lines("b1", "300") == ["=300    $a226 trang"]
    sheet = b"".join(desk.get(_page(edit, "export")).streaming_content).decode()
    assert "b1,Nhan đề b1,Đã sửa" in sheet and "- 300 ## $a 226 tr." in sheet and "la,,không thấy" in sheet
    history = SourceRecord.objects.get(control_number="b1").pk
    assert "Sửa hàng loạt: Đổi tr." in _text(desk.get(reverse("catalogue:history", args=[history])))
    desk.post(_page(edit, "return"))
    work_on_edit(edit.pk)
    assert lines("b1", "300") == ["=300    $a226 tr."]
    assert "Đã hoàn tác" in _text(desk.get(_page(edit)))


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("replace", {"tag": "3000", "find": "a"}, "tối đa 3"),
        ("replace", {"tag": "abc", "find": "a"}, "Nhãn trường phải là ba chữ số"),
        ("replace", {"tag": "001", "find": "a"}, "do hệ thống ghi"),
        ("replace", {"tag": "300", "find": "*" * 5, "wild": "on"}, "khớp với mọi thứ"),
        ("replace", {"tag": "300", "find": "*a" * 60, "wild": "on"}, "nhiều hơn 9"),
        ("replace", {"tag": "300", "find": "a" * 201}, "200"),
        ("add_field", {"tag": "952", "value": "$p TQ.1"}, "không thêm hàng loạt"),
        ("add_field", {"tag": "650", "value": "$A Thơ"}, "Mã trường con phải là"),
        ("set_indicator", {"tag": "245", "number": "1", "value": "ĐĐ"}, "Chỉ thị phải là"),
        ("set_fixed", {"place": "LDR@17", "value": "xx"}, "dài đúng bằng"),
        ("set_fixed", {"place": "LDR@0", "value": "9"}, "hợp lệ"),
        ("set_copies:branch", {"value": "999999"}, "hợp lệ"),
        ("move_field", {"tag": "500", "to_tag": "500"}, "trùng với nơi đi"),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_words_and_not_kept(
    network: Network, desk: Client, kind: str, values: dict[str, str], said: str
) -> None:
    edit = network.begin()
    given = {"which": "all", "mode": "exact", "part": "any", "there": "skip", "version": "1", **values}
    answer = desk.post(f"{_page(edit, 'step_add')}?loai={kind}", given)
    assert answer.status_code == 422
    assert said in _text(answer)
    assert fresh(edit).steps == []


def test_a_hundred_thousand_lines_and_a_query_of_ten_thousand_letters_are_answered(
    network: Network, desk: Client
) -> None:
    text = "\n".join(f"TQ.{n:06d}" for n in range(100_000))
    answer = desk.post(f"{NEW}?cach=list", {"library": network.home.pk, "title": "x", "numbers": "any", "text": text})
    assert answer.status_code == 422
    assert "hơn 50000 dòng" in _text(answer)
    answer = desk.post(f"{NEW}?cach=query", {"library": network.home.pk, "title": "x", "text": "a" * 10_000})
    assert answer.status_code == 422
    answer = desk.post(f"{NEW}?cach=query", {"library": network.home.pk, "title": "x", "text": "(" * 1_000 + "thơ"})
    assert (answer.status_code, "chỉ hiểu được một phần" in _text(answer)) == (422, True)
    assert not BatchEdit.objects.exists()


def test_edits_of_another_library_are_neither_shown_nor_reached(network: Network, client: Client) -> None:
    books(network.home, book("b1"))
    edit = network.preview(network.begin(PAGES))
    client.force_login(network.other_cataloguer.account)
    assert "Thử" not in _text(client.get(reverse("batchedit:list")))
    for name in ("edit", "progress", "export", "choose", "run", "return", "drop"):
        assert client.get(_page(edit, name)).status_code == 403, name
    for name in ("preview", "run", "stop", "return", "drop", "use_template", "keep_template"):
        assert client.post(_page(edit, name)).status_code == 403, name
    assert (fresh(edit).state, revision_of("b1")) == ("PREVIEWED", 1)
    answer = client.post(f"{NEW}?cach=all", {"library": network.home.pk, "title": "x"})
    assert answer.status_code == 422


def test_steps_are_put_in_order_taken_out_and_kept_as_a_template(network: Network, desk: Client) -> None:
    edit = network.begin(PAGES)
    add = f"{_page(edit, 'step_add')}?loai=delete_field"
    desk.post(add, {"tag": "653", "which": "all", "version": "1"})
    desk.post(_page(edit, "step_arrange", 2), {"viec": "len", "version": "2"})
    assert [step["kind"] for step in fresh(edit).steps] == ["delete_field", "replace"]
    desk.post(_page(edit, "step_arrange", 1), {"viec": "bo", "version": "2"})
    assert len(fresh(edit).steps) == 2, "an old page changes nothing"
    desk.post(_page(edit, "keep_template"), {"name": "Dọn 300"})
    template = StepTemplate.objects.get()
    assert "Dọn 300" in _text(desk.get(reverse("batchedit:templates")))
    desk.post(f"{NEW}?cach=all&mau={template.pk}", {"library": network.home.pk, "title": "Từ mẫu"})
    assert len(BatchEdit.objects.get(title="Từ mẫu").steps) == 2
    desk.post(_page(edit, "step", 1), {"tag": "650", "which": "first", "version": "3"})
    assert fresh(edit).steps[0] == {"kind": "delete_field", "tag": "650", "which": "first"}
    desk.post(reverse("batchedit:template_remove", args=[template.pk]))
    assert not StepTemplate.objects.exists()
    desk.post(_page(edit, "drop"))
    assert not BatchEdit.objects.filter(pk=edit.pk).exists()


def test_copies_are_edited_by_a_list_of_their_numbers(network: Network, desk: Client) -> None:
    books(network.home, book("b1"))
    one, two = copies("b1", network.home, ["AVAILABLE", "AVAILABLE"])
    edit = network.begin(lines=[one.accession_number])
    answer = desk.post(
        f"{_page(edit, 'step_add')}?loai=set_copies:shelf",
        {"value": "Kho đọc", "only": "status=AVAILABLE", "version": "1"},
    )
    assert answer.status_code == 302
    assert "chỉ những bản có tình trạng là “Có sẵn”" in _text(desk.get(_page(edit)))
    network.preview(edit)
    page = _text(desk.get(_page(edit)))
    assert "Kho: <del>Kho mở</del> → <ins>Kho đọc</ins>" in page and two.accession_number not in page
    network.run(edit)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.shelf, two.shelf) == ("Kho đọc", "Kho mở")


def test_the_list_sorts_filters_and_exports(network: Network, desk: Client) -> None:
    network.begin(PAGES)
    for query in ("?sort=-title", "?state=DRAFT&q=Th", "?page=99", "?sort=vo-nghia", f"?library={network.home.pk}"):
        assert "Thử" in _text(desk.get(reverse("batchedit:list") + query)), query
    sheet = b"".join(desk.get(reverse("batchedit:list") + "?format=csv").streaming_content).decode()
    assert "Thử,Thư viện xã,Đang soạn" in sheet
    assert "Không có dòng nào khớp bộ lọc" in _text(desk.get(reverse("batchedit:list") + "?q=khong-co"))
