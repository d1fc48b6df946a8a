"""The desk of notices: texts with versions and strict placeholders, hours, the outbox, the list to call from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lienthu.audit.models import Entry
from lienthu.kernel import clock
from lienthu.notices.models import Delivery, Notice, Template
from lienthu.notices.policy import KINDS
from lienthu.notices.tests.conftest import Place, reader
from lienthu.notices.tests.test_outbox import MORNING, run, tell

DESK = "/ban-lam-viec/thong-bao/"
TEXT = DESK + "mau/VN-TQ-TINH/DUE_SOON/"
OWN = {
    "subject_vi": "Nhắc trả {tai_lieu}",
    "body_vi": "Mời {ban_doc} trả {tai_lieu} trước {han_tra}.",
    "short_vi": "Trả {tai_lieu} trước {han_tra}",
    "subject_en": "Return {tai_lieu}",
    "body_en": "{ban_doc}, please return {tai_lieu} by {han_tra}.",
    "short_en": "Return {tai_lieu} by {han_tra}",
}


def desk(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def page(answer) -> str:
    return answer.content.decode()


def test_a_text_of_the_library_goes_before_that_of_the_province_and_can_be_given_up(place: Place, letters):
    assert "Mẫu có sẵn" in page(desk(place.librarian).get(DESK))
    assert desk(place.administrator).post(DESK + "mau/tinh/DUE_SOON/", OWN | {"subject_vi": "Tỉnh"}).status_code == 302
    assert "Mẫu chung của tỉnh" in page(desk(place.librarian).get(DESK))
    manager = desk(place.manager)
    assert manager.post(TEXT, OWN).status_code == 302
    assert manager.post(TEXT, OWN | {"subject_vi": "Lần hai"}).status_code == 302
    shown = page(manager.get(TEXT))
    assert "Mẫu riêng của thư viện" in shown
    assert "Bản 2" in shown
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):
        tell(place, patron)
    run(MORNING)
    told = Notice.objects.get()
    assert (told.subject, told.template.version) == ("Lần hai", 2)
    assert told.body == "Mời Bạn đọc số 1 trả Truyện Kiều trước 25/11/2026."

    assert manager.post(TEXT + "bo").status_code == 302
    assert "Mẫu chung của tỉnh" in page(manager.get(DESK))
    assert list(Template.objects.filter(library=place.main).values_list("version", "active")) == [
        (1, True),
        (2, True),
        (3, False),
    ]


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("body_vi", "Trả {tai_lieu} và {so_the}", "Loại thông báo này không có chỗ điền {so_the}."),
        ("body_vi", "Trả {tai_lieu} {", "Có dấu ngoặc nhọn lẻ"),
        ("body_en", "Return it {0} {tai_lieu}", "Có dấu ngoặc nhọn lẻ"),
        ("short_vi", "Trả sách đi", "Cần có chỗ điền {tai_lieu}"),
        ("subject_en", "x" * 121, "120"),
        ("body_vi", "", "Trường này"),
    ],
)
def test_a_text_with_wrong_placeholders_is_refused_and_nothing_changes(place, field, words, said):
    answer = desk(place.manager).post(TEXT, OWN | {field: words})
    assert answer.status_code == 422
    assert said in page(answer) or field == "body_vi"
    assert not Template.objects.exists()


def test_a_preview_shows_a_real_example_without_its_reader_and_saves_nothing(place, letters):
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):
        tell(place, patron, title="Đất rừng phương Nam")
    shown = page(desk(place.manager).post(TEXT, OWN | {"preview": "1"}))
    assert "Nhắc trả Đất rừng phương Nam" in shown
    assert "Return Đất rừng phương Nam" in shown
    assert "Bạn đọc số 1" not in shown
    assert not Template.objects.exists()


def test_a_librarian_reads_texts_and_may_not_write_them_nor_those_of_others(place):
    assert "Chỉ xem được" in page(desk(place.librarian).get(TEXT))
    for person, address in (
        (place.librarian, TEXT),
        (place.manager, DESK + "mau/tinh/DUE_SOON/"),
    ):
        assert desk(person).post(address, OWN).status_code == 403
    assert desk(place.manager).get(DESK + "mau/VN-TQ-KHAC/DUE_SOON/").status_code == 404
    assert desk(place.stranger).get(TEXT).status_code == 404
    assert desk(place.manager).get(DESK + "mau/VN-TQ-TINH/NICHTS/").status_code == 404
    assert not Template.objects.exists()


HOURS = {
    "place": "VN-TQ-TINH",
    "digest_at": "09:30",
    "quiet_from": "20:00",
    "quiet_until": "06:00",
    "due_soon": "3",
    "overdue_1": "2",
    "overdue_2": "9",
    "overdue_3": "30",
    "expiring": "1",
    "card": "20",
}


def test_hours_of_a_library_decide_when_its_letters_go(place, letters):
    manager = desk(place.manager)
    assert manager.post(DESK + "gio-gui/", HOURS | {"overdue_2": "2"}).status_code == 422
    assert manager.post(DESK + "gio-gui/", HOURS).status_code == 302
    assert "Nơi này có giờ riêng." in page(manager.get(DESK + "gio-gui/"))
    patron = reader(place.main, email="bandoc@example.org")
    with clock.frozen(MORNING):  # 09:00 here
        tell(place, patron)
    run(MORNING)
    assert Delivery.objects.get(channel="EMAIL").due_at == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    assert manager.post(DESK + "gio-gui/", HOURS | {"drop": "1"}).status_code == 302
    assert "theo giờ chung của tỉnh" in page(manager.get(DESK + "gio-gui/"))
    assert desk(place.librarian).post(DESK + "gio-gui/", HOURS).status_code == 403


def failed(place: Place, letters) -> Delivery:
    patron = reader(place.main, email="bandoc@example.org")
    letters.refuse = "550 no"
    with clock.frozen(MORNING):
        tell(place, patron, "HOLD_READY")
    run(MORNING)
    run(MORNING + timedelta(minutes=11))
    letters.refuse = ""
    return Delivery.objects.get(channel="EMAIL")


def test_the_outbox_says_what_failed_and_why_and_a_librarian_sends_it_again(place, letters):
    one = failed(place, letters)
    librarian = desk(place.librarian)
    listed = page(librarian.get(DESK + "hop-gui/?state=FAILED"))
    assert "Nơi nhận từ chối (SMTP 550)" in listed
    assert "Bạn đọc số 1" in listed
    assert "Bạn đọc số 1" not in page(librarian.get(DESK + "hop-gui/?state=SENT"))
    assert "Bạn đọc không có địa chỉ" not in page(librarian.get(DESK + "hop-gui/"))
    assert "Bạn đọc không có địa chỉ" in page(librarian.get(DESK + "hop-gui/?state=ALL"))
    assert "Bạn đọc số 1" in page(librarian.get(DESK + "hop-gui/?q=ban+doc+so&sort=reader&channel=EMAIL"))
    assert "Bạn đọc số 1" not in page(librarian.get(DESK + "hop-gui/?q=khong+ai"))
    sheet = b"".join(librarian.get(DESK + "hop-gui/?format=csv").streaming_content).decode()
    assert "Nơi nhận từ chối" in sheet
    assert "example.org" not in sheet
    assert Entry.objects.filter(action="notices.listed").count() == 1

    address = f"{DESK}hop-gui/{one.pk}/"
    assert "Không gửi được" in page(librarian.get(address))
    assert Entry.objects.filter(action="notices.looked_at").count() == 1
    assert librarian.post(address + "gui-lai").status_code == 302
    run(clock.now() + timedelta(minutes=1))
    one.refresh_from_db()
    assert (one.state, len(letters.got)) == ("SENT", 1)
    assert "Không làm được nữa" in page(librarian.post(address + "gui-lai", follow=True))
    assert len(letters.got) == 1


def test_nobody_sees_or_moves_what_another_library_sends(place, letters):
    one = failed(place, letters)
    stranger = desk(place.stranger)
    assert "Bạn đọc số 1" not in page(stranger.get(DESK + "hop-gui/"))
    assert "Bạn đọc số 1" not in page(stranger.get(DESK + "can-bao/"))
    for step in ("", "gui-lai", "da-nhan"):
        address = f"{DESK}hop-gui/{one.pk}/{step}"
        answer = stranger.post(address) if step else stranger.get(address)
        assert answer.status_code == 404
    told = Delivery.objects.get(channel="DESK")
    assert stranger.post(f"{DESK}can-bao/{told.pk}/da-bao").status_code == 404
    one.refresh_from_db()
    told.refresh_from_db()
    assert (one.state, told.state) == ("FAILED", "WAITING")


def test_readers_whom_no_way_reaches_stand_on_a_list_with_telephone_and_guardian_until_told(place):
    patron = reader(place.main, phone="0207 3822 111", address="Tổ 5, phường Minh Xuân")
    patron.guardians.create(name="Người giám hộ", phone="0912345678", consented_on=datetime(2026, 1, 1).date())
    with clock.frozen(MORNING):
        tell(place, patron)
        tell(place, patron, "OVERDUE_1", "k2", title="Dế Mèn phiêu lưu ký")
    run(MORNING)
    librarian = desk(place.librarian)
    shown = page(librarian.get(DESK + "can-bao/"))
    for words in ("0207 3822 111", "Người giám hộ 0912345678", "Tổ 5", "Truyện Kiều", "Dế Mèn phiêu lưu ký"):
        assert words in shown
    assert shown.count("<h2>Bạn đọc số 1</h2>") == 1
    assert Entry.objects.filter(action="notices.call_list_shown").count() == 1
    sheet = b"".join(librarian.get(DESK + "can-bao/?format=csv").streaming_content).decode()
    assert sheet.count("0207 3822 111") == 2
    one = Delivery.objects.filter(channel="DESK").first()
    assert one is not None
    librarian.post(f"{DESK}can-bao/{one.pk}/da-bao")
    one.refresh_from_db()
    assert (one.state, one.ended_by) == ("SENT", "thuthu")
    assert Delivery.objects.filter(channel="DESK", state="WAITING").count() == 1
    assert one.notice.short in page(librarian.get(DESK + "can-bao/?done=1"))


def test_every_kind_has_texts_that_pass_their_own_check(place):
    client = desk(place.manager)
    for kind in KINDS:
        address = f"{DESK}mau/VN-TQ-TINH/{kind}/"
        form = client.get(address).context["form"]
        assert client.post(address, form.initial | {"preview": "1"}).status_code == 200, kind
