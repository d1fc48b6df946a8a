"""Pages about devices and what they sent; who sees them; a log as a file; forgetting."""

import hmac
import json
import os
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthu.circulation.models import Loan
from lienthu.kernel import clock
from lienthu.offlinedesk.actions import forget_old
from lienthu.offlinedesk.models import Device, Event, Received

DESK = "/ban-lam-viec/quay-ngoai-tuyen/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


@pytest.fixture
def desk(network) -> Client:
    return signed_in(network.desk_a)


def test_a_librarian_enrols_a_device_of_the_own_library_only(network, desk):
    form = {"name": "Máy quầy", "library": network.a.pk, "days": 180, "copy_days": 7}
    found = desk.post(DESK + "ghi-danh", form).json()
    device = Device.objects.get()
    assert (found["id"], found["library"], len(found["key"])) == (device.public_id, "Thư viện A", 44)
    refused = desk.post(DESK + "ghi-danh", form | {"library": network.b.pk})
    assert refused.status_code == 422
    assert Device.objects.count() == 1
    assert found["key"].encode() not in bytes(device.key_sealed)


def test_another_library_sees_neither_device_nor_events_nor_raw_log(network, device, desk):
    device.lend("KHONG-CO", "T-0001")
    device.send()
    other, received, event = signed_in(network.desk_b), Received.objects.get(), Event.objects.get()
    pages = [f"may/{device.id}/", f"nhan/{received.pk}/nguyen-van", f"viec/{event.pk}/xong"]
    assert [other.get(DESK + page).status_code for page in pages] == [404, 404, 404]
    for page in (f"may/{device.id}/thu-hoi", f"may/{device.id}/mo-khoa", f"may/{device.id}/ap-dung"):
        assert other.post(DESK + page).status_code == 404
    assert "KHONG-CO" not in other.get(DESK + "viec/").content.decode()
    assert [desk.get(DESK + page).status_code for page in pages] == [200, 200, 200]
    assert Device.objects.get().revoked_at is None


def test_a_conflict_is_a_card_with_what_why_and_what_to_do_until_somebody_settles_it(network, device, desk):
    device.lend(network.copy().accession_number, "LA-0009")
    device.send()
    page = desk.get(DESK + "viec/").content.decode()
    assert "Không có thẻ nào mang số này trong mạng lưới" in page
    assert "Tìm bạn đọc theo tên rồi ghi mượn lại ở quầy." in page
    event = Event.objects.get()
    desk.post(f"{DESK}viec/{event.pk}/xong", {"note": "Đã ghi cho bạn đọc T-0002"})
    event.refresh_from_db()
    assert (event.settled_by, event.settled_note) == ("thuthua", "Đã ghi cho bạn đọc T-0002")
    assert "Không có việc nào cần xem" in desk.get(DESK + "viec/").content.decode()


def test_the_list_is_narrowed_sorted_and_exported(network, device, desk):
    for _number in range(3):
        device.lend(network.copy().accession_number, "T-0001")
    device.lend("KHONG-CO", "T-0001")
    device.send()
    exported = b"".join(desk.get(DESK + "viec/?state=ALL&sort=number&format=csv").streaming_content).decode()
    assert len(exported.strip().splitlines()) == 5
    assert "KHONG-CO" in desk.get(DESK + "viec/?q=khong-co&state=ALL").content.decode()
    assert "Không có bản tài liệu nào mang số này" in desk.get(DESK + "viec/").content.decode()
    assert "Không có bản tài liệu nào mang số này" not in desk.get(DESK + "viec/?kind=RENEW").content.decode()
    devices = b"".join(desk.get(DESK + "?format=csv").streaming_content).decode()
    assert "Máy quầy" in devices


def file_of(device, body: bytes) -> bytes:
    iv = os.urandom(12)
    key = hmac.digest(device.enrolled.key, b"export", sha256)
    return b"LTQ1" + iv + AESGCM(key).encrypt(iv, body, b"LTQ1")


def upload(desk, device, content: bytes) -> str:
    file = SimpleUploadedFile("nhat-ky.quay", content)
    return desk.post(f"{DESK}may/{device.id}/nap-tep", {"file": file}, follow=True).content.decode()


def test_a_log_taken_out_as_a_file_is_loaded_once_wherever_and_a_changed_file_not_at_all(network, device, desk):
    device.lend(network.copy().accession_number, "T-0001")
    content = file_of(device, device.body())
    assert "không phải nhật ký của máy" in upload(desk, device, content[:-1] + bytes([content[-1] ^ 1]))
    assert Loan.objects.count() == 0
    assert "Đã nhận 1 việc từ tệp." in upload(desk, device, content)
    assert "Đã nhận 0 việc từ tệp." in upload(desk, device, content)
    device.send()
    assert Loan.objects.count() == 1


def test_old_logs_and_card_numbers_are_forgotten_but_not_what_still_waits(network, device):
    device.lend(network.copy().accession_number, "T-0001")
    device.send()
    device.lend("KHONG-CO", "T-0002")
    device.send(device.rows[1:])
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert forget_old() == 1
        assert forget_old() == 0
    assert list(Event.objects.order_by("number").values_list("card", flat=True)) == ["", "T-0002"]
    assert [one.body_sealed is None for one in Received.objects.order_by("pk")] == [True, False]


def test_the_service_worker_has_a_scope_of_its_own_and_a_version_that_follows_its_files(network):
    client = Client()
    worker = client.get("/quay-ngoai-tuyen/sw.js")
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    assert "skipWaiting" in worker.content.decode()
    manifest = json.loads(client.get("/quay-ngoai-tuyen/manifest.webmanifest").content)
    assert (manifest["scope"], manifest["display"]) == ("/quay-ngoai-tuyen/", "standalone")
    page = client.get("/quay-ngoai-tuyen/")
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert client.get("/quay-ngoai-tuyen/sw.js").content == worker.content
    client.post("/ngon-ngu/", {"language": "en"})
    assert client.get("/quay-ngoai-tuyen/sw.js").content != worker.content
