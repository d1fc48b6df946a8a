"""Lists of classes and staff: tried, written, written again, taken back; the end of the school year."""

import io
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lienthu.identity.access import system_actor
from lienthu.kernel import clock, ids
from lienthu.kernel.text.encodings import encode
from lienthu.patrons.actions.rolls import forget_rolls
from lienthu.patrons.jobs import work_on_roll
from lienthu.patrons.models import Card, Consent, Guardianship, Patron, Roll, RollRow
from lienthu.patrons.policy_rolls import next_class
from lienthu.patrons.sealing import unseal
from lienthu.patrons.tests.test_desk import DESK, page, web

pytestmark = pytest.mark.django_db
LISTS = DESK + "danh-sach/"
HEADS = ["STT", "Họ và tên", "Ngày sinh", "Lớp", "Phụ huynh", "Số thẻ"]
ROWS: list[list[object]] = [
    [1, "Học sinh trình diễn Một", "03/09/2013", "8A", "Phụ huynh Một", ""],
    [2, "Học sinh trình diễn Hai", date(2012, 12, 31), "8A", "", "HS-0002"],
    [3, "Học sinh trình diễn Ba", "3.9.2014", "7B", "Phụ huynh Ba", ""],
    [4, "Học sinh trình diễn Bốn", "31/02/2013", "8A", "", ""],
    [5, "", "03/09/2013", "8A", "", ""],
    [6, "Học sinh trình diễn một", "3/9/2013", "8A", "", ""],
]


def workbook(rows=ROWS, heads=HEADS) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "TRƯỜNG THCS (danh sách trình diễn)")
    for place, head in enumerate(heads):
        sheet.write(3, place, head)
    for number, row in enumerate(rows, start=4):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write(number, place, value)
    book.close()
    return out.getvalue()


@pytest.fixture(autouse=True)
def own_home(tmp_path):
    with override_settings(DOCUMENTS_ROOT=tmp_path):
        yield


def uploaded(cast, content: bytes, name: str = "lop8a.xlsx", **more) -> Roll:
    form = {
        "library": cast.main.pk, "kind": "CLASSES", "category": "SECONDARY_PUPIL", "agreed": "on",
        "file": SimpleUploadedFile(name, content), **more,
    }  # fmt: skip
    answer = web(cast.librarian).post(LISTS + "tai-len", form)
    assert answer.status_code == 302, answer.context["form"].errors
    return worked(Roll.objects.latest("pk"))


def worked(roll: Roll) -> Roll:
    work_on_roll(roll_id=roll.pk)
    roll.refresh_from_db()
    return roll


def step(cast, roll: Roll, name: str) -> Roll:
    assert web(cast.librarian).post(f"{LISTS}{ids.encode(roll.pk)}/{name}").status_code == 302
    return worked(roll)


def test_a_list_is_tried_then_written_and_nothing_is_changed_before(cast):
    roll = uploaded(cast, workbook())
    assert (roll.status, roll.counts) == ("CHECKED", {"NEW": 3, "REFUSED": 3}) and not Patron.objects.exists()
    assert list(roll.rows.order_by("number").values_list("number", "reason")) == [
        (5, ""), (6, ""), (7, ""), (8, "BAD_DATE"), (9, "NO_NAME"), (10, "TWICE"),
    ]  # fmt: skip
    text = web(cast.librarian).get(f"{LISTS}{ids.encode(roll.pk)}/").content.decode()
    assert "Học sinh trình diễn Ba" in text and "Không có họ tên." in text
    roll = step(cast, roll, "ghi")
    assert (roll.status, roll.counts) == ("DONE", {"NEW": 3, "REFUSED": 3})
    first, second, third = Patron.objects.order_by("pk")
    assert (first.full_name, first.birth_date, first.group) == (ROWS[0][1], date(2013, 9, 3), "8A")
    assert (second.birth_date, third.birth_date) == (date(2012, 12, 31), date(2014, 9, 3))
    assert Card.objects.get(patron=second).number == "HS-0002"
    assert list(Guardianship.objects.order_by("pk").values_list("name", flat=True)) == ["Phụ huynh Một", "Phụ huynh Ba"]
    answers = Consent.objects.filter(patron=first).values_list("purpose", "by", "how")
    assert set(answers) == {(p, by, "LIST") for p in ("CARD", "CHILD") for by in ("SELF", "GUARDIAN")}
    assert not RollRow.objects.filter(written=True).exclude(data={}).exists() and roll.file_key == ""
    lines = b"".join(web(cast.librarian).get(f"{LISTS}{ids.encode(roll.pk)}/tu-choi.csv").streaming_content)
    assert "Học sinh trình diễn Bốn" in lines.decode()


def test_a_row_that_cannot_be_written_is_refused_alone_and_the_list_ends(cast):
    roll = uploaded(cast, workbook())
    row = roll.rows.get(number=6)
    RollRow.objects.filter(pk=row.pk).update(data=row.data | {"group": "8" * 10_000})
    roll = step(cast, roll, "ghi")
    assert (roll.status, roll.counts) == ("DONE", {"NEW": 2, "REFUSED": 4})
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.written) == ("REFUSED", "UNWRITABLE", False)
    assert set(Patron.objects.values_list("full_name", flat=True)) == {ROWS[0][1], ROWS[2][1]}


def test_identity_numbers_of_a_list_stand_nowhere_open_before_it_is_written(
    cast, tmp_path, django_capture_on_commit_callbacks
):
    text = f"Họ và tên,Ngày sinh,Lớp,Số CCCD\n{ROWS[0][1]},03/09/2013,8A,001213012345\n"
    with django_capture_on_commit_callbacks(execute=True):
        roll = uploaded(cast, text.encode(), "lop8a.csv")
    assert (roll.status, roll.counts, roll.file_key) == ("CHECKED", {"NEW": 1}, "")
    assert "001213012345" not in str(list(RollRow.objects.values()))
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"001213012345" in file.read_bytes()]
    step(cast, roll, "ghi")
    assert unseal(Patron.objects.get().identity_sealed) == "001213012345"
    assert uploaded(cast, text.replace(str(ROWS[0][1]), "Tên khác").encode(), "lop8a.csv").counts == {"CHANGED": 1}


@pytest.mark.parametrize("address", ["y" * 300 + "@example.org", "a@example.org Bcc: b@example.org", "@", "a@b"])
def test_an_address_that_is_none_does_not_stop_a_list(cast, address):
    text = f"Họ và tên,Ngày sinh,Lớp,Email\n{ROWS[0][1]},03/09/2013,8A,{address}\n"
    roll = step(cast, uploaded(cast, text.encode(), "lop8a.csv"), "ghi")
    assert roll.status == "DONE" and Patron.objects.get().email == ""


def test_the_same_list_twice_changes_nothing_and_a_new_class_is_a_change(cast):
    step(cast, uploaded(cast, workbook()), "ghi")
    before = list(Patron.objects.order_by("pk").values())
    again = uploaded(cast, workbook())
    assert again.counts == {"SAME": 3, "REFUSED": 3}
    step(cast, again, "ghi")
    assert str(list(Patron.objects.order_by("pk").values())) == str(before) and Card.objects.count() == 3
    moved = step(cast, uploaded(cast, workbook([[1, ROWS[0][1], "03/09/2013", "8C", "", ""]])), "ghi")
    assert moved.counts == {"CHANGED": 1} and Patron.objects.get(full_name=ROWS[0][1]).group == "8C"
    step(cast, moved, "hoan-tac")
    assert Patron.objects.get(full_name=ROWS[0][1]).group == "8A"


def test_a_list_taken_back_leaves_nobody_but_those_changed_since(cast):
    roll = step(cast, uploaded(cast, workbook()), "ghi")
    kept = Patron.objects.get(full_name=ROWS[2][1])
    form = {"full_name": kept.full_name, "birth_date": "03/09/2014", "category": "SECONDARY_PUPIL", "language": "vi"}
    answer = web(cast.librarian).post(page(kept, "sua"), form | {"group": "7C", "revision": kept.revision})
    assert answer.status_code == 302
    roll = step(cast, roll, "hoan-tac")
    assert (roll.status, roll.counts["KEPT"]) == ("REVERTED", 1)
    assert [one.pk for one in Patron.objects.exclude(state="ERASED")] == [kept.pk]
    assert "trình diễn Một" not in str(list(Patron.objects.values())) + str(list(RollRow.objects.values()))
    again = step(cast, uploaded(cast, workbook()), "ghi")
    assert again.counts == {"NEW": 2, "CHANGED": 1, "REFUSED": 3}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "utf-8"])
def test_names_in_old_encodings_are_read(cast, encoding):
    text = "Họ và tên,Ngày sinh,Lớp\n" + "".join(
        f"Nguyễn Văn Trình Diễn {name},0{day}/09/2013,Lớp 8A\n"
        for day, name in enumerate(("Ấm", "Đức", "Hữu"), start=1)
    )
    content = text.encode() if encoding == "utf-8" else encode(text, encoding)
    roll = uploaded(cast, content, "lop.csv")
    assert roll.counts == {"NEW": 3}, roll.problem
    assert roll.rows.get(number=3).data["full_name"] == "Nguyễn Văn Trình Diễn Đức"


def test_a_name_parted_over_two_columns_is_one_name(cast):
    rows = [["Học sinh trình", "Diễn", "03/09/2013", "8A"]]
    for heads in (["Họ và tên", "", "Ngày sinh", "Lớp"], ["Họ đệm", "Tên", "Ngày sinh", "Lớp"]):
        roll = uploaded(cast, workbook(rows, heads))
        assert roll.rows.get().data["full_name"] == "Học sinh trình Diễn"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "HEADS"),
        ("Cột một,Cột hai\n1,2\n".encode(), "HEADS"),
        ("Họ và tên,Lớp\n".encode(), "EMPTY"),
        (b"PK\x03\x04" + bytes(300), "archive_broken"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_words(cast, content, code):
    roll = uploaded(cast, content, "tep.xlsx")
    assert (roll.status, roll.problem["code"]) == ("UNREADABLE", code)
    assert web(cast.librarian).get(f"{LISTS}{ids.encode(roll.pk)}/").status_code == 200


def test_what_a_parent_refused_is_not_kept_and_another_librarys_reader_is_not_touched(cast):
    answer = web(cast.other_librarian).post(DESK + "them", {
        "full_name": "Bạn đọc trình diễn Khác", "category": "ADULT", "language": "vi",
        "library": cast.other.pk, "consented": "on", "number": "K-100",
    })  # fmt: skip
    assert answer.status_code == 302
    rows = [
        ["Học sinh trình diễn Năm", "03/09/2013", "Không", ""],
        ["Học sinh trình diễn Sáu", "03/09/2013", "", "K-100"],
    ]
    roll = uploaded(cast, workbook(rows, ["Họ và tên", "Ngày sinh", "Phụ huynh đồng ý", "Số thẻ"]))
    assert list(roll.rows.order_by("number").values_list("reason", flat=True)) == ["NO_CONSENT", "ELSEWHERE"]
    assert Patron.objects.count() == 1 and Patron.objects.get().full_name == "Bạn đọc trình diễn Khác"


def test_classes_go_up_at_the_end_of_the_year_and_come_back(cast):
    step(cast, uploaded(cast, workbook()), "ghi")
    client = web(cast.librarian)
    shown = client.get(LISTS + "len-lop", {"library": cast.main.pk}).context["form"]
    assert [field.initial for field in shown.fields.values()] == ["8B", "9A"]
    answer = client.post(LISTS + "len-lop", {"library": cast.main.pk, "c0": "8B", "c1": ""})
    roll = Roll.objects.latest("pk")
    assert answer.status_code == 302 and roll.counts == {"CHANGED": 3}
    assert "ra trường" in client.get(f"{LISTS}{ids.encode(roll.pk)}/").content.decode()
    step(cast, roll, "ghi")
    assert set(Patron.objects.values_list("group", "state")) == {("8B", "ACTIVE"), ("8A", "CLOSED")}
    step(cast, roll, "hoan-tac")
    assert set(Patron.objects.values_list("group", "state")) == {("7B", "ACTIVE"), ("8A", "ACTIVE")}


def test_the_class_after_a_class():
    assert [next_class(one) for one in ("Lớp 8A", "9A", "1", "Lớp 5/2", "11A1", "Khoa Văn hóa", "12C")] == [
        "Lớp 9A", "", "2", "", "12A1", "Khoa Văn hóa", "",
    ]  # fmt: skip


def test_lists_of_another_library_stay_closed(cast):
    roll = uploaded(cast, workbook())
    stranger = web(cast.other_librarian)
    for name in ("", "tien-do", "tu-choi.csv"):
        assert stranger.get(f"{LISTS}{ids.encode(roll.pk)}/{name}").status_code == 404
    for name in ("ghi", "hoan-tac"):
        assert stranger.post(f"{LISTS}{ids.encode(roll.pk)}/{name}").status_code == 404
    assert worked(roll).status == "CHECKED"


def test_what_nobody_decided_about_is_forgotten_after_a_month(cast):
    roll = uploaded(cast, workbook())
    Roll.objects.filter(pk=roll.pk).update(created_at=clock.now() - timedelta(days=31))
    actor = system_actor("tests")
    assert (forget_rolls(actor=actor), forget_rolls(actor=actor)) == (1, 0)
    assert not RollRow.objects.exists()
