"""Which copy is asked for: near, cheap, fair; one copy for one request; staff who do not find it lead to another."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lienthu.circulation.actions import (
    Refused,
    Wish,
    checkin,
    checkout,
    load_loans,
    not_found,
    place_group,
    place_hold,
    recall,
    retarget,
)
from lienthu.circulation.models import Hold, HoldGroup, Transit
from lienthu.circulation.policy.targeting import Ask, Free, Spot, allocate, kilometres
from lienthu.circulation.tests.conftest import Network
from lienthu.circulation.tests.test_desk import signed_in
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import SYSTEM

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
# Tuyên Quang, Hàm Yên, Na Hang: towns of one province, south to north.
SPOTS = {1: Spot(21.82, 105.21), 2: Spot(22.07, 105.03), 3: Spot(22.36, 105.39)}


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def ask(patron, network: Network, at: Library) -> Hold:
    actor = network.desk_a.actor if at == network.a else network.desk_b.actor
    hold = place_hold(actor=actor, patron_id=patron.id, wish=Wish(network.kieu), pickup_library_id=at.pk)
    hold.refresh_from_db()
    return hold


def test_the_distance_is_that_of_the_map():
    assert round(kilometres(SPOTS[1], SPOTS[2]) or 0) == 33
    assert kilometres(SPOTS[1], Spot(None, None)) is None


def test_the_nearest_copy_is_chosen_and_the_own_one_before_all():
    free = [Free(30, 3, 7), Free(20, 2, 7)]
    (choice,) = allocate(asks=[Ask(1, 1, (7,))], free=free, spots=SPOTS, sent={})
    assert (choice.copy.item_id, choice.beaten, round(choice.score.total)) == (20, 1, 48)
    (own,) = allocate(asks=[Ask(1, 1, (7,))], free=[*free, Free(99, 1, 7)], spots=SPOTS, sent={})
    assert (own.copy.item_id, own.score.total) == (99, 0)


def test_a_library_that_lent_much_lately_is_spared():
    free = [Free(20, 2, 7), Free(30, 3, 7)]
    (choice,) = allocate(asks=[Ask(1, 1, (7,))], free=free, spots=SPOTS, sent={2: 40})
    assert choice.copy.library_id == 3


def test_the_first_in_the_queue_chooses_first_and_no_copy_is_chosen_twice():
    asks = [Ask(2, 2, (7,)), Ask(1, 2, (7,)), Ask(3, 2, (7,))]
    chosen = allocate(asks=asks, free=[Free(30, 3, 7), Free(20, 2, 7)], spots=SPOTS, sent={})
    assert [(one.hold_id, one.copy.item_id) for one in chosen] == [(1, 20), (2, 30)]


def test_a_copy_that_was_not_found_or_was_not_asked_for_is_left_out():
    free = [Free(20, 2, 7), Free(21, 2, 7)]
    passed = Ask(1, 2, (7,), passed=frozenset({20}))
    assert allocate(asks=[passed], free=free, spots=SPOTS, sent={})[0].copy.item_id == 21
    assert allocate(asks=[Ask(1, 2, (7,), item_id=5)], free=free, spots=SPOTS, sent={}) == []


def test_a_request_asks_for_a_copy_at_once_and_the_next_one_for_another(network):
    near, far = network.copy(), network.copy(at=network.b)
    assert ask(network.first, network, network.a).target_id == near.pk
    assert ask(network.second, network, network.a).target_id == far.pk
    assert ask(network.third, network, network.a).target_id is None


def test_the_database_lets_no_copy_be_asked_for_twice(network):
    item = network.copy()
    ask(network.first, network, network.a)
    second = ask(network.second, network, network.a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=second.pk).update(target=item)


def test_what_is_not_on_the_shelf_is_missing_and_another_copy_is_asked_for(network):
    near, far = network.copy(), network.copy(at=network.b)
    hold = ask(network.first, network, network.a)
    with pytest.raises(NotAllowed):
        not_found(actor=network.desk_b.actor, hold_id=hold.pk)
    not_found(actor=network.actor, hold_id=hold.pk)
    hold.refresh_from_db()
    near.refresh_from_db()
    assert (near.status, hold.target_id, hold.passed, hold.state) == ("MISSING", far.pk, [near.pk], "PENDING")


def test_a_copy_scanned_for_its_request_is_asked_for_no_longer(network):
    item = network.copy(at=network.b)
    hold = ask(network.first, network, network.a)
    done = checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    hold.refresh_from_db()
    assert (done.to_library_id, hold.state, hold.target_id) == (network.a.pk, "SENT", None)


def test_a_copy_lent_to_a_passer_by_frees_the_request_for_another(network):
    item = network.copy()
    network.copy(at=network.b)
    hold = ask(network.first, network, network.a)
    checkout(actor=network.actor, item_id=item.pk, patron_id=network.second.id, library_id=network.a.pk)
    hold.refresh_from_db()
    assert hold.target_id is None
    assert retarget() == 1
    hold.refresh_from_db()
    assert hold.target is not None
    assert hold.target.library_id == network.b.pk


def test_a_lent_copy_is_recalled_only_when_somebody_waits_for_nothing_else(network):
    item = network.copy()
    loan = checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk).loan
    with pytest.raises(Refused) as refusal:
        recall(actor=network.actor, loan_id=loan.pk)
    assert refusal.value.codes == ("NOBODY_WAITS",)
    ask(network.second, network, network.a)
    with pytest.raises(NotAllowed):
        recall(actor=network.desk_b.actor, loan_id=loan.pk)
    recalled = recall(actor=network.actor, loan_id=loan.pk)
    assert (recalled.due_on, recalled.recalled_at) == (NOW.date() + timedelta(days=7), NOW)
    with pytest.raises(Refused) as refusal:
        recall(actor=network.actor, loan_id=loan.pk)
    assert refusal.value.codes == ("DUE_SOON",)


def test_a_class_gets_as_many_copies_as_it_asked_for_and_counts_once(network):
    copies = {network.copy().pk, network.copy().pk, network.copy(at=network.b).pk}
    placed = place_group(
        actor=network.actor,
        name="Lớp 8A",
        wish=Wish(network.kieu),
        pickup_library_id=network.a.pk,
        patron_ids=[network.first.id],
        copies=4,
    )
    holds = Hold.objects.filter(group=placed.group)
    assert (holds.count(), set(holds.exclude(target=None).values_list("target_id", flat=True))) == (4, copies)


def test_a_list_of_readers_is_served_one_by_one_and_the_refused_are_named(network):
    network.copy()
    network.second.block("Chưa đền sách")
    placed = place_group(
        actor=network.actor,
        name="Nhóm đọc",
        wish=Wish(network.kieu),
        pickup_library_id=network.a.pk,
        patron_ids=[network.first.id, network.second.id],
    )
    assert [hold.patron_id for hold in placed.holds] == [network.first.id]
    assert [reason.code for reason in placed.refused[network.second.id]] == ["BLOCKED"]


def test_nothing_is_written_when_nobody_of_a_group_may_ask(network):
    network.copy()
    network.second.block("Chưa đền sách")
    with pytest.raises(Refused):
        place_group(
            actor=network.actor,
            name="Nhóm đọc",
            wish=Wish(network.kieu),
            pickup_library_id=network.a.pk,
            patron_ids=[network.second.id],
        )
    assert (HoldGroup.objects.count(), Hold.objects.count()) == (0, 0)


def test_the_list_of_the_desk_says_what_to_fetch_and_takes_not_there(network):
    item = network.copy()
    hold = ask(network.first, network, network.a)
    desk = signed_in(network.desk_a.account)
    page = desk.get(reverse("circulation:fetch")).content.decode()
    assert item.accession_number in page
    assert "Bản này ở ngay nơi bạn đọc nhận." in page
    sheet = b"".join(desk.get(reverse("circulation:fetch") + "?dang=csv")).decode()
    assert item.accession_number in sheet
    answer = desk.post(reverse("circulation:not_found", args=[hold.pk]), follow=True).content.decode()
    assert "Đã ghi là không thấy." in answer


def test_a_group_is_asked_for_on_its_page(network):
    network.copy()
    desk = signed_in(network.desk_a.account)
    address = reverse("circulation:place_group", args=[ids.encode(network.kieu)])
    form = {"name": "Lớp 8A", "library": network.a.pk, "cards": "T-0001\nT-9999", "copies": 3}
    answer = desk.post(address, form)
    assert (answer.status_code, "Không có thẻ số T-9999." in answer.content.decode()) == (422, True)
    assert desk.post(address, form | {"cards": "T-0001\n\n"}).status_code == 302
    assert Hold.objects.filter(group__name="Lớp 8A").count() == 3
    assert "Cần 3 bản" in desk.get(reverse("circulation:groups")).content.decode()


def test_the_demonstration_adds_nothing_where_its_libraries_are_not(network):
    assert load_loans(actor=SYSTEM) == 0
    assert not Transit.objects.exists()
