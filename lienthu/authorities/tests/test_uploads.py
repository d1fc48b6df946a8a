"""Files of authority records brought to the desk: tried, taken in, what was refused; a killed import goes on."""

import gzip
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.authorities.actions import importing
from lienthu.authorities.jobs import resume_changes, work_on_upload_of
from lienthu.authorities.models import Authority, Relation, Upload
from lienthu.authorities.tests.conftest import File
from lienthu.authorities.tests.test_desk import client_of
from lienthu.authorities.tests.test_exchange import DU, SONGS, THEN, authority, data

NOT_ONE = authority("x 1", data("245", ("a", "Nhan đề")), leader="00000nam a2200000   4500")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path):
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents"):
        yield


@pytest.fixture
def desk(file: File) -> Client:
    return client_of(file.keeper)


def bring(desk: Client, content: bytes, name: str = "de-muc.mrc") -> Upload:
    answer = desk.post(reverse("authorities:uploads"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    upload = Upload.objects.latest("pk")
    assert answer.headers["Location"] == reverse("authorities:upload", args=[upload.public_id])
    return upload


def page_of(desk: Client, upload: Upload) -> str:
    return desk.get(reverse("authorities:upload", args=[upload.public_id])).content.decode()


def test_a_file_is_tried_first_and_taken_in_when_a_person_says_so(desk: Client) -> None:
    upload = bring(desk, gzip.compress(DU + NOT_ONE + THEN + SONGS), "de-muc.mrc.gz")
    assert "Đang kiểm tra thử" in page_of(desk, upload)
    work_on_upload_of(upload.pk)
    assert not Authority.objects.exists()
    tried = page_of(desk, upload)
    assert "Sẽ tạo mới" in tried and "Nguyễn, Du, 1765-1820" in tried and "Tố Như, 1765-1820" in tried
    assert "không phải biểu ghi đề mục" in tried
    upload.refresh_from_db()
    expected = {"read": 4, "created": 3, "updated": 0, "unchanged": 0, "kept": 0, "rejected": 1}
    assert (upload.state, upload.counts) == ("CHECKED", expected)
    desk.post(reverse("authorities:upload_commit", args=[upload.public_id]))
    work_on_upload_of(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.counts) == ("DONE", expected)
    assert Authority.objects.count() == 3 and Relation.objects.count() == 1
    assert [(one.number, one.code) for one in upload.left.all()] == [(2, "not_authority")]
    lines = b"".join(desk.get(reverse("authorities:upload", args=[upload.public_id]) + "?format=csv").streaming_content)
    assert "không phải biểu ghi đề mục" in lines.decode()
    again = bring(desk, DU + SONGS)
    work_on_upload_of(again.pk)
    nothing = page_of(desk, again)
    assert "nhập tệp này sẽ không thêm gì" in nothing and "Nhập các đề mục này" not in nothing


def test_an_import_that_is_killed_goes_on_with_its_counts(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    upload = bring(desk, THEN + NOT_ONE + SONGS)
    work_on_upload_of(upload.pk)
    desk.post(reverse("authorities:upload_commit", args=[upload.public_id]))
    whole = importing._import_chunk

    def killed(w, chunk, report, keep):
        if report.counts["read"] == 2:
            raise KeyboardInterrupt
        return whole(w, chunk, report, keep)

    monkeypatch.setattr(importing, "_import_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        work_on_upload_of(upload.pk)
    monkeypatch.setattr(importing, "_import_chunk", whole)
    upload.refresh_from_db()
    assert (upload.state, upload.counts["read"], Authority.objects.count()) == ("RUNNING", 2, 1)
    resume_changes()
    resume_changes()
    queued = ProcrastinateJob.objects.filter(task_name="authorities.work_on_upload", queueing_lock__isnull=False)
    assert [job.args for job in queued] == [{"upload_id": upload.pk}]
    work_on_upload_of(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.counts["read"], upload.counts["created"]) == ("DONE", 3, 2)
    # The reference of a record taken in before the kill to one taken in after it.
    assert Relation.objects.count() == 1 and upload.left.count() == 1


def test_a_file_that_is_none_is_refused_in_words(desk: Client) -> None:
    upload = bring(desk, b"\x7fELF" + bytes(400), "a.out")
    work_on_upload_of(upload.pk)
    page = page_of(desk, upload)
    assert "Không đọc được tệp đến hết" in page and "Nhập các đề mục này" not in page
    desk.post(reverse("authorities:upload_commit", args=[upload.public_id]))
    upload.refresh_from_db()
    assert upload.state == "UNREADABLE" and not Authority.objects.exists()


def test_whoever_may_only_propose_sees_the_files_and_brings_none(file: File) -> None:
    client = client_of(file.cataloguer)
    page = client.get(reverse("authorities:uploads"))
    assert page.status_code == 200 and b'type="file"' not in page.content
    answer = client.post(reverse("authorities:uploads"), {"file": SimpleUploadedFile("a.mrc", DU)})
    assert answer.status_code == 403 and not Upload.objects.exists()
