"""The import desk as a cataloguer uses it: upload, trial, commit, report, revert; and who is kept out."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.jobs import work_on_import
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Batch, Cluster, Revision, SourceRecord
from lienthu.catalogue.tests.conftest import Desk, Importer, marc

CSV = """Số kiểm soát,Nhan đề,Tác giả,Năm xuất bản,Cột lạ
K1,Số đỏ,Vũ Trọng Phụng,1938,=1+1
K2,Tắt đèn,Ngô Tất Tố,1939,x
"""


@pytest.fixture
def signed_in(desk: Desk, client: Client) -> Client:
    client.force_login(desk.account)
    return client


def _upload(client: Client, desk: Desk, data: bytes, name: str = "tep.mrc") -> Batch:
    response = client.post(
        reverse("catalogue:upload"),
        {"library": desk.main.pk, "file": SimpleUploadedFile(name, data), "item_profile": "auto"},
    )
    assert response.status_code == 302, response.content.decode()[:2000]
    batch = Batch.objects.latest("pk")
    assert response.headers["Location"] == reverse("catalogue:import", args=[batch.public_id])
    return batch


def _page(client: Client, batch: Batch) -> str:
    response = client.get(reverse("catalogue:import", args=[batch.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_file_goes_from_upload_over_trial_and_commit_to_revert(desk: Desk, signed_in: Client) -> None:
    data = marc("a1", "Bến quê") + b"00050nam  broken\x1e\x1d" + marc("a2", "Số đỏ")
    batch = _upload(signed_in, desk, data)
    assert "progress" in _page(signed_in, batch)
    work_on_import(batch.pk)
    page = _page(signed_in, batch)
    assert "Bến quê" in page and "Số đỏ" in page and "Biểu ghi sẽ bị từ chối" in page
    assert not SourceRecord.objects.exists()

    assert signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id])).status_code == 302
    work_on_import(batch.pk)
    assert SourceRecord.objects.count() == 2
    page = _page(signed_in, batch)
    assert "Đã nhập xong" in page and "Hoàn tác" in page
    report = signed_in.get(reverse("catalogue:import_rejections", args=[batch.public_id]))
    lines = b"".join(report.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].startswith(f"2,{len(marc('a1', 'Bến quê'))},")

    question = signed_in.get(reverse("catalogue:import_revert", args=[batch.public_id]))
    assert "Hoàn tác lần nhập này?" in question.content.decode()
    assert signed_in.post(reverse("catalogue:import_revert", args=[batch.public_id])).status_code == 302
    work_on_import(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "REVERTED" and not Cluster.objects.filter(is_active=True).exists()


def test_a_file_that_cannot_be_read_is_not_said_to_be_taken_whole(desk: Desk, signed_in: Client) -> None:
    batch = _upload(signed_in, desk, b"%PDF-1.7 khong phai bieu ghi", "sach.pdf")
    work_on_import(batch.pk)
    page = _page(signed_in, batch)
    assert "Không đọc được tệp này" in page and "Mọi biểu ghi trong tệp đều được nhận" not in page


def test_the_meaning_of_columns_can_be_changed_before_the_commit(desk: Desk, signed_in: Client) -> None:
    batch = _upload(signed_in, desk, CSV.encode(), "sach.csv")
    work_on_import(batch.pk)
    page = _page(signed_in, batch)
    assert "Ý nghĩa của các cột" in page and "Cột lạ" in page
    mapping = {"column_0": "001", "column_1": "245$a", "column_2": "100$a", "column_3": "260$c", "column_4": "500$a"}
    signed_in.post(reverse("catalogue:import_check", args=[batch.public_id]), mapping)
    work_on_import(batch.pk)
    signed_in.post(reverse("catalogue:import_commit", args=[batch.public_id]))
    work_on_import(batch.pk)
    record = SourceRecord.objects.get(control_number="K1")
    assert record.cluster.summary["notes"] == ["=1+1"] and record.cluster.summary["year"] == 1938


def test_committing_twice_writes_once(desk: Desk, signed_in: Client) -> None:
    batch = _upload(signed_in, desk, marc("a1", "Bến quê"))
    work_on_import(batch.pk)
    url = reverse("catalogue:import_commit", args=[batch.public_id])
    signed_in.post(url)
    signed_in.post(url)
    work_on_import(batch.pk)
    work_on_import(batch.pk)
    assert Revision.objects.count() == 1


def test_a_file_that_cannot_be_read_says_what_to_do(desk: Desk, signed_in: Client) -> None:
    batch = _upload(signed_in, desk, b"%PDF-1.7 khong phai bieu ghi", "sach.pdf")
    work_on_import(batch.pk)
    assert "Không đọc được tệp này" in _page(signed_in, batch)


def test_who_imports_for_one_library_alone_need_not_choose_it(desk: Desk, signed_in: Client) -> None:
    page = signed_in.get(reverse("catalogue:upload")).content.decode()
    assert re.search(rf'<option value="{desk.main.pk}" selected>', page)


def test_an_empty_upload_is_explained_beside_the_field(desk: Desk, signed_in: Client) -> None:
    response = signed_in.post(
        reverse("catalogue:upload"), {"library": desk.main.pk, "file": SimpleUploadedFile("x.mrc", b"")}
    )
    assert response.status_code == 400 and not Batch.objects.exists()


def test_the_list_has_sort_filter_paging_and_export(desk: Desk, signed_in: Client) -> None:
    assert "Chưa có lần nhập nào" in signed_in.get(reverse("catalogue:imports")).content.decode()
    for number in range(30):
        _upload(signed_in, desk, marc(f"a{number}", "Bến quê"), f"tep-{number:02d}.mrc")
    first = signed_in.get(reverse("catalogue:imports"), {"sort": "file_name"}).content.decode()
    assert "tep-00.mrc" in first and "tep-29.mrc" not in first
    assert (
        "tep-29.mrc" in signed_in.get(reverse("catalogue:imports"), {"sort": "file_name", "page": 99}).content.decode()
    )
    for page in ("-1", "abc", "0", "9" * 30):
        assert signed_in.get(reverse("catalogue:imports"), {"page": page}).status_code == 200
    found = signed_in.get(reverse("catalogue:imports"), {"q": "tep-07"}).content.decode()
    assert "tep-07.mrc" in found and "tep-08.mrc" not in found
    export = signed_in.get(reverse("catalogue:imports"), {"format": "csv"})
    assert len(b"".join(export.streaming_content).splitlines()) == 31


def test_imports_of_another_library_are_not_seen(desk: Desk, take: Importer, client: Client, signed_in: Client) -> None:
    batch = take(marc("a1", "Bến quê"), actor=desk.other_cataloguer, at=desk.other)
    assert signed_in.get(reverse("catalogue:import", args=[batch.public_id])).status_code in {403, 404}
    assert signed_in.post(reverse("catalogue:import_revert", args=[batch.public_id])).status_code in {403, 404}
    batch.refresh_from_db()
    assert batch.status == "DONE"
    assert "tep.mrc" not in signed_in.get(reverse("catalogue:imports")).content.decode()


@pytest.mark.parametrize("public_id", ["zzzzz", "0", "khong-co", "%00", "9" * 40])
def test_a_wrong_number_of_an_import_is_not_found(signed_in: Client, public_id: str) -> None:
    assert signed_in.get(f"/ban-lam-viec/nhap-bieu-ghi/{public_id}/").status_code in {400, 404}


class TestHistory:
    def _record(self, take: Importer) -> SourceRecord:
        take(marc("a1", "Bến quê", Field("500", "", "  ", [("a", "Cũ")])))
        take(marc("a1", "Bến quê", Field("500", "", "  ", [("a", "Mới")])))
        return SourceRecord.objects.get(control_number="a1")

    def test_revisions_are_listed_compared_and_restored(self, desk: Desk, take: Importer, signed_in: Client) -> None:
        record = self._record(take)
        page = signed_in.get(reverse("catalogue:history", args=[record.pk]), {"cu": 1, "moi": 2}).content.decode()
        assert "<del>=500    $aCũ</del>" in page and "<ins>=500    $aMới</ins>" in page
        answer = signed_in.post(reverse("catalogue:restore", args=[record.pk]), {"number": 1, "expected": 2})
        assert answer.status_code == 302
        record.refresh_from_db()
        assert record.revision == 3 and record.cluster.summary["notes"] == ["Cũ"]

    def test_a_restore_over_somebody_elses_change_is_refused(
        self, desk: Desk, take: Importer, signed_in: Client
    ) -> None:
        record = self._record(take)
        signed_in.post(reverse("catalogue:restore", args=[record.pk]), {"number": 1, "expected": 1})
        record.refresh_from_db()
        assert record.revision == 2 and record.cluster.summary["notes"] == ["Mới"]


def test_the_end_of_a_trial_says_what_was_read_and_years_are_no_quantities(desk: Desk, signed_in: Client) -> None:
    batch = _upload(signed_in, desk, CSV.encode(), "sach.csv")
    work_on_import(batch.pk)
    address = reverse("catalogue:import_progress", args=[batch.public_id])
    assert "Đã đọc 2 biểu ghi, từ chối 0." in signed_in.get(address).content.decode()
    page = _page(signed_in, batch)
    assert "Vũ Trọng Phụng, 1938" in page
    assert "1.938" not in page
