"""Whatever is done to the catalogue, harvesters are told of it: the stamped state is what the catalogue shows.

Every deed that changes what others see must publish `catalogue.records_saved` for each union record that it touches.
One that forgets this fails here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection

from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.curating import lock_field
from lienthu.catalogue.actions.feeds import restore_numbers, withdraw_numbers
from lienthu.catalogue.actions.keeping import ItemValues, add_items, change_items, withdraw_items
from lienthu.catalogue.actions.merging import merge_clusters, split_record, unmerge
from lienthu.catalogue.actions.records import restore_revision
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.actions.saving import save_record, withdraw_record
from lienthu.catalogue.actions.shelving import NewCopy, add_copies
from lienthu.catalogue.marc import Record
from lienthu.catalogue.models import Batch, Cluster, SourceRecord
from lienthu.catalogue.queries import exchange_records, holders_of, sources_of
from lienthu.catalogue.tests.factories import BOOK, SYSTEM, cluster, field, fixed, marc, take
from lienthu.discovery.tests.conftest import Network
from lienthu.protocols.oaipmh.actions import stamp_all_changes
from lienthu.protocols.oaipmh.models import Entry
from lienthu.protocols.oaipmh.policy import spec_of

pytestmark = pytest.mark.django_db


def record(number: str) -> SourceRecord:
    return SourceRecord.objects.select_related("library__scope", "cluster").get(control_number=number)


def told() -> set[tuple[int, str]]:
    return set(Entry.objects.filter(is_deleted=False).values_list("cluster_id", "set_spec"))


def true_state() -> set[tuple[int, str]]:
    holders = holders_of(Cluster.objects.values_list("pk", flat=True))
    return {(pk, spec) for pk, codes in holders.items() for spec in ("", *map(spec_of, codes))}


def stamps() -> dict[int, datetime]:
    return dict(Entry.objects.filter(set_spec="").values_list("cluster_id", "changed_at"))


def contents() -> dict[int, str]:
    """What each union record says to others, as text."""
    found = exchange_records(list(Cluster.objects.values_list("pk", flat=True)))
    return {pk: repr(one.record()) for pk, one in found.items()}


@contextmanager
def told_of() -> Iterator[None]:
    """After the deed the stamped state is the true one, and all that reads differently has a new stamp."""
    stamp_all_changes()
    assert told() == true_state()
    before, said = stamps(), contents()
    yield
    stamp_all_changes()
    assert told() == true_state()
    after, says = stamps(), contents()
    different = {pk for pk in said.keys() | says.keys() if said.get(pk) != says.get(pk)}
    assert different, "the deed changed nothing"
    assert {pk for pk in different if after[pk] == before.get(pk)} == set()


def book(number: str, title: str, *more: tuple[str, str]) -> bytes:
    return marc(
        number, fixed(1985, "vie"), field("100", "0 ", ("a", "Nguyễn Minh Châu")), field("245", "10", ("a", title)),
        field("260", "  ", ("a", "Hà Nội"), ("b", "Tác phẩm mới")),
        *(field("852", "  ", ("a", library), ("p", copy)) for library, copy in more),
    )  # fmt: skip


def test_imports_that_create_change_and_join(network: Network) -> None:
    with told_of():
        take(network.main, book("b1", "Bến quê", ("VN-T-TINH", "T.1")))
    with told_of():
        take(network.main, book("b1", "Bến quê : tập truyện", ("VN-T-TINH", "T.1"), ("VN-T-TINH", "T.2")))
    with told_of():
        take(network.commune, book("x1", "Bến quê", ("VN-T-XA", "X.1")))


def test_a_record_that_goes_to_another_union_record_by_itself(network: Network) -> None:
    take(network.main, book("b1", "Bến quê") + book("b2", "Dấu chân người lính"))
    take(network.commune, book("x1", "Bến quê"))
    with told_of():
        take(network.commune, book("x1", "Dấu chân người lính"))


def test_an_import_taken_back(network: Network) -> None:
    take(network.main, book("b1", "Bến quê"))
    batch = take(network.main, book("b1", "Bến quê khác", ("VN-T-TINH", "T.1")) + book("b2", "Cỏ lau"))
    with told_of():
        request_revert(actor=SYSTEM, batch=batch, in_background=False)
        revert_import(actor=SYSTEM, batch=Batch.objects.get(pk=batch.pk))


def test_records_saved_withdrawn_and_restored_at_the_desk(network: Network) -> None:
    with told_of():
        save_record(actor=SYSTEM, library=network.commune, marc=Record(BOOK, [field("245", "10", ("a", "Cỏ lau"))]))
    one = record("tale")
    with told_of():
        (source,) = sources_of(one.cluster_id)
        source.record.fields.append(field("500", "  ", ("a", "Song ngữ")))
        save_record(actor=SYSTEM, library=one.library, marc=source.record, record=one, expected=1)
    with told_of():
        withdraw_record(actor=SYSTEM, record=record("bando"), expected=1)
    with told_of():
        restore_revision(actor=SYSTEM, record=record("bando"), number=1, expected=2)


def test_records_that_their_source_deletes_and_brings_back(network: Network) -> None:
    with told_of():
        withdraw_numbers(actor=SYSTEM, library=network.main, numbers=["bando", "bao"], reason="nguồn đã xóa")
    with told_of():
        restore_numbers(actor=SYSTEM, library=network.main, numbers=["bao"], reason="nguồn có lại")


def test_union_records_merged_split_and_unmerged(network: Network) -> None:
    kieu, tale = cluster("kieu"), cluster("tale")
    with told_of():
        merged = merge_clusters(actor=SYSTEM, keep=kieu.pk, absorb=tale.pk)
    with told_of():
        unmerge(actor=SYSTEM, merge=merged)
    take(network.main, book("b1", "Bến quê"))
    take(network.commune, book("x1", "Bến quê"))
    with told_of():
        split_record(actor=SYSTEM, record=record("x1"))


def test_a_field_that_a_person_fixes_may_change_which_record_stands_for_all(network: Network) -> None:
    take(network.main, book("b1", "Bến quê"))
    take(network.commune, book("x1", "Bến quê"))
    stamp_all_changes()
    before = stamps()
    union = cluster("x1")
    lock_field(actor=SYSTEM, cluster=union, field="title", record=record("x1"))
    stamp_all_changes()
    assert stamps()[union.pk] > before[union.pk]


def test_copies_added_changed_hidden_and_withdrawn(network: Network) -> None:
    then = record("then")
    with told_of():
        (item,) = add_items(actor=SYSTEM, record=then, items=[ItemValues(accession_number="T.77")])
    with told_of():
        change_items(actor=SYSTEM, library=then.library, item_ids=[item.pk], values=ItemValues(shelf="Kho đóng"))
    with told_of():
        change_items(actor=SYSTEM, library=then.library, item_ids=[item.pk], values=ItemValues(visibility="HIDDEN"))
    with told_of():
        change_items(actor=SYSTEM, library=then.library, item_ids=[item.pk], values=ItemValues(visibility="PUBLIC"))
    with told_of():
        withdraw_items(actor=SYSTEM, library=then.library, item_ids=[item.pk], reason="rách nát")
    with told_of():
        copy = NewCopy(record_id=then.pk, source_key="k", accession_number="X.88")
        add_copies(actor=SYSTEM, library=network.commune, copies=[copy])


def test_the_check_itself_finds_a_deed_that_tells_nobody(network: Network) -> None:
    with pytest.raises(AssertionError), told_of(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_item SET visibility = 'HIDDEN'")
