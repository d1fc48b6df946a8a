"""An import is taken back whole, and nothing else is touched."""

from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.records import restore_revision
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.marc import Field
from lienthu.catalogue.models import Batch, Cluster, HeadingLink, Identifier, Item, SourceRecord
from lienthu.catalogue.tests.conftest import Desk, Importer, marc


def _revert(desk: Desk, batch: Batch) -> dict[str, int]:
    request_revert(actor=desk.cataloguer, batch=batch, in_background=False)
    return revert_import(actor=desk.cataloguer, batch=batch).counts


def _copy(number: str, shelf: str = "Kho mở") -> Field:
    return Field("852", "", "  ", [("a", "VN-T-TINH"), ("c", shelf), ("p", number)])


def _snapshot() -> list[object]:
    return [
        list(SourceRecord.objects.order_by("control_number").values_list("control_number", "status", "digest")),
        list(Cluster.objects.filter(is_active=True).order_by("pk").values_list("title", "summary")),
        list(Item.objects.order_by("accession_number").values_list("accession_number", "shelf", "status")),
        sorted(HeadingLink.objects.values_list("heading__text", "record__control_number", "tag")),
        sorted(Identifier.objects.values_list("kind", "value")),
    ]


def test_new_records_are_withdrawn_and_changed_ones_return(desk: Desk, take: Importer) -> None:
    subject = Field("650", "", " 4", [("a", "Truyện ngắn")])
    take(marc("a1", "Bến quê", subject, Field("020", "", "  ", [("a", "9786041000001")]), _copy("TQ.1")))
    before = _snapshot()
    batch = take(
        marc("a1", "Bến quê mới", _copy("TQ.1", "Kho đọc"), _copy("TQ.2")) + marc("a2", "Số đỏ", _copy("TQ.3"))
    )
    counts = _revert(desk, batch)
    assert (counts["withdrawn"], counts["returned"], counts["kept"]) == (1, 1, 0)
    after = _snapshot()
    assert [row for row in after[0] if row[1] == "ACTIVE"] == before[0]  # type: ignore[attr-defined]
    assert after[1:] == before[1:]


def test_a_record_that_somebody_changed_since_is_left_alone(desk: Desk, take: Importer) -> None:
    take(marc("a1", "Bến quê"))
    batch = take(marc("a1", "Bến quê hai"))
    record = SourceRecord.objects.get()
    restore_revision(actor=desk.cataloguer, record=record, number=1, expected=2)
    assert _revert(desk, batch)["kept"] == 1
    record.refresh_from_db()
    assert record.revision == 3 and record.cluster.title == "Bến quê"


def test_a_reverted_file_can_be_imported_and_reverted_again(desk: Desk, take: Importer) -> None:
    data = marc("a1", "Bến quê", _copy("TQ.1"))
    _revert(desk, take(data))
    again = take(data)
    assert again.counts["updated"] == 1 and Cluster.objects.get().is_active and Item.objects.count() == 1
    assert _revert(desk, again)["withdrawn"] == 1
    assert not Cluster.objects.get().is_active and not Item.objects.exists()
