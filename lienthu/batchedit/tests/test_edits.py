"""A batch edit from selection to return: what it writes, what it leaves alone, what a kill cannot break."""

from dataclasses import replace

import pytest

from lienthu.audit.models import Entry
from lienthu.audit.queries import verify
from lienthu.batchedit.actions import running
from lienthu.batchedit.actions.drafting import change_draft, drop_draft
from lienthu.batchedit.actions.previewing import preview_edit, request_preview
from lienthu.batchedit.actions.returning import request_return, return_edit
from lienthu.batchedit.actions.runners import NotPossible
from lienthu.batchedit.actions.running import request_run, request_stop, run_edit
from lienthu.batchedit.jobs import work_on_edit
from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.policy.steps import Condition, Step
from lienthu.batchedit.queries.outcomes import outcome_counts
from lienthu.batchedit.tests.conftest import PAGES, Network, book, books, fresh, lines, revision_of
from lienthu.catalogue.actions.curating import lock_field
from lienthu.catalogue.actions.saving import save_record
from lienthu.catalogue.models import Item, Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import cluster, copies, field
from lienthu.identity.access import Refused
from lienthu.identity.models import Grant


def _save_as(network: Network, number: str, note: str) -> None:
    """Somebody else edits a record at the desk."""
    record = SourceRecord.objects.get(control_number=number)
    marc = record_of(record.revisions.get(number=record.revision))
    marc.fields.append(field("500", "  ", ("a", note)))
    save_record(actor=network.colleague.actor, library=network.home, marc=marc, record=record, expected=record.revision)


def test_text_is_replaced_in_the_chosen_records_and_put_back(network: Network) -> None:
    books(network.home, book("b1"), book("b2", pages="10 trang"), book("b3"))
    books(network.other, book("c1"))
    before = {one.control_number: bytes(one.digest) for one in SourceRecord.objects.all()}
    edit = network.preview(network.begin(PAGES))
    assert (edit.state, edit.total) == ("PREVIEWED", 3)
    assert outcome_counts(edit) == {"PLANNED": 2, "UNCHANGED": 1}
    assert {one.control_number: bytes(one.digest) for one in SourceRecord.objects.all()} == before
    edit = network.run(edit)
    assert outcome_counts(edit) == {"CHANGED": 2, "UNCHANGED": 1}
    assert (lines("b1", "300"), revision_of("b1")) == (["=300    $a226 trang"], 2)
    assert (lines("c1", "300"), revision_of("c1")) == (["=300    $a226 tr."], 1)
    edit = network.give_back(edit)
    assert edit.state == "REVERTED"
    assert outcome_counts(edit) == {"RESTORED": 2, "UNCHANGED": 1}
    assert {one.control_number: bytes(one.digest) for one in SourceRecord.objects.all()} == before
    entries = Entry.objects.filter(action__startswith="batchedit").order_by("seq")
    assert list(entries.values_list("action", flat=True)) == [
        "batchedit.run_started",
        "batchedit.records_edited",
        "batchedit.run_finished",
        "batchedit.return_started",
        "batchedit.records_returned",
        "batchedit.return_finished",
    ]
    assert verify().ok


def test_a_list_takes_each_kind_of_number_and_names_what_it_does_not_know(network: Network) -> None:
    isbn = field("020", "  ", ("a", "9786041000001"))
    books(network.home, book("b1"), book("b2", isbn), book("b3"), book("b4"))
    books(network.other, book("c1"))
    copies("b3", network.home, ["AVAILABLE"])
    wanted = ["b1", "978-604-1-00000-1", "VN-T-XA.b3.1", f"/bieu-ghi/{cluster('b4').public_id}", "c1", "khong-co", "b1"]
    edit = network.preview(network.begin(PAGES, lines=wanted))
    assert sorted(edit.records.values_list("record__control_number", flat=True)) == ["b1", "b2", "b3", "b4"]
    assert edit.not_found == [["c1", "elsewhere"], ["khong-co", "not_found"]]


def test_a_record_that_somebody_saved_since_the_preview_is_skipped_and_one_saved_after_the_run_is_kept(
    network: Network,
) -> None:
    books(network.home, book("b1"), book("b2"), book("b3"))
    edit = network.preview(network.begin(PAGES))
    _save_as(network, "b1", "Người khác viết")
    edit = network.run(edit)
    assert outcome_counts(edit) == {"SKIPPED": 1, "CHANGED": 2}
    assert lines("b1", "300", "500") == ["=300    $a226 tr.", "=500    $aNgười khác viết"]
    _save_as(network, "b2", "Viết sau")
    edit = network.give_back(edit)
    assert outcome_counts(edit) == {"SKIPPED": 1, "KEPT": 1, "RESTORED": 1}
    assert lines("b2", "300", "500") == ["=300    $a226 trang", "=500    $aViết sau"]
    assert lines("b3", "300") == ["=300    $a226 tr."]


def test_of_two_overlapping_edits_the_second_skips_what_the_first_changed(network: Network) -> None:
    books(network.home, *(book(f"b{n}") for n in range(5)))
    first = network.preview(network.begin(PAGES, lines=["b0", "b1", "b2"]))
    second = network.preview(network.begin(replace(PAGES, value="p."), lines=["b2", "b3"]))
    assert outcome_counts(network.run(first)) == {"CHANGED": 3}
    assert outcome_counts(network.run(second)) == {"SKIPPED": 1, "CHANGED": 1}
    assert lines("b2", "300") == ["=300    $a226 trang"]


def test_a_killed_run_and_a_killed_return_go_on_where_they_were(network: Network, monkeypatch) -> None:
    books(network.home, *(book(f"b{n:02d}") for n in range(10)))
    monkeypatch.setattr(running, "CHUNK", 3)
    edit = network.preview(network.begin(PAGES))
    request_run(actor=network.actor, edit=edit, version=edit.version)

    def kill(now: BatchEdit) -> None:
        if now.done >= 6:
            raise SystemExit

    with pytest.raises(SystemExit):
        run_edit(actor=network.actor, edit=fresh(edit), progress=kill)
    assert outcome_counts(edit) == {"CHANGED": 6, "PLANNED": 4}
    work_on_edit(edit.pk)
    assert outcome_counts(edit) == {"CHANGED": 10}
    assert set(SourceRecord.objects.values_list("revision", flat=True)) == {2}
    work_on_edit(edit.pk)
    assert Revision.objects.count() == 20
    monkeypatch.setattr("lienthu.batchedit.actions.returning.CHUNK", 3)
    request_return(actor=network.actor, edit=edit)
    with pytest.raises(SystemExit):
        return_edit(actor=network.actor, edit=fresh(edit), progress=kill)
    assert outcome_counts(edit) == {"RESTORED": 6, "CHANGED": 4}
    work_on_edit(edit.pk)
    assert outcome_counts(edit) == {"RESTORED": 10}
    assert fresh(edit).state == "REVERTED"


def test_a_run_is_stopped_between_chunks_and_goes_on_or_is_taken_back(network: Network, monkeypatch) -> None:
    books(network.home, *(book(f"b{n}") for n in range(6)))
    monkeypatch.setattr(running, "CHUNK", 2)
    edit = network.preview(network.begin(PAGES))
    request_run(actor=network.actor, edit=edit, version=edit.version)
    run_edit(
        actor=network.actor,
        edit=fresh(edit),
        progress=lambda now: request_stop(actor=network.colleague.actor, edit=now),
    )
    assert (fresh(edit).state, outcome_counts(edit)) == ("STOPPED", {"CHANGED": 2, "PLANNED": 4})
    edit = network.run(edit)
    assert (edit.state, outcome_counts(edit)) == ("DONE", {"CHANGED": 6})
    assert outcome_counts(network.give_back(edit)) == {"RESTORED": 6}


def test_locked_fields_new_faults_and_a_lost_minimum_refuse_a_record(network: Network) -> None:
    books(network.home, book("b1"), book("b2"), book("b3", field("653", "  ", ("a", "Thơ"))))
    lock_field(actor=network.actor, cluster=cluster("b1"), field="extent", value="226 tr.")
    edit = network.preview(network.begin(PAGES))
    row = edit.records.get(record__control_number="b1")
    assert (row.outcome, row.why) == ("REFUSED", [{"code": "locked", "field": "extent"}])
    second_title = Step(kind="add_field", tag="245", indicators="10", value="$a Nhan đề thứ hai")
    edit = network.preview(network.begin(second_title))
    assert outcome_counts(edit) == {"REFUSED": 3}
    assert {row.why[0]["finding"] for row in edit.records.all()} == {"field_not_repeatable"}
    edit = network.preview(network.begin(Step(kind="delete_field", tag="653")))
    row = edit.records.get(outcome="REFUSED")
    assert row.why == [{"code": "minimum", "demand": "keyword"}]
    change_draft(actor=network.actor, edit=edit, version=edit.version, allow_loss=True)
    edit = network.preview(edit)
    assert outcome_counts(edit) == {"PLANNED": 1, "UNCHANGED": 2}


def test_a_field_that_is_locked_after_the_preview_is_left_by_the_run(network: Network) -> None:
    books(network.home, book("b1"), book("b2"))
    edit = network.preview(network.begin(PAGES))
    lock_field(actor=network.actor, cluster=cluster("b1"), field="extent", value="226 tr.")
    edit = network.run(edit)
    assert outcome_counts(edit) == {"REFUSED": 1, "CHANGED": 1}
    assert revision_of("b1") == 1


def test_a_record_with_an_old_fault_can_be_mended(network: Network) -> None:
    """Two main entries are a fault, yet other things of the record can be put right."""
    books(network.home, book("b1", field("100", "0 ", ("a", "Nguyễn Du")), field("110", "2 ", ("a", "Hội"))))
    assert outcome_counts(network.run(network.preview(network.begin(PAGES)))) == {"CHANGED": 1}


def test_copies_change_with_their_records_and_come_back(network: Network) -> None:
    books(network.home, book("b1"), book("b2"))
    one, two = copies("b1", network.home, ["AVAILABLE", "AVAILABLE"])
    (away,) = copies("b2", network.home, ["ON_LOAN"])
    steps = (
        PAGES,
        Step(kind="set_copies", number="shelf", value="Kho đọc"),
        Step(kind="set_copies", number="status", value="REFERENCE_ONLY"),
        Step(kind="call_prefix", find="895", value="VN 895"),
    )
    edit = network.preview(network.begin(*steps, lines=[one.accession_number, "b2"]))
    assert edit.records.get(record__control_number="b2").why == [{"code": "copy_away", "number": away.accession_number}]
    edit = network.run(edit)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.shelf, one.status, one.call_number) == ("Kho đọc", "REFERENCE_ONLY", "VN 895.9221 NG527")
    assert (two.shelf, two.status) == ("Kho mở", "AVAILABLE")
    assert outcome_counts(edit) == {"CHANGED": 1, "REFUSED": 1}
    network.give_back(edit)
    one.refresh_from_db()
    assert (one.shelf, one.status, one.call_number) == ("Kho mở", "AVAILABLE", "895.9221 NG527")
    assert lines("b1", "300") == ["=300    $a226 tr."]


def test_a_copy_that_was_changed_after_the_run_keeps_its_record_from_being_returned(network: Network) -> None:
    books(network.home, book("b1"))
    (one,) = copies("b1", network.home, ["AVAILABLE"])
    edit = network.run(network.preview(network.begin(Step(kind="set_copies", number="shelf", value="Kho đọc"))))
    assert outcome_counts(edit) == {"CHANGED": 1}
    Item.objects.filter(pk=one.pk).update(shelf="Kho ba")
    edit = network.give_back(edit)
    one.refresh_from_db()
    assert (outcome_counts(edit), one.shelf) == ({"KEPT": 1}, "Kho ba")


def test_conditions_choose_records_and_say_why_the_others_stay(network: Network) -> None:
    books(network.home, book("b1", field("041", "0 ", ("a", "eng"))), book("b2"))
    condition = Condition(tag="041", code="a", test="equals", text="eng")
    edit = network.preview(network.begin(replace(PAGES, condition=condition)))
    assert outcome_counts(edit) == {"PLANNED": 1, "UNCHANGED": 1}
    assert edit.records.get(outcome="UNCHANGED").why == [{"code": "condition"}]


def test_nothing_found_or_too_much_leaves_a_draft_that_says_so(network: Network, settings) -> None:
    books(network.home, book("b1"), book("b2"))
    edit = network.preview(network.begin(PAGES, lines=["khong-co"]))
    assert (edit.state, edit.problem) == ("DRAFT", {"code": "empty", "count": 0, "most": 50_000})
    settings.BATCH_EDIT_MOST = 1
    edit = network.preview(network.begin(PAGES))
    assert (edit.state, edit.problem) == ("DRAFT", {"code": "too_many", "count": 2, "most": 1})
    assert not edit.records.exists()


def test_a_preview_that_is_void_cannot_be_run(network: Network) -> None:
    books(network.home, book("b1"))
    edit = network.preview(network.begin(PAGES))
    seen = edit.version
    change_draft(actor=network.colleague.actor, edit=edit, version=seen, steps=[replace(PAGES, value="t.")])
    with pytest.raises(NotPossible, match="state"):
        request_run(actor=network.actor, edit=edit, version=seen)
    with pytest.raises(NotPossible, match="version"):
        change_draft(actor=network.actor, edit=edit, version=seen, title="Khác")
    network.preview(edit)
    with pytest.raises(NotPossible, match="version"):
        request_run(actor=network.actor, edit=edit, version=seen)
    assert revision_of("b1") == 1


def test_who_may_not_edit_there_changes_nothing(network: Network) -> None:
    books(network.home, book("b1"))
    edit = network.preview(network.begin(PAGES))
    for person in (network.other_cataloguer, network.librarian):
        for deed in (
            lambda actor: request_preview(actor=actor, edit=edit),
            lambda actor: request_run(actor=actor, edit=edit, version=edit.version),
            lambda actor: change_draft(actor=actor, edit=edit, version=edit.version, title="x"),
            lambda actor: drop_draft(actor=actor, edit=edit),
        ):
            with pytest.raises(Refused):
                deed(person.actor)
    assert (fresh(edit).state, fresh(edit).title, revision_of("b1")) == ("PREVIEWED", "Thử", 1)


def test_a_run_whose_asker_lost_the_role_stops_and_somebody_else_goes_on(network: Network, monkeypatch) -> None:
    books(network.home, *(book(f"b{n}") for n in range(4)))
    monkeypatch.setattr(running, "CHUNK", 2)
    edit = network.preview(network.begin(PAGES))
    request_run(actor=network.actor, edit=edit, version=edit.version)
    Grant.objects.filter(account=network.cataloguer.account).delete()
    work_on_edit(edit.pk)
    edit = fresh(edit)
    assert (edit.state, edit.problem) == ("STOPPED", {"code": "not_allowed"})
    assert revision_of("b0") == 1
    request_run(actor=network.colleague.actor, edit=edit, version=edit.version)
    work_on_edit(edit.pk)
    assert outcome_counts(edit) == {"CHANGED": 4}


def test_a_killed_preview_goes_on_and_judges_every_record_once(network: Network, monkeypatch) -> None:
    books(network.home, *(book(f"b{n}") for n in range(5)))
    monkeypatch.setattr("lienthu.batchedit.actions.previewing.CHUNK", 2)
    edit = network.begin(PAGES)
    request_preview(actor=network.actor, edit=edit)

    def kill(now: BatchEdit) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        preview_edit(actor=network.actor, edit=fresh(edit), progress=kill)
    books(network.home, book("late"))
    work_on_edit(edit.pk)
    assert (fresh(edit).state, fresh(edit).done, outcome_counts(edit)) == ("PREVIEWED", 5, {"PLANNED": 5})
