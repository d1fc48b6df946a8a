"""A copy in a set of books that travels does not leave stock, whatever the set's state until it is finished."""

from datetime import date

from lienthu.catalogue.models import Item
from lienthu.kernel import clock
from lienthu.rotation.actions import (
    add_copies,
    close_set,
    confirm_arrival,
    discard_set,
    give_back,
    hand_over,
    make_set,
    scan_arrival,
    scan_back,
    scan_home,
)
from lienthu.rotation.models import RotationSet
from lienthu.weeding.actions import add_numbers, find_copies, request_withdrawal
from lienthu.weeding.jobs import work_on
from lienthu.weeding.models import Piece, Weeding
from lienthu.weeding.policy import Reason
from lienthu.weeding.tests.conftest import LATER, Weedings, browser
from lienthu.weeding.wording import refusal_sentence

NAME = "Tủ sách thôn"


def in_set(weedings: Weedings, item: Item, *, point: str = "") -> RotationSet:
    """A draft with this copy, to library B or to a point of A's own."""
    network = weedings.network
    host = network.a if point else network.b
    one = make_set(actor=network.actor, name=NAME, owner=network.a, host=host, point=point, due_on=date(2027, 3, 1))
    added = add_copies(actor=network.actor, set_id=one.pk, numbers=[item.accession_number])
    assert added.refused == []
    return one


def why_not(weedings: Weedings, one: Weeding, item: Item) -> list[str]:
    """What is said when the copy is to go into the list; [] when it went in (and comes out again)."""
    added = add_numbers(actor=weedings.actor, weeding_id=one.pk, numbers=[item.accession_number], why="Cũ nát")
    Piece.objects.filter(weeding=one).delete()
    assert added.count == (0 if added.refused else 1)
    return [refusal_sentence(refusal) for refusal in added.refused]


def test_a_copy_in_a_set_that_is_not_finished_enters_no_list_and_the_set_is_named(weedings):
    item, actor = weedings.stock[0], weedings.network.actor
    number, one = item.accession_number, weedings.draft()
    for point in ("", "Xe thư viện lưu động"):
        host = weedings.network.desk_a.actor if point else weedings.network.desk_b.actor
        made = in_set(weedings, item, point=point)
        steps = (
            lambda made=made: hand_over(actor=actor, set_id=made.pk),
            lambda made=made, host=host: scan_arrival(actor=host, set_id=made.pk, number=number),
            lambda made=made, host=host: confirm_arrival(actor=host, set_id=made.pk, why={}),
            lambda made=made, host=host: scan_back(actor=host, set_id=made.pk, number=number),
            lambda made=made, host=host: give_back(actor=host, set_id=made.pk, why={}),
            lambda made=made: scan_home(actor=actor, set_id=made.pk, number=number),
        )
        for step in (lambda: None, *steps):
            step()
            (said,) = why_not(weedings, one, item)
            assert number in said and f"bộ sách luân chuyển “{NAME}”" in said
        close_set(actor=actor, set_id=made.pk, why={})
        assert why_not(weedings, one, item) == []


def test_a_draft_that_was_given_up_claims_nothing(weedings):
    one, made = weedings.draft(), in_set(weedings, weedings.stock[0])
    assert len(why_not(weedings, one, weedings.stock[0])) == 1
    discard_set(actor=weedings.network.actor, set_id=made.pk)
    assert why_not(weedings, one, weedings.stock[0]) == []


def test_a_criterion_leaves_copies_of_sets_out_and_says_how_many(weedings, network):
    for item in weedings.stock[:2]:
        in_set(weedings, item)
    one = weedings.draft()
    found = find_copies(actor=weedings.actor, weeding_id=one.pk, reason=Reason.YEAR, value="2000")
    assert (found.count, found.claimed) == (18, 2)
    assert not one.pieces.filter(item__in=weedings.stock[:2]).exists()
    page = f"/ban-lam-viec/thanh-loc/{one.public_id}/"
    answer = browser(network.manager_a).post(page + "tim", {"reason": "YEAR", "number": "2000"}, follow=True)
    assert "2 bản hợp tiêu chí không vào danh mục vì thuộc bộ sách luân chuyển" in answer.content.decode()


def test_a_copy_that_went_into_a_set_after_the_decision_stays_in_stock(weedings):
    one = weedings.decided(*weedings.stock[:2])
    in_set(weedings, weedings.stock[0])
    with clock.frozen(LATER):
        request_withdrawal(actor=weedings.actor, weeding_id=one.pk)
        work_on(one.pk)
    states = [Item.objects.get(pk=item.pk).status for item in weedings.stock[:2]]
    assert states == ["AVAILABLE", "WITHDRAWN"]
    assert one.pieces.get(item=weedings.stock[0]).left_out
