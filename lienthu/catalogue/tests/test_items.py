"""One copy as circulation changes it."""

import pytest

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.items import ItemMoved, change_status
from lienthu.catalogue.models import Item
from lienthu.catalogue.queries.items import copies_with_number
from lienthu.catalogue.tests.factories import SYSTEM, cluster, copies, field, fixed, marc, take
from lienthu.discovery.models import PendingIndex
from lienthu.libraries.tests.factories import library

KIEU = marc("kieu", fixed(1979, "vie"), field("245", "10", ("a", "Truyện Kiều")))


@pytest.fixture
def copy(db: None) -> Item:
    home = library("VN-T-XA", "Thư viện xã")
    take(home, KIEU)
    return copies("kieu", home, ["AVAILABLE"])[0]


def test_a_copy_is_found_by_its_number_in_any_case_with_the_type_of_its_material(copy: Item) -> None:
    Item.objects.filter(pk=copy.pk).update(accession_number="VV.000123")
    (found,) = copies_with_number(" vv.000123 ")
    assert (found.item_id, found.title, found.item_type, found.status) == (copy.pk, "Truyện Kiều", "BOOK", "AVAILABLE")
    Item.objects.filter(pk=copy.pk).update(item_type="TEXTBOOK")
    assert copies_with_number("VV.000123")[0].item_type == "TEXTBOOK"
    assert copies_with_number("") == [] == copies_with_number("khong co")


def test_a_changed_state_is_told_to_the_index_and_a_stale_change_is_refused(copy: Item) -> None:
    before = PendingIndex.objects.count()
    with writing(SYSTEM) as w:
        change_status(w, item_id=copy.pk, was="AVAILABLE", becomes="ON_LOAN")
        w.nothing_changed()
    copy.refresh_from_db()
    assert copy.status == "ON_LOAN"
    assert PendingIndex.objects.count() == before + 1
    assert PendingIndex.objects.latest("pk").cluster_ids == [cluster("kieu").pk]
    with pytest.raises(ItemMoved), writing(SYSTEM) as w:
        change_status(w, item_id=copy.pk, was="AVAILABLE", becomes="LOST")
    copy.refresh_from_db()
    assert copy.status == "ON_LOAN"
