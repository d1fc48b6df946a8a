"""The desk through its page, as a scanner and a keyboard use it."""

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.circulation.actions import Wish, place_hold
from lienthu.circulation.models import Hold, Loan, Transit
from lienthu.circulation.tests.conftest import Network
from lienthu.kernel import clock, ids
from lienthu.loanrules.tests.factories import rules
from lienthu.patrons.models import Proxy

DESK, ACT = "/ban-lam-viec/luu-thong/", "/ban-lam-viec/luu-thong/lam"


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def desk(network: Network) -> Client:
    return signed_in(network.desk_a.account)


def scan(client: Client, text: str, **more: str) -> str:
    answer = client.post(ACT, {"do": "take", "box": text, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, what: str, **more: str) -> str:
    return client.post(ACT, {"do": what, **more}, follow=True).content.decode()


def test_a_card_and_two_copies_are_lent_and_a_third_is_refused_with_its_rule(network, desk):
    rules(network.a.scope, ("ANY", "ANY", {"max_loans": 2}))
    first, second, third = network.copy(), network.copy(record="demen"), network.copy()
    assert "Bạn đọc thứ nhất" in scan(desk, "t-0001")
    scan(desk, first.accession_number)
    scan(desk, second.accession_number)
    page = scan(desk, third.accession_number)
    assert Loan.objects.filter(patron_id=network.first.id).count() == 2
    assert "Được mượn nhiều nhất 2 tài liệu, đang mượn 2." in page
    assert "Vì sao?" in page
    assert "Nội quy của Thư viện A" in page
    assert "2 trên 2" in page


def test_the_counter_shows_who_may_collect_for_the_reader(network, desk):
    assert "Được nhận thay" not in scan(desk, "t-0001")
    Proxy.objects.create(
        patron_id=network.first.id, collector_id=network.second.id, until=clock.today(), noted_by="Thủ thư"
    )
    page = press(desk, "renew")
    assert "Được nhận thay" in page and "Bạn đọc thứ hai" in page and "T-0002" in page


def test_a_form_sent_twice_lends_once_and_says_nothing_wrong(network, desk):
    item = network.copy()
    scan(desk, "T-0001")
    scan(desk, item.accession_number, key="abcdef")
    page = scan(desk, item.accession_number, key="abcdef")
    assert Loan.objects.count() == 1
    assert "Không ghi mượn được" not in page


def test_a_return_says_where_the_copy_goes(network, desk):
    item, other = network.copy(), network.copy(at=network.b)
    scan(desk, "T-0001")
    scan(desk, item.accession_number)
    place_hold(
        actor=network.actor, patron_id=network.second.id, wish=Wish(network.kieu), pickup_library_id=network.a.pk
    )
    assert "Đang ghi trả" in press(desk, "mode")
    page = scan(desk, item.accession_number)
    assert "Để lên giá chờ cho bạn đọc Bạn đọc thứ hai" in page
    page = scan(desk, other.accession_number)
    assert "Gửi đến Thư viện B." in page
    assert Transit.objects.get().to_library_id == network.b.pk


def test_an_entry_that_is_no_number_is_looked_for_among_titles_and_readers(network, desk):
    item = network.copy(record="demen")
    page = scan(desk, "dế mèn")
    assert item.accession_number in page
    page = scan(desk, "thứ ba")
    assert network.third.public_id in page
    assert "Không có thẻ, số đăng ký cá biệt hay nhan đề nào như vậy." in scan(desk, "không hề có")


def test_a_copy_without_a_card_before_it_changes_nothing(network, desk):
    page = scan(desk, network.copy().accession_number)
    assert "Chưa quét thẻ bạn đọc." in page
    assert Loan.objects.count() == 0


def test_reference_copies_count_as_read_here(network, desk):
    scan(desk, "T-0001")
    assert "Đọc tại chỗ" in scan(desk, network.copy("REFERENCE_ONLY").accession_number)
    assert Loan.objects.count() == 0


def test_undo_takes_the_last_scan_back(network, desk):
    item = network.copy()
    scan(desk, "T-0001")
    scan(desk, item.accession_number)
    page = press(desk, "undo")
    assert "Đã hoàn tác bước vừa làm" in page
    item.refresh_from_db()
    assert item.status == "AVAILABLE"


def test_the_lists_show_what_waits_travels_and_is_late_and_give_it_as_csv(network, desk):
    item = network.copy()
    scan(desk, "T-0001")
    scan(desk, item.accession_number)
    Loan.objects.update(started_at="2026-01-01T00:00Z", due_at="2026-02-01T00:00Z", due_on="2026-02-01")
    page = desk.get(reverse("circulation:overdue")).content.decode()
    assert "Truyện Kiều" in page
    assert "Bạn đọc thứ nhất" in page
    sheet = b"".join(desk.get(reverse("circulation:overdue") + "?dang=csv&sort=-due&q=kiều")).decode()
    assert "01/02/2026" in sheet
    assert "Truyện Kiều" not in desk.get(reverse("circulation:overdue") + "?q=khác").content.decode()
    for name in ("shelf", "transits"):
        assert desk.get(reverse(f"circulation:{name}")).status_code == 200


def test_another_library_sees_nothing_of_our_lists(network):
    Hold.objects.create(
        patron_id=network.first.id,
        level="EDITION",
        cluster_id=network.kieu,
        pickup_library=network.a,
        state="READY",
        assigned=network.copy("ON_HOLD_SHELF"),
        category="ADULT",
        age_band="26-59",
        shelf_days=7,
        placed_at="2026-11-01T00:00Z",
        channel="DESK",
    )
    assert "Bạn đọc thứ nhất" in signed_in(network.desk_a.account).get(reverse("circulation:shelf")).content.decode()
    page = signed_in(network.desk_b.account).get(reverse("circulation:shelf") + f"?library={network.a.pk}")
    assert "Bạn đọc thứ nhất" not in page.content.decode()


def test_a_desk_cannot_be_set_to_a_library_of_others(network, desk):
    page = press(desk, "library", library=str(network.b.pk))
    assert "Thư viện A" in page
    assert Loan.objects.count() == 0


def test_a_reader_called_up_by_name_is_lent_to_though_the_desk_was_taking_copies_back(network, desk):
    press(desk, "mode", to="RETURN")
    page = press(desk, "reader", patron=ids.encode(network.first.id))
    assert "Đang ghi mượn" in page
    assert "Bạn đọc thứ nhất" in page
    scan(desk, network.copy().accession_number)
    assert Loan.objects.get().patron_id == network.first.id
