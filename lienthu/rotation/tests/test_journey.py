"""A set made up, handed over, lent at its place, given back, counted: through the actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.circulation.actions import TO_HOLD_SHELF, TO_TRANSIT, Wish, checkin, checkout, place_hold, send
from lienthu.circulation.actions import Refused as CirculationRefused
from lienthu.circulation.models import Custody, Stay, Transit
from lienthu.identity.access import Refused as NotAllowed
from lienthu.kernel import clock
from lienthu.libraries.tests.factories import person
from lienthu.rotation.actions import (
    Refused,
    add_copies,
    change_set,
    close_set,
    confirm_arrival,
    discard_set,
    give_back,
    hand_over,
    make_set,
    remind_of_sets,
    remove_copy,
    scan_arrival,
    scan_back,
    scan_home,
)
from lienthu.rotation.minutes import as_docx, as_pdf, minutes_of
from lienthu.rotation.models import Happening, Piece, RotationSet
from lienthu.rotation.policy import latest_return, reminder_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def status(item) -> str:
    item.refresh_from_db()
    return item.status


def holder(item) -> tuple[int | None, int | None, int | None]:
    row = Custody.objects.get(item=item, until=None)
    return row.library_id, row.loan_id, row.transit_id


def test_a_set_travels_is_lent_where_it_stays_and_comes_home(network, sets):
    first, second = network.copy(), network.copy()
    one = sets.sent(first, second)
    assert [status(first), status(second)] == ["IN_TRANSIT", "IN_TRANSIT"]
    assert Transit.objects.filter(purpose="ROTATION", to_library=network.b, ended_at=None).count() == 2
    for item in (first, second):
        scan_arrival(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
    confirm_arrival(actor=network.desk_b.actor, set_id=one.pk, why={})
    assert (status(first), holder(first)) == ("AVAILABLE", (network.b.pk, None, None))
    loan = checkout(
        actor=network.desk_b.actor, item_id=first.pk, patron_id=network.first.id, library_id=network.b.pk
    ).loan
    assert holder(first) == (None, loan.pk, None)
    checkin(actor=network.desk_b.actor, item_id=first.pk, library_id=network.b.pk)
    assert (status(first), holder(first)) == ("AVAILABLE", (network.b.pk, None, None))
    for item in (first, second):
        scan_back(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
    give_back(actor=network.desk_b.actor, set_id=one.pk, why={})
    assert (status(first), Stay.objects.filter(ended_at=None).count()) == ("IN_TRANSIT", 0)
    for item in (first, second):
        scan_home(actor=network.desk_a.actor, set_id=one.pk, number=item.accession_number)
    close_set(actor=network.desk_a.actor, set_id=one.pk, why={})
    assert (status(second), holder(second)) == ("AVAILABLE", (network.a.pk, None, None))
    told = list(Happening.objects.filter(set=one).order_by("pk").values_list("what", flat=True))
    assert told == ["MADE", "SCANNED", "HANDED_OVER", "RECEIVED", "GIVEN_BACK", "CLOSED"]


def test_a_copy_returned_at_a_third_library_goes_to_where_its_set_stays(network, sets):
    item = network.copy()
    sets.there(item)
    checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.b.pk)
    actor = network.desk_b.actor
    from_c = checkin(actor=_at(network, "c"), item_id=item.pk, library_id=network.c.pk)
    assert (from_c.what, from_c.to_library_id) == (TO_TRANSIT, network.b.pk)
    assert checkin(actor=actor, item_id=item.pk, library_id=network.b.pk).status == "AVAILABLE"


def _at(network, letter):
    return person(f"thuthu{letter}x", "LIBRARIAN", getattr(network, letter).scope).actor


def test_a_copy_that_its_own_library_takes_in_stays_there(network, sets):
    item = network.copy()
    one = sets.there(item)
    checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.b.pk)
    assert checkin(actor=network.desk_a.actor, item_id=item.pk, library_id=network.a.pk).status == "AVAILABLE"
    with pytest.raises(Refused) as refused:
        give_back(actor=network.desk_b.actor, set_id=one.pk, why={})
    assert (refused.value.code, RotationSet.objects.get().state) == ("EXPLAIN", "THERE")


def test_copies_that_circulation_keeps_back_stay_with_their_reason(network, sets):
    wanted, lent, free = network.copy(), network.copy(), network.copy(record="demen")
    one = sets.draft(wanted, lent, free)
    place_hold(
        actor=network.actor,
        patron_id=network.second.id,
        wish=Wish(network.kieu, item_id=wanted.pk),
        pickup_library_id=network.a.pk,
    )
    checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk)
    hand_over(actor=network.actor, set_id=one.pk)
    left = dict(Piece.objects.exclude(left_out="").values_list("item_id", "left_out"))
    assert left == {wanted.pk: "HELD_FOR_ANOTHER", lent.pk: "RETURN_FIRST"}
    assert [status(wanted), status(lent), status(free)] == ["AVAILABLE", "ON_LOAN", "IN_TRANSIT"]
    assert list(Stay.objects.values_list("item_id", flat=True)) == [free.pk]


def test_a_set_of_which_nothing_may_go_stays_a_draft(network, sets):
    item = network.copy()
    one = sets.draft(item)
    checkout(actor=network.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.a.pk)
    with pytest.raises(Refused) as refused:
        hand_over(actor=network.actor, set_id=one.pk)
    one.refresh_from_db()
    assert (refused.value.code, one.state, Stay.objects.count()) == ("NOTHING_TO_SEND", "DRAFT", 0)


def test_six_months_are_the_most(network, sets):
    assert latest_return(date(2026, 8, 31)) == date(2027, 2, 28)
    sets.draft(network.copy(), due=date(2027, 5, 23))
    with pytest.raises(Refused) as refused:
        sets.draft(due=date(2027, 5, 24))
    assert (refused.value.code, refused.value.params["last"]) == ("TOO_LONG", date(2027, 5, 23))
    assert RotationSet.objects.count() == 1
    one = sets.sent(network.copy())
    with pytest.raises(Refused) as refused:
        change_set(actor=network.actor, set_id=one.pk, name=one.name, host=network.b, due_on=date(2027, 5, 24))
    one.refresh_from_db()
    assert (refused.value.code, one.due_on) == ("TOO_LONG", date(2027, 3, 1))


def test_what_did_not_arrive_is_explained_and_may_turn_up_later(network, sets):
    here, lost = network.copy(), network.copy()
    one = sets.sent(here, lost)
    scan_arrival(actor=network.desk_b.actor, set_id=one.pk, number=here.accession_number)
    missing = Piece.objects.get(item=lost)
    for text in ("", " - "):
        with pytest.raises(Refused) as refused:
            confirm_arrival(actor=network.desk_b.actor, set_id=one.pk, why={missing.pk: text})
        assert refused.value.params["numbers"] == [lost.accession_number]
    confirm_arrival(actor=network.desk_b.actor, set_id=one.pk, why={missing.pk: "Thiếu khi mở thùng"})
    missing.refresh_from_db()
    assert (missing.why_not_arrived, status(lost)) == ("Thiếu khi mở thùng", "IN_TRANSIT")
    scan_back(actor=network.desk_b.actor, set_id=one.pk, number=lost.accession_number)
    missing.refresh_from_db()
    assert (missing.arrived_at, missing.back_at) == (NOW, NOW)


def test_what_is_lent_when_the_set_goes_home_follows_by_itself(network, sets):
    item, other = network.copy(), network.copy()
    one = sets.there(item, other)
    checkout(actor=network.desk_b.actor, item_id=item.pk, patron_id=network.first.id, library_id=network.b.pk)
    with pytest.raises(Refused) as refused:
        scan_back(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
    assert [reason.code for reason in refused.value.params["reasons"]] == ["RETURN_FIRST"]
    assert Stay.objects.filter(ended_at=None, item=item).exists()
    scan_back(actor=network.desk_b.actor, set_id=one.pk, number=other.accession_number)
    give_back(actor=network.desk_b.actor, set_id=one.pk, why={Piece.objects.get(item=item).pk: "Đang cho mượn"})
    result = checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk)
    assert (result.what, result.to_library_id) == (TO_TRANSIT, network.a.pk)


def test_a_request_waiting_at_the_host_is_served_when_the_set_arrives(network, sets):
    item = network.copy()
    one = sets.sent(item)
    place_hold(
        actor=network.desk_b.actor,
        patron_id=network.second.id,
        wish=Wish(network.kieu),
        pickup_library_id=network.b.pk,
    )
    scan_arrival(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
    assert status(item) == "ON_HOLD_SHELF"
    assert TO_HOLD_SHELF == "TO_HOLD_SHELF"


def test_a_scan_at_the_ordinary_desk_counts_too_and_a_double_scan_does_nothing(network, sets):
    item = network.copy()
    one = sets.sent(item)
    assert checkin(actor=network.desk_b.actor, item_id=item.pk, library_id=network.b.pk).status == "AVAILABLE"
    number = item.accession_number
    assert scan_arrival(actor=network.desk_b.actor, set_id=one.pk, number=number)[1] is False
    assert scan_arrival(actor=network.desk_b.actor, set_id=one.pk, number=f" {number} ")[1] is True


def test_copies_of_others_taken_lent_or_unknown_do_not_get_into_a_set(network, sets):
    mine, lent = network.copy(), network.copy()
    checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk)
    sets.draft(mine)
    other = sets.draft()
    result = add_copies(
        actor=network.actor, set_id=other.pk, numbers=[mine.accession_number, lent.accession_number, "KHONG-CO"]
    )
    assert [refusal.code for refusal in result.refused] == ["IN_OTHER_SET", "NOT_AVAILABLE", "NO_SUCH_NUMBER"]
    assert other.pieces.count() == 0


def test_a_draft_given_up_frees_its_copies(network, sets):
    item, other = network.copy(), network.copy()
    one = sets.draft(item, other)
    remove_copy(actor=network.actor, set_id=one.pk, piece_id=Piece.objects.get(item=other).pk)
    discard_set(actor=network.actor, set_id=one.pk)
    assert sets.draft(item, other).pieces.count() == 2
    with pytest.raises(Refused, match="OTHER_STATE"):
        hand_over(actor=network.actor, set_id=one.pk)


def test_a_point_without_a_library_is_named_and_its_copies_do_not_travel_between_libraries(network):
    item = network.copy()
    with pytest.raises(Refused, match="NO_POINT"):
        make_set(actor=network.actor, name="Xe", owner=network.a, host=network.a, due_on=date(2027, 1, 1))
    one = make_set(
        actor=network.actor, name="Xe", owner=network.a, host=network.a, due_on=date(2027, 1, 1), point="Xe lưu động"
    )
    add_copies(actor=network.actor, set_id=one.pk, numbers=[item.accession_number])
    hand_over(actor=network.actor, set_id=one.pk)
    scan_arrival(actor=network.actor, set_id=one.pk, number=item.accession_number)
    confirm_arrival(actor=network.actor, set_id=one.pk, why={})
    assert (status(item), Transit.objects.count()) == ("AVAILABLE", 0)
    scan_back(actor=network.actor, set_id=one.pk, number=item.accession_number)
    give_back(actor=network.actor, set_id=one.pk, why={})
    scan_home(actor=network.actor, set_id=one.pk, number=item.accession_number)
    assert close_set(actor=network.actor, set_id=one.pk, why={}).state == "CLOSED"


def test_each_side_does_only_its_own_steps(network, sets):
    item = network.copy()
    draft = sets.draft(item)
    with pytest.raises(NotAllowed):
        hand_over(actor=network.desk_b.actor, set_id=draft.pk)
    hand_over(actor=network.actor, set_id=draft.pk)
    with pytest.raises(NotAllowed):
        scan_arrival(actor=network.actor, set_id=draft.pk, number=item.accession_number)
    assert (RotationSet.objects.get().state, Piece.objects.get().arrived_at) == ("SENT", None)


def test_librarians_are_reminded_once_for_each_day_of_the_plan(network, sets):
    due = date(2027, 3, 1)
    days = [reminder_of(due=due, today=due + timedelta(days=after)) for after in (-15, -14, -4, -3, 0, 1, 7, 8)]
    expected = [None, -14, -14, -3, -3, 1, 1, 8]
    assert days == [None if after is None else due + timedelta(days=after) for after in expected]
    sets.there(network.copy())
    told = [remind_of_sets()]
    for moment in (datetime(2027, 2, 26, 3, tzinfo=UTC), datetime(2027, 2, 27, 3, tzinfo=UTC)):
        with clock.frozen(moment):
            told.append(remind_of_sets())
    assert told == [0, 1, 0]


def test_ordinary_sending_still_refuses_what_it_refused(network, sets):
    wanted, lent, away = (network.copy() for _ in range(3))
    sets.there(wanted, lent, away)
    checkout(actor=network.desk_b.actor, item_id=lent.pk, patron_id=network.second.id, library_id=network.b.pk)
    place_hold(
        actor=network.desk_b.actor,
        patron_id=network.first.id,
        wish=Wish(network.kieu, item_id=wanted.pk),
        pickup_library_id=network.b.pk,
    )
    before = list(Custody.objects.order_by("pk").values_list("pk", "until")), Transit.objects.count()
    refused = {}
    for actor, library, item in (
        (network.desk_b.actor, network.b, wanted),
        (network.desk_b.actor, network.b, lent),
        (network.actor, network.a, away),
    ):
        with pytest.raises(CirculationRefused) as refusal:
            send(actor=actor, item_id=item.pk, library_id=library.pk, to_library_id=network.c.pk)
        refused[item.pk] = refusal.value.codes
    assert refused == {
        wanted.pk: ("HELD_FOR_ANOTHER",),
        lent.pk: ("RETURN_FIRST",),
        away.pk: ("NOT_IN_CUSTODY",),
    }
    assert before == (list(Custody.objects.order_by("pk").values_list("pk", "until")), Transit.objects.count())
    sent = send(actor=network.desk_b.actor, item_id=away.pk, library_id=network.b.pk, to_library_id=network.c.pk)
    assert (sent.from_library_id, sent.to_library_id) == (network.b.pk, network.c.pk)


def test_the_host_makes_no_set_of_its_own_from_copies_of_the_owner(network, sets):
    item = network.copy()
    one = sets.there(item)
    scan_back(actor=network.desk_b.actor, set_id=one.pk, number=item.accession_number)
    give_back(actor=network.desk_b.actor, set_id=one.pk, why={})
    scan_home(actor=network.desk_a.actor, set_id=one.pk, number=item.accession_number)
    old = close_set(actor=network.desk_a.actor, set_id=one.pk, why={})
    with pytest.raises(Refused) as refused:
        make_set(
            actor=network.desk_b.actor,
            name="Của B",
            owner=network.b,
            host=network.a,
            due_on=date(2027, 3, 1),
            previous=old,
        )
    assert refused.value.code == "OTHER_OWNER" and RotationSet.objects.count() == 1
    client = Client()
    client.force_login(network.desk_b.account)
    address = reverse("rotation:new") + f"?tu={old.public_id}"
    assert client.get(address).status_code == 404 and client.post(address, {"name": "x"}).status_code == 404


def test_minutes_of_a_title_with_control_characters_are_made(network, sets):
    item = network.copy()
    cluster = item.record.cluster
    cluster.title = "Sách\x0bcũ \x01\ufffe𡨸"
    cluster.save()
    made = minutes_of(sets.there(item), back=False)
    assert as_docx(made).startswith(b"PK") and as_pdf(made).startswith(b"%PDF")
