"""Files of authority records brought to the desk: tried, taken in, what was refused; a killed import goes on."""

import gzip
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.authorities.actions import AuthorityData, edit_authority, importing, taking_back
from lienthu.authorities.actions.state import form_of, preferred_of
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


def taken_in(desk: Client, content: bytes) -> Upload:
    upload = bring(desk, content)
    work_on_upload_of(upload.pk)
    desk.post(reverse("authorities:upload_commit", args=[upload.public_id]))
    work_on_upload_of(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "DONE"
    return upload


def taken_back(desk: Client, upload: Upload) -> Upload:
    address = reverse("authorities:upload_return", args=[upload.public_id])
    assert address in page_of(desk, upload) and "Hoàn tác lần nhập này?" in desk.get(address).content.decode()
    assert desk.post(address).status_code == 302
    assert "Đang hoàn tác" in page_of(desk, upload)
    work_on_upload_of(upload.pk)
    upload.refresh_from_db()
    return upload


MORE_SONGS = authority(
    "sh 1",
    data("150", ("a", "Folk songs"), indicators="  "),
    data("450", ("a", "Songs of the people"), indicators="  "),
)


def test_a_file_taken_in_is_taken_back_to_what_was_there_before_it(desk: Client) -> None:
    taken_in(desk, SONGS)
    songs = Authority.objects.get(number="sh 1")
    before = (songs.marc, bytes(songs.digest), songs.folded)
    upload = taken_back(desk, taken_in(desk, MORE_SONGS + THEN + DU))
    assert (upload.state, upload.counts["removed"], upload.counts["restored"]) == ("RETURNED", 2, 1)
    songs.refresh_from_db()
    assert (songs.marc, bytes(songs.digest), songs.folded) == before and songs.version == 3
    assert [form.heading.text for form in songs.forms.all()] == ["Folk songs"]
    assert not Relation.objects.exists()
    assert Authority.objects.filter(status="ACTIVE").count() == 1
    page = page_of(desk, upload)
    assert "Đã bỏ khi hoàn tác" in page and "Hoàn tác lần nhập" not in page
    # The same file comes in again as if it had never been there.
    again = taken_in(desk, MORE_SONGS + THEN + DU)
    assert (again.counts["created"], again.counts["updated"]) == (2, 1) and Relation.objects.count() == 1


def test_what_somebody_changed_after_the_file_is_left_and_listed(desk: Client, file: File) -> None:
    upload = taken_in(desk, SONGS + THEN)
    songs = Authority.objects.get(number="sh 1")
    form = form_of(preferred_of(songs), songs.kind)
    edit_authority(
        actor=file.actor, authority_id=songs.pk, expected=songs.version, form=form, data=AuthorityData(note="Dân ca")
    )
    upload = taken_back(desk, upload)
    assert (upload.counts["removed"], upload.counts["left"]) == (1, 1)
    assert [(one.code, one.text) for one in upload.left.all()] == [("edited_since", "Folk songs")]
    assert "vì đã có người sửa sau lần nhập: Folk songs" in page_of(desk, upload)
    songs.refresh_from_db()
    assert (songs.status, songs.note) == ("ACTIVE", "Dân ca")
    again = desk.post(reverse("authorities:upload_return", args=[upload.public_id]), follow=True)
    assert "Chỉ hoàn tác được một tệp đã nhập xong" in again.content.decode()


def test_taking_a_file_back_goes_on_where_it_was_killed(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = taken_in(desk, SONGS + THEN + DU)
    monkeypatch.setattr(taking_back, "CHUNK", 1)
    whole = taking_back._take_back_one
    done: list[int] = []

    def killed(w, upload, pk, **given):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(pk)
        return whole(w, upload, pk, **given)

    monkeypatch.setattr(taking_back, "_take_back_one", killed)
    desk.post(reverse("authorities:upload_return", args=[upload.public_id]))
    with pytest.raises(KeyboardInterrupt):
        work_on_upload_of(upload.pk)
    monkeypatch.setattr(taking_back, "_take_back_one", whole)
    assert Authority.objects.filter(status="ACTIVE").count() == 2
    work_on_upload_of(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.counts["removed"]) == ("RETURNED", 3)
    assert not Authority.objects.filter(status="ACTIVE").exists()
