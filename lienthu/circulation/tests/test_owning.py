"""Loans and requests when readers are merged, parted, exported, erased."""

import pytest

from lienthu.circulation.actions import Wish, checkin, checkout, place_hold
from lienthu.circulation.models import Hold, Loan
from lienthu.identity.access import system_actor
from lienthu.patrons.actions import CannotMerge, OpenMatters, erase, export, merge, record_consent, undo_merge
from lienthu.patrons.models import Patron

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")


def patron(reader) -> Patron:
    return Patron.objects.select_related("home_library__scope", "category").get(pk=reader.id)


def lend(network, reader, record: str = "kieu"):
    copy = network.copy(record=record)
    checkout(actor=network.actor, library_id=network.a.pk, item_id=copy.pk, patron_id=reader.id)
    return copy


def test_loans_follow_a_merge_and_come_back(network):
    lend(network, network.first)
    made = merge(actor=SYSTEM, loser=patron(network.first), winner=patron(network.second), reason="một người")
    assert Loan.objects.get().patron_id == network.second.id
    later = lend(network, network.second, "demen")
    undo_merge(actor=SYSTEM, made=made)
    assert {loan.item_id == later.pk: loan.patron_id for loan in Loan.objects.all()} == {
        False: network.first.id,
        True: network.second.id,
    }


def test_two_requests_for_one_record_hinder_a_merge_and_nothing_changes(network):
    lend(network, network.third)
    for reader in (network.first, network.second):
        wish = Wish(network.kieu)
        place_hold(actor=network.actor, wish=wish, patron_id=reader.id, pickup_library_id=network.a.pk)
    with pytest.raises(CannotMerge) as refusal:
        merge(actor=SYSTEM, loser=patron(network.first), winner=patron(network.second), reason="một người")
    assert "Truyện Kiều" in refusal.value.sentences[0]
    assert set(Hold.objects.values_list("patron_id", flat=True)) == {network.first.id, network.second.id}
    assert patron(network.first).state == "ACTIVE"


def test_nobody_with_a_loan_is_forgotten_and_the_export_names_it(network):
    copy = lend(network, network.first)
    with pytest.raises(OpenMatters) as refusal:
        erase(actor=SYSTEM, patron=patron(network.first))
    assert refusal.value.sentences == ["Đang mượn 1 tài liệu chưa trả."]
    sections = {one.key: one for one in export(actor=SYSTEM, patron=patron(network.first))}
    assert [row[0] for row in sections["loans"].rows] == ["Truyện Kiều"]
    checkin(actor=network.actor, library_id=network.a.pk, item_id=copy.pk)
    erase(actor=SYSTEM, patron=patron(network.first))
    assert patron(network.first).state == "ERASED"
    assert not Loan.objects.filter(patron_id=network.first.id).exists()


def test_a_history_is_unlinked_when_the_reader_takes_the_consent_back(network):
    network.first.keep_history()
    copy = lend(network, network.first)
    checkin(actor=network.actor, library_id=network.a.pk, item_id=copy.pk)
    still = lend(network, network.first, "demen")
    assert Loan.objects.filter(patron_id=network.first.id).count() == 2
    record_consent(actor=SYSTEM, patron=patron(network.first), purpose="HISTORY", given=False)
    (left,) = Loan.objects.filter(patron_id=network.first.id)
    assert (left.item_id, left.keep) == (still.pk, False)
