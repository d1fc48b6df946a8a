"""Copies that were missing in the last rounds of stock-taking, in a row."""

from datetime import datetime, timedelta

import pytest

from lienthu.catalogue.models import Item
from lienthu.circulation.actions import checkin
from lienthu.kernel import clock
from lienthu.stocktaking.actions import Scanned, open_round, request_close, request_return, scan, spare
from lienthu.stocktaking.jobs import work_on as work_on_round
from lienthu.stocktaking.models import Round
from lienthu.weeding.actions import Refused, find_copies
from lienthu.weeding.models import Weeding
from lienthu.weeding.policy import Reason
from lienthu.weeding.tests.conftest import NOW, Weedings, browser
from lienthu.weeding.wording import reason_sentence, refusal_sentence

YEAR = timedelta(days=365)


def counted(
    weedings: Weedings, at: datetime, *, missing: list[Item], spared: tuple[Item, ...] = (), shelf: str = ""
) -> Round:
    """A round of library A that found everything but these."""
    actor = weedings.network.actor
    with clock.frozen(at):
        one = open_round(actor=actor, name=f"Kiểm kê {at:%Y}", library=weedings.network.a, shelf=shelf)
        gone = {item.pk for item in missing}
        numbers = [Scanned(item.accession_number) for item in weedings.stock if item.pk not in gone]
        scan(actor=actor, round_id=one.pk, numbers=numbers)
        for item in spared:
            spare(actor=actor, round_id=one.pk, number=item.accession_number, why="Đang trưng bày")
        request_close(actor=actor, round_id=one.pk)
        work_on_round(one.pk)
    return one


def found(weedings: Weedings, rounds: str) -> set[str]:
    one = weedings.draft()
    find_copies(actor=weedings.actor, weeding_id=one.pk, reason=Reason.ROUNDS, value=rounds)
    numbers = set(one.pieces.values_list("item__accession_number", flat=True))
    assert {reason_sentence(piece) for piece in one.pieces.all()} <= {f"Thiếu ở {rounds} đợt kiểm kê gần nhất"}
    one.pieces.all().delete()
    Weeding.objects.filter(pk=one.pk).update(state="DISCARDED")
    return numbers


def names(*items: Item) -> set[str]:
    return {item.accession_number for item in items}


def test_only_what_was_missing_in_each_of_the_last_rounds_is_found(weedings):
    always, lately, once, shown = weedings.stock[:4]
    counted(weedings, NOW, missing=[always, once])
    counted(weedings, NOW + YEAR, missing=[always, lately, shown], spared=(shown,))
    counted(weedings, NOW + 2 * YEAR, missing=[always, lately])
    assert found(weedings, "1") == names(always, lately)
    assert found(weedings, "2") == names(always, lately)
    assert found(weedings, "3") == names(always)


def test_a_round_that_was_taken_back_or_did_not_count_the_shelf_does_not_count(weedings):
    item = weedings.stock[0]
    counted(weedings, NOW, missing=[item])
    Item.objects.exclude(pk=item.pk).update(shelf="Kho đọc")
    # a round of another shelf says nothing of the copy, which was missing in the last round that counted it
    counted(weedings, NOW + YEAR, missing=[item], shelf="Kho đọc")
    assert (found(weedings, "1"), found(weedings, "2")) == (names(item), set())
    last = counted(weedings, NOW + 2 * YEAR, missing=[item])
    assert found(weedings, "2") == names(item)
    request_return(actor=weedings.network.actor, round_id=last.pk)
    work_on_round(last.pk)
    assert found(weedings, "2") == set()


def test_a_copy_that_turned_up_at_a_desk_since_is_missing_no_longer(weedings):
    gone, back = weedings.stock[:2]
    counted(weedings, NOW + 2 * YEAR, missing=[gone, back])
    checkin(actor=weedings.network.actor, item_id=back.pk, library_id=weedings.network.a.pk)
    assert found(weedings, "1") == names(gone)


def test_more_rounds_than_there_were_are_refused_and_told(weedings, network):
    counted(weedings, NOW + 2 * YEAR, missing=[weedings.stock[0]])
    one = weedings.draft()
    with pytest.raises(Refused) as refused:
        find_copies(actor=weedings.actor, weeding_id=one.pk, reason=Reason.ROUNDS, value="2")
    assert "mới kết thúc 1 đợt kiểm kê" in refusal_sentence(refused.value)
    with pytest.raises(Refused, match="BAD_VALUE"):
        find_copies(actor=weedings.actor, weeding_id=one.pk, reason=Reason.ROUNDS, value="21")
    page = f"/ban-lam-viec/thanh-loc/{one.public_id}/"
    assert browser(network.manager_a).post(page + "tim", {"reason": "ROUNDS", "number": "2"}).status_code == 422
    assert one.pieces.count() == 0
    assert browser(network.manager_a).post(page + "tim", {"reason": "ROUNDS", "number": "1"}).status_code == 302
    assert one.pieces.get().reason == "ROUNDS"
