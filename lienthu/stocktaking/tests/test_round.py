"""A round from its opening to its minutes, through the pages and the job; double scans, a killed job."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from lienthu.audit.models import Head
from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.models import Item
from lienthu.catalogue.tests.factories import SYSTEM
from lienthu.circulation.actions import checkin, checkout
from lienthu.circulation.tests.conftest import Network
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import Person
from lienthu.stocktaking import actions
from lienthu.stocktaking.actions import Scanned, closing
from lienthu.stocktaking.jobs import resume_rounds, work_on
from lienthu.stocktaking.models import Expected, Round, Scan
from lienthu.stocktaking.policy import Outcome, Seen, outcome_of
from lienthu.stocktaking.queries import counts_of, lines_of, records_counted

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(NOW):
        yield


def client_of(who: Person) -> Client:
    client = Client()
    client.force_login(who.account)
    return client


@pytest.fixture
def desk(network: Network) -> Client:
    return client_of(network.desk_a)


@pytest.fixture
def copies(network: Network) -> list[Item]:
    return [network.copy() for _ in range(5)]


def opened(desk: Client, network: Network, **more: object) -> Round:
    form = {"name": "Kiểm kê 2026", "library": network.a.pk, "council": "Trưởng tổ, phụ trách\nỦy viên", **more}
    answer = desk.post(reverse("stocktaking:new"), form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Round.objects.latest("pk")


def scanned(desk: Client, one: Round, *numbers: str, **more: str):
    form = {"numbers": "\n".join(numbers), **more}
    return desk.post(reverse("stocktaking:scan", args=[one.public_id]), form)


def closed(desk: Client, one: Round) -> Round:
    page = desk.get(reverse("stocktaking:close", args=[one.public_id])).content.decode()
    assert "Kết thúc đợt kiểm kê?" in page
    desk.post(reverse("stocktaking:close", args=[one.public_id]))
    work_on(one.pk)
    one.refresh_from_db()
    return one


def outcomes(one: Round) -> dict[str, str]:
    return {line.number: str(line.outcome) for line in lines_of(one)}


def test_a_shelf_is_counted_in_any_order_and_every_copy_has_its_outcome(desk, network, copies):
    here, lent, lost, gone, missing = copies
    Item.objects.filter(pk=lost.pk).update(status="LOST")
    Item.objects.filter(pk=gone.pk).update(status="WITHDRAWN")
    checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk)
    other = network.copy(at=network.b)
    with clock.frozen(NOW + timedelta(minutes=1)):
        one = opened(desk, network)
    numbers = [one_.accession_number for one_ in (gone, other, lost, here)]
    page = scanned(desk, one, *numbers, "KHONG-CO-1").content.decode()
    assert "Không có bản nào mang số này" in page and "Đã thanh lọc mà còn trên giá" in page
    assert outcomes(one) == {
        here.accession_number: "FOUND",
        lent.accession_number: "ON_LOAN",
        lost.accession_number: "FOUND_AGAIN",
        gone.accession_number: "WITHDRAWN_HERE",
        missing.accession_number: "MISSING",
        other.accession_number: "OTHER_LIBRARY",
        "KHONG-CO-1": "UNKNOWN",
    }
    assert Expected.objects.filter(round=one).count() == 4


def test_closing_notes_missing_copies_and_found_ones_and_can_be_taken_back(desk, network, copies):
    Item.objects.filter(pk=copies[0].pk).update(status="LOST")
    one = opened(desk, network)
    scanned(desk, one, copies[0].accession_number, copies[1].accession_number)
    one = closed(desk, one)
    assert one.state == "CLOSED" and one.counts == {"FOUND_AGAIN": 1, "FOUND": 1, "MISSING": 3}
    states = dict(Item.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("pk", "status"))
    assert [states[copy.pk] for copy in copies] == ["AVAILABLE", "AVAILABLE", "MISSING", "MISSING", "MISSING"]
    # Each line says the same as before the marks, and a page of a closed round takes no number.
    assert counts_of(one) == {"FOUND_AGAIN": 1, "FOUND": 1, "MISSING": 3}
    assert scanned(desk, one, "X").status_code == 422
    # One turns up at the desk meanwhile; the others go back to the shelf.
    checkout(actor=network.actor, item_id=copies[1].pk, patron_id=network.first.id, library_id=network.a.pk)
    desk.post(reverse("stocktaking:return", args=[one.public_id]))
    work_on(one.pk)
    one.refresh_from_db()
    states = dict(Item.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("pk", "status"))
    assert one.state == "RETURNED"
    assert [states[copy.pk] for copy in copies[2:]] == ["AVAILABLE"] * 3 and states[copies[1].pk] == "ON_LOAN"


def test_taking_back_leaves_what_happened_since_and_gives_back_what_a_copy_was(desk, network, copies):
    Item.objects.filter(pk=copies[0].pk).update(status="REFERENCE_ONLY")
    Item.objects.filter(pk=copies[1].pk).update(status="DAMAGED")
    one = closed(desk, opened(desk, network))
    Item.objects.filter(pk=copies[2].pk).update(status="LOST")
    Item.objects.filter(pk=copies[3].pk).update(status="CLAIMED")
    desk.post(reverse("stocktaking:return", args=[one.public_id]))
    work_on(one.pk)
    states = dict(Item.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("pk", "status"))
    assert [states[copy.pk] for copy in copies] == ["REFERENCE_ONLY", "DAMAGED", "LOST", "CLAIMED", "AVAILABLE"]
    # The minutes say what was found on the day, whatever became of the copies.
    assert counts_of(Round.objects.get()) == {"MISSING": 5} and set(outcomes(one).values()) == {"MISSING"}


def test_a_copy_that_a_desk_lent_between_closing_and_its_mark_is_not_missing(desk, network, copies):
    one = opened(desk, network)
    desk.post(reverse("stocktaking:close", args=[one.public_id]))
    checkout(actor=network.actor, item_id=copies[0].pk, patron_id=network.first.id, library_id=network.a.pk)
    work_on(one.pk)
    copies[0].refresh_from_db()
    assert copies[0].status == "ON_LOAN"
    assert Expected.objects.get(round=one, item=copies[0]).marked == "KEPT"


def test_an_import_that_was_counted_keeps_its_copies_when_it_is_taken_back(desk, network, copies):
    opened(desk, network)
    record = copies[0].record_id
    assert record in records_counted([record])
    request_revert(actor=SYSTEM, batch=copies[0].record.batch, in_background=False)
    assert revert_import(actor=SYSTEM, batch=copies[0].record.batch).counts["kept"] >= 1
    assert Item.objects.filter(pk=copies[0].pk).exists()


def test_a_copy_that_is_spared_stays_as_it_is_and_says_why(desk, network, copies):
    one = opened(desk, network)
    address = reverse("stocktaking:spare", args=[one.public_id])
    desk.post(address, {"number": copies[0].accession_number, "why": "Đang trưng bày ở hội trường"})
    assert desk.post(address, {"number": "KHAC", "why": "x"}).status_code == 422
    closed(desk, one)
    copies[0].refresh_from_db()
    copies[1].refresh_from_db()
    assert (copies[0].status, copies[1].status) == ("AVAILABLE", "MISSING")
    page = desk.get(reverse("stocktaking:round", args=[one.public_id]) + "?outcome=MISSING").content.decode()
    assert "Đang trưng bày ở hội trường" in page


def test_the_same_number_from_two_people_and_a_list_sent_twice_count_once(desk, network, copies):
    one = opened(desk, network)
    numbers = [copy.accession_number for copy in copies]
    scanned(desk, one, *numbers[:3])
    other = client_of(network.manager_a)
    page = scanned(other, one, *numbers, f" {numbers[0]} ").content.decode()
    assert Scan.objects.filter(round=one).count() == 5
    assert "3 số đã quét trước đó" in page
    before = Head.objects.get().seq
    scanned(other, one, *numbers)
    assert Head.objects.get().seq == before and counts_of(one) == {"FOUND": 5}


def test_scans_of_a_device_without_network_keep_their_time_and_come_as_json(desk, network, copies):
    one = opened(desk, network)
    with clock.frozen(NOW + timedelta(hours=5)):
        lines = [
            f"{copies[0].accession_number}\t2026-11-23T03:15:00Z",
            f"{copies[1].accession_number}\t1999-01-01T00:00:00Z",  # a clock that is wrong
            f"{copies[2].accession_number}\tkhông phải giờ",
        ]
        address = reverse("stocktaking:scan", args=[one.public_id])
        answer = desk.post(address, {"numbers": "\n".join(lines), "place": "Kho A"}, headers={"X-Stock": "1"})
    told = json.loads(answer.content)
    assert [row["number"] for row in told["new"]] == [copy.accession_number for copy in copies[:3]]
    times = list(Scan.objects.filter(round=one).order_by("pk").values_list("at", "place"))
    late = NOW + timedelta(hours=5)
    assert times == [(datetime(2026, 11, 23, 3, 15, tzinfo=UTC), "Kho A"), (late, "Kho A"), (late, "Kho A")]


def test_a_copy_that_a_desk_handled_during_the_round_is_not_missing(desk, network, copies):
    checkout(actor=network.actor, item_id=copies[0].pk, patron_id=network.first.id, library_id=network.a.pk)
    one = opened(desk, network)
    with clock.frozen(NOW + timedelta(hours=1)):
        checkin(actor=network.actor, item_id=copies[0].pk, library_id=network.a.pk)
    # Counted on the shelf first, then lent: it is found, not "lent but here".
    scanned(desk, one, copies[1].accession_number)
    with clock.frozen(NOW + timedelta(hours=2)):
        checkout(actor=network.actor, item_id=copies[1].pk, patron_id=network.first.id, library_id=network.a.pk)
    found = outcomes(one)
    assert (found[copies[0].accession_number], found[copies[1].accession_number]) == ("MOVED_SINCE", "FOUND")


def test_a_killed_closing_goes_on_and_marks_every_copy_once(desk, network, copies, monkeypatch):
    one = opened(desk, network)
    desk.post(reverse("stocktaking:close", args=[one.public_id]))
    whole = closing._marked
    done: list[object] = []

    def killed(*given, **more):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(given[2])
        return whole(*given, **more)

    monkeypatch.setattr(closing, "_marked", killed)
    with pytest.raises(KeyboardInterrupt):
        work_on(one.pk)
    monkeypatch.setattr(closing, "_marked", whole)
    resume_rounds()
    work_on(one.pk)
    one.refresh_from_db()
    assert one.state == "CLOSED" and one.counts == {"MISSING": 5}
    assert Item.objects.filter(pk__in=[copy.pk for copy in copies], status="MISSING").count() == 5


def test_part_of_the_shelves_is_counted_and_what_stands_wrong_is_said(desk, network, copies):
    Item.objects.filter(pk__in=[copies[0].pk, copies[1].pk]).update(shelf="Kho A, giá 1")
    Item.objects.filter(pk=copies[2].pk).update(shelf="Kho B")
    one = opened(desk, network, shelf="Kho A")
    scanned(desk, one, copies[0].accession_number, copies[2].accession_number)
    assert outcomes(one) == {
        copies[0].accession_number: "FOUND",
        copies[1].accession_number: "MISSING",
        copies[2].accession_number: "MISPLACED",
    }
    assert (
        desk.post(reverse("stocktaking:new"), {"name": "x", "library": network.a.pk, "shelf": "Z"}).status_code == 422
    )
    assert Round.objects.count() == 1


def test_the_minutes_hold_the_four_columns_and_what_differs(desk, network, copies):
    one = opened(desk, network, basis="Quyết định 12/QĐ-TV")
    scanned(desk, one, copies[0].accession_number, "LA-01", "#let x = 1")
    address = reverse("stocktaking:minutes", args=[one.public_id])
    paper = desk.get(address + "?dang=docx")
    text = "\n".join(p.text for p in Document(io.BytesIO(paper.content)).paragraphs)
    assert "BIÊN BẢN KIỂM KÊ TÀI LIỆU" in text and "Quyết định 12/QĐ-TV" in text and "Số bản theo sổ: 5." in text
    sums, rows, _signed = Document(io.BytesIO(paper.content)).tables
    assert [cell.text for cell in sums.rows[0].cells] == ["Khớp", "Thừa", "Sai kho", "Thiếu"]
    assert [cell.text for cell in sums.rows[1].cells] == ["1", "2", "0", "4"]
    assert len(rows.rows) == 7
    assert desk.get(address).content.startswith(b"%PDF")
    lines = b"".join(desk.get(reverse("stocktaking:round", args=[one.public_id]) + "?format=csv").streaming_content)
    assert lines.decode("utf-8-sig").count("\n") == 8


def test_a_number_scanned_by_mistake_is_taken_back_and_a_round_given_up(desk, network, copies):
    one = opened(desk, network)
    scanned(desk, one, "SAI-SO")
    wrong = desk.post(reverse("stocktaking:unscan", args=[one.public_id]), {"number": "KHAC"})
    assert wrong.status_code == 422 and "chưa được quét" in wrong.content.decode()
    desk.post(reverse("stocktaking:unscan", args=[one.public_id]), {"number": "SAI-SO"})
    assert not Scan.objects.exists()
    desk.post(reverse("stocktaking:discard", args=[one.public_id]))
    one.refresh_from_db()
    assert one.state == "DISCARDED" and not Item.objects.filter(status="MISSING").exists()


def test_another_library_sees_and_changes_nothing(desk, network, copies):
    one = opened(desk, network)
    stranger = client_of(network.desk_b)
    before = Head.objects.get().seq
    for name in ("round", "scan", "unscan", "spare", "progress", "close", "return", "discard", "minutes"):
        address = reverse(f"stocktaking:{name}", args=[one.public_id])
        assert {stranger.get(address).status_code, stranger.post(address).status_code} <= {404, 405}, name
    form = {"name": "x", "library": network.a.pk}
    assert stranger.post(reverse("stocktaking:new"), form).status_code == 422
    assert (
        Head.objects.get().seq == before
        and "Kiểm kê 2026" not in stranger.get(reverse("stocktaking:list")).content.decode()
    )


@pytest.mark.parametrize("numbers", ["", " \n ", "x" * 81, "\n".join(f"N{n}" for n in range(2_001)), "x" * 200_001])
def test_numbers_that_cannot_be_meant_are_refused_and_nothing_is_kept(desk, network, copies, numbers):
    one = opened(desk, network)
    answer = scanned(desk, one, numbers)
    assert answer.status_code == 422 and not Scan.objects.exists()
    assert 'class="notice' in answer.content.decode()


def test_tables_are_downloaded_as_xlsx_with_the_filters_of_the_page(desk, network, copies):
    one = opened(desk, network)
    scanned(desk, one, copies[0].accession_number, "=1+2")
    address = reverse("stocktaking:round", args=[one.public_id])
    assert "?outcome=MISSING&amp;format=xlsx" in desk.get(address + "?outcome=MISSING").content.decode()
    rows = sheet(desk.get(address + "?format=xlsx"))
    assert rows[0][:4] == ["Số ĐKCB", "Nhan đề", "Cột", "Kết quả"]
    assert {row[0]: row[2] for row in rows[1:]} == {
        copies[0].accession_number: "Khớp",
        "=1+2": "Thừa",
        **{item.accession_number: "Thiếu" for item in copies[1:]},
    }
    assert [row[0] for row in sheet(desk.get(address + "?format=xlsx&outcome=UNKNOWN"))[1:]] == ["=1+2"]
    closed(desk, one)
    assert sheet(desk.get(reverse("stocktaking:list") + "?format=xlsx"))[1][4:] == [1, 1, 0, 4]
    assert sheet(client_of(network.desk_b).get(reverse("stocktaking:list") + "?format=xlsx"))[1:] == []


def sheet(answer) -> list[list[object]]:
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_unusable_questions_get_a_good_page(desk, network, copies):
    one = opened(desk, network)
    for query in (
        "?page=-1",
        "?outcome=NO",
        "?q=" + "x" * 5_000,
        "?page=9999999999&q=%00",
        "?sort=<x>",
        "?sort=-outcome",
    ):
        assert desk.get(reverse("stocktaking:round", args=[one.public_id]) + query).status_code == 200
        assert desk.get(reverse("stocktaking:list") + query).status_code == 200


def test_every_combination_has_one_outcome():
    seen = {
        outcome_of(Seen(expected, scanned, status, own, moved, wrong))
        for expected in (True, False)
        for scanned in (True, False)
        for status in ("", "AVAILABLE", "ON_LOAN", "LOST", "WITHDRAWN", "IN_TRANSIT")
        for own in (True, False)
        for moved in (True, False)
        for wrong in (True, False)
    }
    assert seen == set(Outcome)


def test_a_scan_asks_for_the_permission_again_in_the_action(network, copies):
    one = actions.open_round(actor=network.actor, name="x", library=network.a)
    with pytest.raises(NotAllowed):
        actions.scan(actor=network.desk_b.actor, round_id=one.pk, numbers=[Scanned("1")])
    assert not Scan.objects.exists()
