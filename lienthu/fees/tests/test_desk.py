"""The till through its pages, as a librarian uses it."""

import io
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthu.audit.models import Entry as Noted
from lienthu.fees.actions import PriceData, demand, publish_prices, set_bank_account
from lienthu.fees.models import BankAccount, Demand, Drawer, Entry, PriceList, Receipt, Transfer
from lienthu.fees.policy.vietqr import read
from lienthu.fees.queries import Balance, balance
from lienthu.fees.tests.conftest import Till
from lienthu.fees.tests.test_ledger import owe
from lienthu.identity.actions import create_account
from lienthu.kernel import clock, ids
from lienthu.libraries.tests.factories import SYSTEM

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TILL = "/ban-lam-viec/thu-tien/"


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def desk(till: Till) -> Client:
    return signed_in(till.desk_a.account)


@pytest.fixture
def manager(till: Till) -> Client:
    return signed_in(till.manager_a.account)


def act(client: Client, till: Till, do: str, **given: object):
    address = reverse("fees:act", args=[till.first.public_id])
    return client.post(address, {"do": do, "key": f"k-{do}"} | given, follow=True)


def test_a_card_leads_to_its_account_with_reasons_and_the_look_is_noted(till, desk):
    owe(till, 5_000, "c1")
    page = desk.get(TILL, {"q": till.first.card.lower()}, follow=True).content.decode()
    assert "Còn nợ <strong>5.000 đồng</strong>" in page
    assert Noted.objects.filter(action="fees.looked_at", target_id=till.first.public_id).exists()


def test_cash_is_taken_once_and_the_receipt_can_be_printed(till, desk):
    owe(till, 5_000, "c1")
    page = act(desk, till, "pay", amount="5.000", method="CASH").content.decode()
    assert "PT-2026-000001" in page
    assert "Năm nghìn đồng." in page
    assert "09:00 23/11/2026" in page
    assert "&lt;" not in page
    act(desk, till, "pay", amount="5.000", method="CASH")
    assert (balance(till.first.id), Receipt.objects.count()) == (Balance(), 1)
    entry = Receipt.objects.get().entry
    for form in ("pdf", "a5"):
        answer = desk.get(reverse("fees:receipt", args=[entry.pk]), {"dang": form})
        assert answer.content.startswith(b"%PDF-")


def test_a_wrong_amount_is_shown_beside_the_field_and_books_nothing(till, desk):
    owe(till, 5_000, "c1")
    answer = act(desk, till, "pay", amount="5,5", method="CASH")
    assert answer.status_code == 422
    assert "Số tiền là số nguyên đồng" in answer.content.decode()
    assert "Nhiều hơn số còn nợ: 5.000 đồng." in act(desk, till, "pay", amount="9.000", method="CASH").content.decode()
    assert Entry.objects.filter(kind="PAYMENT").count() == 0


def test_only_who_may_waive_waives_and_with_a_reason(till, desk, manager):
    number = owe(till, 5_000, "c1")
    given = {"charge": number, "why-reason": "Bạn đọc ốm", "why-amount": "2.000"}
    assert act(desk, till, "waive", **given).status_code == 403
    assert "Hãy ghi lý do." in act(manager, till, "waive", charge=number).content.decode()
    assert "Đã miễn." in act(manager, till, "waive", **given).content.decode()
    assert balance(till.first.id).owed == 3_000
    assert act(manager, till, "cancel_charge", charge=number, **{"why-reason": "Ghi sai"}).status_code == 200
    assert balance(till.first.id) == Balance()


def test_a_deposit_goes_in_and_out_and_a_payment_can_be_taken_back(till, desk, manager):
    act(desk, till, "move", **{"move-amount": "50.000", "move-what": "deposit_in", "move-method": "CASH"})
    assert balance(till.first.id).deposit == 50_000
    answer = desk.post(
        reverse("fees:act", args=[till.first.public_id]),
        {"do": "move", "key": "2", "move-amount": "60.000", "move-what": "deposit_out", "move-method": "CASH"},
        follow=True,
    )
    assert "Thư viện chỉ đang giữ 50.000 đồng của bạn đọc." in answer.content.decode()
    entry = Entry.objects.get(kind="DEPOSIT_IN")
    page = act(manager, till, "cancel_entry", entry=entry.pk, **{"why-reason": "Nhầm người"}).content.decode()
    assert "Chưa mở ngăn kéo tiền." in page
    manager.post(TILL + "ngan-keo/", {"n50000": "1"})
    act(manager, till, "cancel_entry", entry=entry.pk, **{"why-reason": "Nhầm người"})
    assert balance(till.first.id).deposit == 0


def test_readers_of_others_are_opened_with_their_card_only(till):
    other = signed_in(till.desk_b.account)
    owe(till, 5_000, "c1", library=till.b)
    address = reverse("fees:account", args=[till.first.public_id])
    assert other.get(address).status_code == 404
    assert other.get(address, {"the": till.second.card}).status_code == 404
    assert "Còn nợ <strong>5.000 đồng</strong>" in other.get(address, {"the": till.first.card}).content.decode()
    assert other.get(reverse("fees:receipt", args=[1])).status_code == 404


def test_a_count_sent_twice_closes_the_drawer_and_opens_no_other(till, desk):
    owe(till, 20_000, "c1")
    act(desk, till, "pay", amount="20.000", method="CASH")
    assert f'name="drawer" value="{till.drawer.pk}"' in desk.get(TILL + "ngan-keo/").content.decode()
    told = [
        desk.post(TILL + "ngan-keo/", {"drawer": till.drawer.pk, "n20000": "1"}, follow=True).content.decode()
        for _click in range(2)
    ]
    assert "Đã đóng ngăn kéo." in told[0] and "Ngăn kéo này đã đóng." in told[1]
    assert Drawer.objects.get().closed_at is not None
    for _click in range(2):
        page = desk.post(TILL + "ngan-keo/", {"n20000": "1"}, follow=True).content.decode()
    assert "Ngăn kéo của bạn ở thư viện này đang mở." in page
    assert Drawer.objects.count() == 2 and Drawer.objects.filter(closed_at=None).count() == 1


def test_a_field_with_a_nul_sign_is_booked_without_it(till, desk):
    owe(till, 5_000, "c1")
    act(desk, till, "pay", amount="5.000", method="CASH", key="a\x00b")
    assert balance(till.first.id).owed == 0


def test_the_drawer_is_counted_and_a_difference_needs_a_reason(till, desk):
    owe(till, 25_000, "c1")
    act(desk, till, "pay", amount="25.000", method="CASH")
    shown = {"drawer": till.drawer.pk, "n20000": "1"}
    page = desk.post(TILL + "ngan-keo/", shown).content.decode()
    assert "Sổ ghi 25.000 đồng, đếm được 20.000 đồng." in page
    desk.post(TILL + "ngan-keo/", shown | {"note": "Trả thừa tiền lẻ"})
    till.drawer.refresh_from_db()
    assert (till.drawer.counted, till.drawer.expected, till.drawer.difference) == (20_000, 25_000, -5_000)
    page = desk.get(TILL + "doi-soat/").content.decode()
    assert "-5.000 đồng so với sổ." in page
    assert "Còn ngăn kéo chưa đóng" not in page
    assert desk.get(TILL + "doi-soat/", {"dang": "pdf"}).content.startswith(b"%PDF-")
    sheet = b"".join(desk.get(TILL + "doi-soat/", {"dang": "csv"})).decode()
    assert "Ngăn kéo" in sheet
    assert "'-5.000" in sheet
    assert "Chưa mở ngăn kéo tiền." in _after_closing(till, desk)


def _after_closing(till: Till, desk: Client) -> str:
    owe(till, 1_000, "c2")
    address = reverse("fees:act", args=[till.first.public_id])
    return desk.post(
        address, {"do": "pay", "key": "x", "amount": "1.000", "method": "CASH"}, follow=True
    ).content.decode()


def test_the_list_of_the_day_is_sorted_filtered_and_given_as_csv(till, desk):
    owe(till, 25_000, "c1")
    act(desk, till, "pay", amount="10.000", method="TRANSFER")
    address = TILL + "trong-ngay/"
    page = desk.get(address, {"sort": "-amount"}).content.decode()
    assert "Thu chi ngày 23/11/2026" in page
    assert page.index("25.000") < page.index("10.000")
    assert "25.000" not in desk.get(address, {"kind": "PAYMENT"}).content.decode()
    sheet = b"".join(desk.get(address, {"dang": "csv", "method": "TRANSFER"})).decode()
    assert "PT-2026-000001" in sheet
    assert "25.000" not in desk.get(address, {"ngay": "2026-11-01"}).content.decode()
    assert desk.get(address, {"ngay": "x", "sort": "no", "page": "-3"}).status_code == 200


HEAD = {"valid_from": "2026-12-01", "basis": "Nghị quyết trình diễn", "basis_on": "2026-11-01"}
ROW = {"kind": "COPY", "name_vi": "Sao chụp A4", "name_en": "Copy, A4", "unit_vi": "trang", "unit_en": "page"}
MANAGEMENT = {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0", "row-MIN_NUM_FORMS": "0", "row-MAX_NUM_FORMS": "12"}


def rows(**more: str) -> dict[str, str]:
    return MANAGEMENT | {f"row-0-{name}": value for name, value in (ROW | {"amount": "500"} | more).items()}


def test_prices_hold_from_their_day_and_everybody_reads_them_in_both_languages(till, manager, desk):
    visitor, address = Client(), f"/bang-gia/{till.a.code}/"
    assert desk.get(TILL + "bang-gia/").status_code == 403
    assert manager.post(TILL + "bang-gia/", HEAD | rows()).status_code == 302
    page = visitor.get(address).content.decode()
    assert "Thư viện này không thu khoản nào." in page
    assert 'Bảng giá mới áp dụng từ <time datetime="2026-12-01">' in page
    with clock.frozen(datetime(2026, 12, 1, 2, 0, tzinfo=UTC)):
        page = visitor.get(address).content.decode()
        assert "Sao chụp A4" in page
        assert 'Nghị quyết trình diễn, ngày <time datetime="2026-11-01">' in page
        english = Client(headers={"accept-language": "en"}).get(address).content.decode()
        assert "Copy, A4" in english
        assert till.a.name_vi in visitor.get("/bang-gia/").content.decode()


@pytest.mark.parametrize(
    "change",
    [{"valid_from": "2026-11-01"}, {"basis": " "}, {"basis_on": "2026-12-02"}, {"row-0-amount": "0"}],
)
def test_prices_without_basis_or_in_the_past_are_refused(till, manager, change):
    assert manager.post(TILL + "bang-gia/", HEAD | rows() | change).status_code == 422
    assert PriceList.objects.count() == 0


def test_a_service_is_charged_by_the_price_list(till, desk):
    line = PriceData("COPY", "Sao chụp A4", "Copy, A4", "trang", "page", 500)
    day = clock.today()
    publish_prices(
        actor=till.manager_a.actor, library=till.a, valid_from=day, basis="Nghị quyết", basis_on=day, lines=[line]
    )
    act(desk, till, "charge", **{"charge-price": "1", "charge-times": "12", "charge-kind": "OTHER"})
    assert balance(till.first.id).owed == 6_000
    assert "Sao chụp A4: 12 trang" in desk.get(reverse("fees:account", args=[till.first.public_id])).content.decode()
    assert act(desk, till, "charge", **{"charge-kind": "OTHER"}).status_code == 422


@pytest.fixture
def bank(till: Till) -> BankAccount:
    return set_bank_account(
        actor=till.manager_a.actor, library=till.a, bank="970436", number="0881000458086", holder="THU VIEN A"
    )


def reader_client(till: Till) -> Client:
    account = create_account(actor=SYSTEM, username="docgia", full_name="docgia", password="mot-mat-khau-dai")
    till.first.link(account)
    return signed_in(account)


def test_a_reader_sees_only_their_own_money_and_a_code_to_transfer_it(till, bank):
    owe(till, 5_000, "c1")
    me = reader_client(till)
    page = me.get("/tai-khoan/khoan-thu/").content.decode()
    assert "Bạn còn phải nộp <strong>5.000 đồng</strong>." in page
    page = me.post("/tai-khoan/khoan-thu/chuyen-khoan", {"library": till.a.pk}, follow=True).content.decode()
    asked = Demand.objects.get()
    assert f"LT{ids.encode(asked.pk).upper()}" in page
    assert me.post("/tai-khoan/khoan-thu/chuyen-khoan", {"library": till.b.pk}).status_code == 404
    other = demand(actor=till.desk_a.actor, library=till.a, patron_id=till.first.id, amount=1_000)
    Demand.objects.filter(pk=other.pk).update(patron_id=till.second.id)
    assert me.get(reverse("fees:vietqr", args=[ids.encode(other.pk)])).status_code == 404
    assert me.get(reverse("fees:vietqr", args=["zzzzz"])).status_code == 404


def test_an_account_without_a_card_is_told_what_to_do(till):
    account = create_account(actor=SYSTEM, username="moi", full_name="moi", password="mot-mat-khau-dai")
    assert "chưa gắn với thẻ bạn đọc" in signed_in(account).get("/tai-khoan/khoan-thu/").content.decode()


def test_the_code_is_read_back_by_another_reader(till, desk, bank, tmp_path: Path):
    """zbarimg (Debian zbar-tools) reads the drawn picture; our own reading checks what it says."""
    if not shutil.which("zbarimg"):
        pytest.skip("zbarimg is not installed here")
    owe(till, 123_000, "c1")
    act(desk, till, "qr")
    asked = Demand.objects.get()
    picture = desk.get(reverse("fees:vietqr", args=[ids.encode(asked.pk)]))
    assert picture["Content-Type"] == "image/svg+xml"
    drawn = tmp_path / "code.pbm"
    drawn.write_bytes(as_bitmap(picture.content.decode()))
    seen = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(drawn)],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    transfer = read(seen)
    note = f"LT{ids.encode(asked.pk).upper()}"
    assert (transfer.bin, transfer.account, transfer.amount, transfer.note) == (
        "970436", "0881000458086", 123_000, note,
    )  # fmt: skip


def as_bitmap(svg: str, scale: int = 6) -> bytes:
    """The dark runs of the drawing ("M x y h width") as a portable bitmap."""
    (size,) = map(int, re.findall(r'viewBox="0 0 (\d+)', svg))
    dark = [[0] * size for _ in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for across in range(int(x), int(x) + int(width)):
            dark[int(y)][across] = 1
    lines = [" ".join(str(bit) for bit in row for _ in range(scale)) for row in dark for _ in range(scale)]
    return f"P1\n{size * scale} {size * scale}\n{chr(10).join(lines)}\n".encode()


def statement_file(*lines: tuple[str, int, str, str]) -> SimpleUploadedFile:
    """A workbook as banks give it: a letterhead, headings, lines, a total."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["NGÂN HÀNG TRÌNH DIỄN"])
    sheet.write_row(2, 0, ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"])
    for number, (day, amount, note, reference) in enumerate(lines, start=3):
        sheet.write_row(number, 0, [day, reference, "", amount, note])
    sheet.write_row(3 + len(lines), 0, ["Cộng", "", "", sum(line[1] for line in lines)])
    book.close()
    return SimpleUploadedFile("sao-ke.xlsx", out.getvalue())


def test_a_statement_books_what_is_certain_once_and_shows_the_rest(till, desk, bank):
    owe(till, 20_000, "c1")
    asked = demand(actor=till.desk_a.actor, library=till.a, patron_id=till.first.id, amount=20_000)
    note = f"MBVCB.123.LT{ids.encode(asked.pk)}.CT tu 0011 toi 0881"
    lines = [
        ("23/11/2026 08:15:00", 20_000, note, "FT1"),
        ("23/11/2026", 7_000, "ung ho thu vien", "FT2"),
        ("23/11/2026", 20_000, f"LT{ids.encode(asked.pk)}", "FT3"),
    ]
    page = desk.post(TILL + "chuyen-khoan/", {"file": statement_file(*lines)}, follow=True).content.decode()
    assert "Đã ghi thu 1, cần xem 2, đã có từ trước 0." in page
    assert "Nội dung không có mã của khoản thu." in page
    assert "Yêu cầu này đã được ghi thu trước đó." in page
    page = desk.post(TILL + "chuyen-khoan/", {"file": statement_file(*lines)}, follow=True).content.decode()
    assert "Đã ghi thu 0, cần xem 0, đã có từ trước 3." in page
    assert (balance(till.first.id), Transfer.objects.count()) == (Balance(), 3)
    paid = Transfer.objects.get(bank_reference="FT1")
    assert (paid.state, paid.on, paid.entry.method) == ("PAID", date(2026, 11, 23), "TRANSFER")


def test_a_person_decides_about_doubtful_transfers(till, desk, bank):
    owe(till, 20_000, "c1")
    text = "Date,Amount,Description\n2026-11-23,7000,cam on\n2026-11-23,500000,tai tro\n"
    desk.post(TILL + "chuyen-khoan/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    small, large = Transfer.objects.order_by("amount")
    decide = reverse("fees:decide", args=[small.pk])
    assert "Không có thẻ số này." in desk.post(decide, {"card": "nobody"}, follow=True).content.decode()
    assert "PT-2026-000001" in desk.post(decide, {"card": till.first.card}, follow=True).content.decode()
    desk.post(decide, {"card": till.first.card})
    assert balance(till.first.id).owed == 13_000
    aside = reverse("fees:decide", args=[large.pk])
    assert "Hãy ghi lý do." in desk.post(aside, {"do": "aside"}, follow=True).content.decode()
    desk.post(aside, {"do": "aside", "reason": "Tài trợ"})
    large.refresh_from_db()
    assert (large.state, large.decision) == ("SET_ASIDE", "Tài trợ")
    other = signed_in(till.desk_b.account)
    assert other.post(decide, {"card": till.first.card}).status_code == 404


def test_amounts_that_do_not_exist_and_nul_signs_do_not_stop_a_statement(till, desk, bank):
    rows = ["999999999999999999999999,a,F1", f"{'9' * 5_000},b,F2", "2000000000,c\x00d,F\x003"]
    text = "\n".join(["Date,Amount,Description,Reference", *(f"2026-11-23,{row}" for row in rows)])
    sheet = SimpleUploadedFile("a.csv", text.encode())
    page = desk.post(TILL + "chuyen-khoan/", {"file": sheet}, follow=True).content.decode()
    assert "Không hiểu 2 dòng: 2, 3." in page
    kept = Transfer.objects.get()
    assert (kept.amount, kept.note, kept.bank_reference) == (2_000_000_000, "cd", "F3")
    owe(till, 5_000, "c1")
    desk.post(reverse("fees:decide", args=[kept.pk]), {"card": till.first.card})
    kept.refresh_from_db()
    assert (kept.state, balance(till.first.id).owed) == ("DOUBTFUL", 5_000)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\xff" * 50, b"PK\x03\x04broken"])
def test_what_is_no_statement_is_refused(till, desk, content):
    answer = desk.post(TILL + "chuyen-khoan/", {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert Transfer.objects.count() == 0
