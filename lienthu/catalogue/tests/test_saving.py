"""Records of the desk: made, changed, withdrawn; nothing is written over what somebody else saved."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.audit.models import Entry
from lienthu.catalogue.actions.records import ChangedMeanwhile, restore_revision
from lienthu.catalogue.actions.saving import RecordRefused, Saved, save_many, save_record, withdraw_record
from lienthu.catalogue.compression import decompress
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.models import Cluster, Item, Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.conftest import Desk, Importer, make_desk, marc
from lienthu.identity.access import Actor, Refused
from lienthu.kernel import clock
from lienthu.libraries.queries import Library

BOOK = "00000nam a2200000 a 4500"


def _title(text: str) -> Field:
    return Field("245", "", "00", [("a", text)])


def _copy(number: str, library: str = "VN-T-TINH", shelf: str = "Kho mở") -> Field:
    return Field("852", "", "  ", [("a", library), ("c", shelf), ("p", number)])


def _record(title: str, *fields: Field) -> Record:
    return Record(BOOK, [_title(title), *fields])


def _save(desk: Desk, title: str, *fields: Field, actor: Actor | None = None, at: Library | None = None) -> Saved:
    return save_record(actor=actor or desk.cataloguer, library=at or desk.main, marc=_record(title, *fields))


def _rows() -> list[object]:
    return [
        list(SourceRecord.objects.order_by("pk").values_list("pk", "revision", "status", "digest")),
        list(Cluster.objects.order_by("pk").values_list("pk", "title", "is_active")),
        list(Item.objects.order_by("pk").values_list("pk", "accession_number", "shelf")),
        Revision.objects.count(),
        Entry.objects.count(),
    ]


def test_a_new_record_gets_the_next_number_of_its_library_and_its_bytes_are_kept(desk: Desk) -> None:
    with clock.frozen(datetime(2026, 11, 22, 18, 30, tzinfo=UTC)):
        first = _save(desk, "𡨸喃 𠀧𪜀𫳘", Field("020", "", "  ", [("a", "9786041000001")]))
    second = _save(desk, "Số đỏ")
    other = _save(desk, "Bến quê", actor=desk.other_cataloguer, at=desk.other)
    numbers = SourceRecord.objects.in_bulk()
    assert numbers[first.record_id].control_number == "LT00000001"
    assert numbers[second.record_id].control_number == "LT00000002"
    assert numbers[other.record_id].control_number == "LT00000001"
    revision = Revision.objects.get(record_id=first.record_id)
    raw = decompress(bytes(revision.original), dictionary=revision.dictionary)
    assert (revision.format, revision.encoding, revision.change, first.revision) == ("iso2709", "utf-8", "CREATED", 1)
    assert "𡨸喃 𠀧𪜀𫳘".encode() in raw and raw[9:10] == b"a"
    saved = record_of(revision)
    assert [saved.value(tag) for tag in ("001", "003", "005")] == ["LT00000001", "VN-T-TINH", "20261123013000.0"]
    assert Cluster.objects.get(pk=first.cluster_id).title == "𡨸喃 𠀧𪜀𫳘"


def test_a_number_that_a_file_brought_is_not_given_again(desk: Desk, take: Importer) -> None:
    take(marc("LT00000041", "Bến quê"))
    assert SourceRecord.objects.get(pk=_save(desk, "Số đỏ").record_id).control_number == "LT00000042"


def test_a_change_is_a_new_revision_and_no_change_is_none(desk: Desk) -> None:
    saved = _save(desk, "Bến quê")
    record = SourceRecord.objects.get(pk=saved.record_id)
    again = save_record(
        actor=desk.cataloguer, library=desk.main, marc=_record("Bến quê mới"), record=record, expected=1
    )
    assert (again.revision, again.cluster_id) == (2, saved.cluster_id)
    written = record_of(Revision.objects.get(record=record, number=2))
    before = _rows()
    same = save_record(actor=desk.cataloguer, library=desk.main, marc=written, record=record, expected=2)
    assert same.revision == 2 and _rows() == before


def test_a_save_over_somebody_elses_save_is_refused_and_changes_nothing(desk: Desk) -> None:
    record = SourceRecord.objects.get(pk=_save(desk, "Bến quê").record_id)
    save_record(actor=desk.cataloguer, library=desk.main, marc=_record("Một"), record=record, expected=1)
    before = _rows()
    with pytest.raises(ChangedMeanwhile) as caught:
        save_record(actor=desk.cataloguer, library=desk.main, marc=_record("Hai"), record=record, expected=1)
    assert caught.value.current == 2 and _rows() == before


def test_nobody_saves_or_withdraws_where_they_may_not(desk: Desk) -> None:
    record = SourceRecord.objects.get(pk=_save(desk, "Bến quê").record_id)
    before = _rows()
    for actor in (desk.librarian, desk.other_cataloguer):
        with pytest.raises(Refused):
            save_record(actor=actor, library=desk.main, marc=_record("Khác"))
        with pytest.raises(Refused):
            # the library of the record counts, not the one that is named beside it
            save_record(actor=actor, library=desk.other, marc=_record("Khác"), record=record)
        with pytest.raises(Refused):
            withdraw_record(actor=actor, record=record, expected=1)
    assert _rows() == before


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Record(BOOK, [Field("500", "", "  ", [("a", "không nhan đề")])]), "no_title"),
        (_record("Dài", Field("520", "", "  ", [("a", "x" * 10_000)])), "field_too_long_to_write"),
        (_record("Rộng", *[Field("520", "", "  ", [("a", "x" * 9_900)])] * 11), "record_too_long_to_write"),
        (_record("Lạ\x1e", Field("500", "", "  ", [("a", "y")])), "forbidden_character"),
        (Record("00000nz  a2200000n  4500", [_title("Tiêu đề")]), "authority_record"),
        (Record("00000nx  a2200000n  4500", [_title("Vốn")]), "holdings_record"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(desk: Desk, bad: Record, code: str) -> None:
    before = _rows()
    with pytest.raises(RecordRefused) as caught:
        save_record(actor=desk.cataloguer, library=desk.main, marc=bad)
    assert [p.code for p in caught.value.problems] == [code] and _rows() == before


def test_copies_are_written_and_one_that_the_desk_moved_stays_where_it_is(desk: Desk) -> None:
    record = SourceRecord.objects.get(pk=_save(desk, "Bến quê", _copy("TQ.1")).record_id)
    Item.objects.update(shelf="Kho đọc")
    save_record(
        actor=desk.cataloguer, library=desk.main, marc=_record("Quê", _copy("TQ.1"), _copy("TQ.2")), record=record
    )
    assert list(Item.objects.order_by("pk").values_list("accession_number", "shelf")) == [
        ("TQ.1", "Kho đọc"),
        ("TQ.2", "Kho mở"),
    ]


def test_a_taken_accession_number_and_a_copy_of_another_library_are_refused(desk: Desk) -> None:
    _save(desk, "Bến quê", _copy("TQ.1"))
    before = _rows()
    for field, code in ((_copy("TQ.1"), "accession_number_taken"), (_copy("K.1", "VN-T-KHAC"), "copy_elsewhere")):
        with pytest.raises(RecordRefused) as caught:
            _save(desk, "Số đỏ", field)
        assert [p.code for p in caught.value.problems] == [code] and _rows() == before


def test_a_withdrawn_record_keeps_everything_and_comes_back(desk: Desk) -> None:
    saved = _save(desk, "Bến quê", _copy("TQ.1"))
    record = SourceRecord.objects.get(pk=saved.record_id)
    Item.objects.update(status="ON_LOAN")
    with pytest.raises(RecordRefused):
        withdraw_record(actor=desk.cataloguer, record=record, expected=1, reason="trùng")
    Item.objects.update(status="AVAILABLE")
    assert withdraw_record(actor=desk.cataloguer, record=record, expected=1, reason="trùng").revision == 2
    record.refresh_from_db()
    assert record.status == "DELETED" and not Cluster.objects.get(pk=saved.cluster_id).is_active
    assert Entry.objects.get(action="catalogue.record_withdrawn").details["reason"] == "trùng"
    with pytest.raises(RecordRefused) as caught:
        save_record(actor=desk.cataloguer, library=desk.main, marc=_record("Khác"), record=record)
    assert caught.value.problems[0].code == "record_withdrawn"
    restore_revision(actor=desk.cataloguer, record=record, number=1, expected=2)
    record.refresh_from_db()
    assert record.status == "ACTIVE" and Item.objects.get().accession_number == "TQ.1"


def test_of_many_records_those_that_can_be_saved_are(desk: Desk) -> None:
    one, two, three = (_save(desk, title).record_id for title in ("Một", "Hai", "Ba"))
    changes = [(one, 1, _record("Một mới")), (two, 7, _record("Hai mới")), (three, 1, Record(BOOK, []))]
    with writing(desk.system) as w:
        result = save_many(w, changes)
    assert [(s.record_id, s.revision) for s in result.saved] == [(one, 2)]
    assert [(n.record_id, n.current, bool(n.problems)) for n in result.not_saved] == [(two, 1, False), (three, 0, True)]
    titles = dict(SourceRecord.objects.values_list("pk", "cluster__title"))
    assert titles == {one: "Một mới", two: "Hai", three: "Ba"}


@pytest.mark.django_db(transaction=True)
def test_two_people_saving_at_once_make_one_revision_and_two_numbers() -> None:
    desk = make_desk()
    record = SourceRecord.objects.get(pk=_save(desk, "Bến quê").record_id)
    barrier, outcomes = Barrier(2), []

    def save(title: str) -> None:
        barrier.wait()
        try:
            _save(desk, title + " riêng")
            save_record(actor=desk.cataloguer, library=desk.main, marc=_record(title), record=record, expected=1)
            outcomes.append("saved")
        except ChangedMeanwhile:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=save, args=(title,)) for title in ("Một", "Hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record.refresh_from_db()
    assert sorted(outcomes) == ["refused", "saved"] and record.revision == 2
    assert sorted(SourceRecord.objects.values_list("control_number", flat=True)) == [
        "LT00000001",
        "LT00000002",
        "LT00000003",
    ]
