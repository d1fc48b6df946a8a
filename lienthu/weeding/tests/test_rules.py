"""The bounds of Circular 02/2020/TT-BVHTTDL, and what may go into a list: through the actions."""

from datetime import date, datetime, timedelta

import pytest

from lienthu.catalogue.models import Cluster, Item
from lienthu.circulation.actions import Wish, checkout, place_hold
from lienthu.identity.access import Refused as NotAllowed
from lienthu.identity.access import system_actor
from lienthu.kernel import clock
from lienthu.weeding.actions import (
    Refused,
    add_numbers,
    decide,
    discard_weeding,
    find_copies,
    keep_piece,
    load_weedings,
    make_weeding,
    note_objection,
    publish_list,
    remove_piece,
    request_return,
    request_withdrawal,
    withdrawing,
)
from lienthu.weeding.jobs import resume, work_on
from lienthu.weeding.models import Objection, Piece, Weeding
from lienthu.weeding.policy import Reason, most_pieces, over_share, years_after, years_between
from lienthu.weeding.tests.conftest import COUNCIL, LATER, NOW
from lienthu.weeding.wording import reason_sentence, refusal_sentence

LAW = "Thông tư 02/2020/TT-BVHTTDL"


def statuses(*items: Item) -> list[str]:
    return [Item.objects.values_list("status", flat=True).get(pk=item.pk) for item in items]


def numbers(one: Weeding) -> set[str]:
    return set(one.pieces.values_list("item__accession_number", flat=True))


def found(weedings, one: Weeding, reason: Reason, value: str) -> int:
    return find_copies(actor=weedings.actor, weeding_id=one.pk, reason=reason, value=value).count


def decided(weedings, one: Weeding, on: date, number: str = "12/QĐ-TV") -> Weeding:
    return decide(actor=weedings.actor, weeding_id=one.pk, decision=number, decided_on=on)


def test_the_figures_of_the_circular():
    assert [over_share(pieces=10, held=100), over_share(pieces=11, held=100)] == [False, True]
    assert [over_share(pieces=1, held=9), most_pieces(19), most_pieces(20)] == [True, 1, 2]
    assert [years_between(300_000), years_between(300_001)] == [3, 5]
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_a_list_without_a_council_or_without_copies_is_not_published(weedings):
    one = weedings.draft()
    with pytest.raises(Refused) as empty:
        publish_list(actor=weedings.actor, weeding_id=one.pk)
    assert empty.value.code == "NOTHING_LISTED"
    alone = make_weeding(actor=weedings.actor, name="Một người", library=one.library, council=COUNCIL[:1])
    with pytest.raises(Refused) as refused:
        publish_list(actor=weedings.actor, weeding_id=alone.pk)
    assert LAW in refusal_sentence(refused.value)
    assert set(Weeding.objects.values_list("state", flat=True)) == {"DRAFT"}


def test_a_decision_before_fifteen_days_is_refused_whatever_its_date(weedings):
    one = weedings.published(weedings.stock[0])
    with clock.frozen(LATER - timedelta(days=1)):
        for day in (date(2026, 12, 7), date(2026, 12, 8)):
            with pytest.raises(Refused) as refused:
                decided(weedings, one, day)
            sentence = refusal_sentence(refused.value)
            assert LAW in sentence and "15 ngày" in sentence and "08/12/2026" in sentence
    with clock.frozen(LATER):
        with pytest.raises(Refused) as future:
            decided(weedings, one, date(2026, 12, 9))
        assert future.value.code == "IN_FUTURE"
        with pytest.raises(Refused) as silent:
            decided(weedings, one, date(2026, 12, 8), " \x00")
        assert silent.value.code == "NO_DECISION"
        one.refresh_from_db()
        assert (one.state, one.decided_on) == ("PUBLISHED", None)
        assert decided(weedings, one, date(2026, 12, 8)).state == "DECIDED"


def test_more_than_a_tenth_is_refused_until_a_copy_is_kept(weedings):
    one = weedings.published(*weedings.stock[:3])
    with clock.frozen(LATER):
        with pytest.raises(Refused) as refused:
            decided(weedings, one, date(2026, 12, 8))
        assert refused.value.params == {"listed": 3, "most": 2, "held": 20}
        sentence = refusal_sentence(refused.value)
        assert LAW in sentence and "10%" in sentence
        first = one.pieces.get(item=weedings.stock[0])
        said = note_objection(
            actor=weedings.actor, weeding_id=one.pk, who="Bạn đọc", what="Còn dùng tốt", piece_id=first.pk
        )
        keep_piece(actor=weedings.actor, weeding_id=one.pk, piece_id=said.piece_id, why="Theo góp ý của bạn đọc")
        kept = decided(weedings, one, date(2026, 12, 8))
        assert (kept.state, kept.held) == ("DECIDED", 20)
        request_withdrawal(actor=weedings.actor, weeding_id=one.pk)
        work_on(one.pk)
    assert statuses(*weedings.stock[:3]) == ["AVAILABLE", "WITHDRAWN", "WITHDRAWN"]


def test_the_next_weeding_waits_three_years(weedings):
    weedings.done(weedings.stock[0])
    early = datetime(2029, 12, 7, 2, 0, tzinfo=NOW.tzinfo)
    second = weedings.published(weedings.stock[1], name="Đợt hai")
    with clock.frozen(early):
        with pytest.raises(Refused) as refused:
            decided(weedings, second, date(2029, 12, 7))
        sentence = refusal_sentence(refused.value)
        assert LAW in sentence and "3 năm" in sentence and "08/12/2029" in sentence and "Đợt một" in sentence
    with clock.frozen(early + timedelta(days=1)):
        assert decided(weedings, second, date(2029, 12, 8)).state == "DECIDED"


def test_two_lists_of_a_tenth_are_not_decided_side_by_side(weedings):
    first = weedings.decided(weedings.stock[0], weedings.stock[1])
    second = weedings.published(weedings.stock[2], weedings.stock[3], name="Đợt hai")
    with clock.frozen(LATER):
        with pytest.raises(Refused) as refused:
            decided(weedings, second, date(2026, 12, 8))
        sentence = refusal_sentence(refused.value)
        assert LAW in sentence and "10%" in sentence and "Đợt một" in sentence
        assert Weeding.objects.get(pk=second.pk).state == "PUBLISHED"
        discard_weeding(actor=weedings.actor, weeding_id=first.pk)
        assert decided(weedings, second, date(2026, 12, 8)).state == "DECIDED"


def test_a_weeding_that_was_taken_back_does_not_count(weedings):
    first = weedings.done(weedings.stock[0])
    request_return(actor=weedings.actor, weeding_id=first.pk)
    work_on(first.pk)
    assert weedings.decided(weedings.stock[0], name="Đợt hai").state == "DECIDED"


def test_criteria_find_copies_each_with_its_reason(weedings, network):
    damaged, lost = network.copy("DAMAGED"), network.copy("LOST")
    new = network.copy(record="demen")
    network.copy("DAMAGED", at=network.b)
    one = weedings.draft()
    assert found(weedings, one, Reason.STATUS, "DAMAGED") == 1
    assert found(weedings, one, Reason.STATUS, "LOST") == 1
    assert numbers(one) == {damaged.accession_number, lost.accession_number}
    assert found(weedings, one, Reason.YEAR, "1979") == 0
    assert found(weedings, one, Reason.SURPLUS, "18") == 2
    assert found(weedings, one, Reason.YEAR, "1980") == 18
    assert new.accession_number not in numbers(one)
    assert found(weedings, one, Reason.YEAR, "1991") == 1
    assert {reason_sentence(piece) for piece in one.pieces.all()} == {
        "Hư hỏng",
        "Mất",
        "Bản thừa: nhan đề giữ 18 bản",
        "Xuất bản trước năm 1980",
        "Xuất bản trước năm 1991",
    }


def test_a_year_that_is_no_year_is_never_before_another(weedings):
    Cluster.objects.update(summary={"title": "x", "year": "19--"})
    assert found(weedings, weedings.draft(), Reason.YEAR, "2000") == 0


@pytest.mark.parametrize(
    ("reason", "value"),
    [("STATUS", "ON_LOAN"), ("YEAR", ""), ("YEAR", "٣"), ("YEAR", "99999"), ("SURPLUS", "0"), ("UNUSED", "101")],
)
def test_a_value_that_makes_no_sense_is_refused(weedings, reason, value):
    one = weedings.draft()
    with pytest.raises(Refused) as refused:
        found(weedings, one, Reason(reason), value)
    assert refused.value.code == "BAD_VALUE"
    assert one.pieces.count() == 0


def test_never_lent_is_only_said_where_loans_are_known_for_so_long(weedings, network):
    one, lent, fresh = weedings.draft(), weedings.stock[0], weedings.stock[1]
    with pytest.raises(Refused) as unknown:
        found(weedings, one, Reason.UNUSED, "2")
    assert unknown.value.params == {"first": None}
    recent = weedings.stock[2]
    for item, reader, days in ((lent, network.first, 800), (recent, network.second, 10)):
        with clock.frozen(NOW - timedelta(days=days)):
            checkout(actor=network.actor, item_id=item.pk, patron_id=reader.id, library_id=network.a.pk)
    Item.objects.exclude(pk=fresh.pk).update(created_at=NOW - timedelta(days=900))
    with pytest.raises(Refused) as short:
        found(weedings, one, Reason.UNUSED, "3")
    assert "14/09/2024" in refusal_sentence(short.value)
    assert found(weedings, one, Reason.UNUSED, "2") == 17
    assert not {item.accession_number for item in (lent, fresh, recent)} & numbers(one)


def test_what_is_lent_asked_for_listed_or_of_another_library_stays_out(weedings, network):
    lent, asked, listed, good = weedings.stock[:4]
    checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk)
    wish = Wish(cluster_id=network.kieu, level="COPY", item_id=asked.pk)
    place_hold(actor=network.actor, patron_id=network.second.id, wish=wish, pickup_library_id=network.a.pk)
    weedings.draft(listed, name="Đợt khác")
    one, foreign = weedings.draft(), network.copy(at=network.b)
    given = [*(item.accession_number for item in (lent, asked, listed, foreign, good)), "KHÔNG-CÓ"]
    added = add_numbers(actor=weedings.actor, weeding_id=one.pk, numbers=given, why="Cũ nát")
    assert added.count == 1
    codes = sorted(refusal.code for refusal in added.refused)
    assert codes == ["BUSY", "BUSY", "IN_LIST", "NO_SUCH_NUMBER", "OTHER_LIBRARY"]
    assert numbers(one) == {good.accession_number}


def test_another_library_sees_and_touches_nothing(weedings, network):
    from_b = network.desk_b.actor
    one = weedings.published(weedings.stock[0])
    piece = one.pieces.get()
    for deed in (
        lambda: make_weeding(actor=from_b, name="x", library=network.a, council=COUNCIL),
        lambda: note_objection(actor=from_b, weeding_id=one.pk, who="a", what="b"),
        lambda: keep_piece(actor=from_b, weeding_id=one.pk, piece_id=piece.pk, why="không"),
        lambda: discard_weeding(actor=from_b, weeding_id=one.pk),
        lambda: request_withdrawal(actor=network.desk_a.actor, weeding_id=one.pk),
    ):
        with pytest.raises(NotAllowed):
            deed()
    piece.refresh_from_db()
    assert (Weeding.objects.get().state, piece.kept_out, Objection.objects.count()) == ("PUBLISHED", "", 0)


def test_a_public_list_takes_no_more_copies_and_loses_none(weedings):
    one = weedings.published(weedings.stock[0])
    for deed in (
        lambda: found(weedings, one, Reason.YEAR, "2000"),
        lambda: remove_piece(actor=weedings.actor, weeding_id=one.pk, piece_id=one.pieces.get().pk),
        lambda: request_withdrawal(actor=weedings.actor, weeding_id=one.pk),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "OTHER_STATE"
    assert one.pieces.count() == 1
    discard_weeding(actor=weedings.actor, weeding_id=one.pk)
    assert Piece.objects.filter(open=True).count() == 0


def test_a_copy_that_came_into_use_meanwhile_stays(weedings, network):
    one = weedings.decided(*weedings.stock[:2])
    with clock.frozen(LATER):
        checkout(actor=network.actor, item_id=weedings.stock[0].pk, patron_id=network.first.id, library_id=network.a.pk)
        request_withdrawal(actor=weedings.actor, weeding_id=one.pk)
        work_on(one.pk)
    assert statuses(*weedings.stock[:2]) == ["ON_LOAN", "WITHDRAWN"]
    assert [piece.left_out for piece in one.pieces.order_by("item_id")] == [True, False]


def test_taking_back_gives_each_copy_its_state_and_leaves_what_changed(weedings, network):
    damaged = network.copy("DAMAGED")
    one = weedings.done(damaged, weedings.stock[0])
    assert statuses(damaged, weedings.stock[0]) == ["WITHDRAWN", "WITHDRAWN"]
    Item.objects.filter(pk=weedings.stock[0].pk).update(status="IN_PROCESS")
    request_return(actor=weedings.actor, weeding_id=one.pk)
    work_on(one.pk)
    one.refresh_from_db()
    assert (one.state, statuses(damaged, weedings.stock[0])) == ("RETURNED", ["DAMAGED", "IN_PROCESS"])
    with pytest.raises(Refused):
        request_return(actor=weedings.actor, weeding_id=one.pk)


def test_nothing_is_taken_back_when_nothing_is_withdrawn_by_it(weedings):
    one = weedings.done(weedings.stock[0])
    Item.objects.filter(pk=weedings.stock[0].pk).update(status="AVAILABLE")
    with pytest.raises(Refused) as refused:
        request_return(actor=weedings.actor, weeding_id=one.pk)
    assert refused.value.code == "NOTHING_TO_RETURN"


def test_a_killed_job_goes_on_where_it_was(weedings, network, monkeypatch):
    one = weedings.decided(*weedings.stock[:2])
    monkeypatch.setattr(withdrawing, "CHUNK", 1)
    whole, calls = withdrawing.withdraw_items, []

    def killed(**given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(**given)

    with clock.frozen(LATER):
        request_withdrawal(actor=weedings.actor, weeding_id=one.pk)
        monkeypatch.setattr(withdrawing, "withdraw_items", killed)
        with pytest.raises(KeyboardInterrupt):
            work_on(one.pk)
        assert statuses(*weedings.stock[:2]) == ["WITHDRAWN", "AVAILABLE"]
        assert Weeding.objects.get().state == "WITHDRAWING"
        monkeypatch.setattr(withdrawing, "withdraw_items", whole)
        resume()
        work_on(one.pk)
        work_on(one.pk)
    assert statuses(*weedings.stock[:2]) == ["WITHDRAWN", "WITHDRAWN"]
    assert (Weeding.objects.get().state, one.pieces.filter(before="AVAILABLE").count()) == ("DONE", 2)


def test_the_demonstration_makes_lists_that_may_be_decided_and_adds_nothing_twice(weedings, network):
    for _place in range(60):
        network.copy()
    assert load_weedings(actor=system_actor("demo"), code=network.a.code) == 2
    assert load_weedings(actor=system_actor("demo"), code=network.a.code) == 0
    lists = list(Weeding.objects.order_by("pk"))
    assert [(one.state, one.pieces.count(), one.decidable_from) for one in lists] == [
        ("PUBLISHED", 6, date(2026, 11, 18))
    ] * 2
    assert decided(weedings, lists[0], NOW.date()).state == "DECIDED"
    assert load_weedings(actor=system_actor("demo"), code="VN-KHONG-CO") == 0
