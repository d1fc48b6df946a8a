"""A change of a preferred form reaches the records, in the background, and can be taken back."""

from dataclasses import replace

import pytest

from lienthu.authorities.actions import (
    AuthorityData,
    ChangedMeanwhile,
    NotPossible,
    align_records,
    carrying,
    edit_authority,
    merge_authorities,
    request_return,
    split_authority,
)
from lienthu.authorities.models import Authority, Change, Form
from lienthu.authorities.policy.forms import person_form
from lienthu.authorities.queries.outcomes import outcome_counts
from lienthu.authorities.tests.conftest import File, book, by, lines, revision_of
from lienthu.catalogue.actions.records import restore_revision
from lienthu.catalogue.models import HeadingLink, Revision, SourceRecord
from lienthu.catalogue.tests.factories import field
from lienthu.identity.access import Refused

DU = person_form(name="Nguyễn Du", dates="1765-1820")


def rename(file: File, authority: Authority, form=DU, **more) -> Change:
    edited = edit_authority(
        actor=file.actor, authority_id=authority.pk, expected=authority.version, form=form, data=AuthorityData(), **more
    )
    assert edited.change is not None
    return edited.change


def test_another_preferred_form_reaches_three_hundred_records_of_two_libraries(file: File, books) -> None:
    books(*(book(f"a{n:03}", by(("a", "Nguyễn Du"))) for n in range(200)))
    books(
        *(book(f"b{n:03}", by(("a", "Nguyễn Du,"), ("e", "tác giả."), tag="700")) for n in range(100)), into=file.other
    )
    change = rename(file, file.authority("Nguyễn Du"))
    assert (change.state, change.total, change.done) == ("WAITING", 300, 0)
    seen: list[int] = []
    done = carrying.carry_change(actor=file.actor, change=change, progress=lambda now: seen.append(now.done))
    assert seen == [100, 200, 300]
    assert (done.state, done.done, outcome_counts(done)) == ("DONE", 300, {"CHANGED": 300})
    assert lines("a000", "100") == ["=100  0 $aNguyễn Du,$d1765-1820"]
    assert lines("b099", "700") == ["=700  0 $aNguyễn Du,$d1765-1820,$etác giả."]
    assert HeadingLink.objects.filter(heading__text="Nguyễn Du, 1765-1820").count() == 300
    assert not HeadingLink.objects.filter(heading__text="Nguyễn Du").exists()
    newest = Revision.objects.get(record__control_number="b099", number=2)
    assert (newest.change, newest.actor_name) == ("UPDATED", file.keeper.actor.name)


def test_taking_the_change_back_restores_every_record_and_the_authority(file: File, books) -> None:
    books(*(book(f"a{n}", by(("a", "Nguyễn Du"))) for n in range(3)))
    authority = file.authority("Nguyễn Du")
    before = lines("a1", "001", "100", "245")
    change = file.carry(rename(file, authority))
    request_return(actor=file.actor, change=change)
    returned = file.give_back(change)
    assert (returned.state, returned.undone, outcome_counts(returned)) == ("REVERTED", 3, {"RESTORED": 3})
    assert lines("a1", "001", "100", "245") == before
    authority.refresh_from_db()
    assert authority.text == "Nguyễn Du"
    assert list(authority.forms.values_list("heading__text", "is_preferred")) == [("Nguyễn Du", True)]


def test_a_record_that_was_saved_after_the_change_is_kept_and_listed(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))), book("a2", by(("a", "Nguyễn Du"))))
    change = file.carry(rename(file, file.authority("Nguyễn Du")))
    record = SourceRecord.objects.select_related("library__scope").get(control_number="a2")
    restore_revision(actor=file.actor, record=record, number=1, expected=2)
    request_return(actor=file.actor, change=change)
    assert outcome_counts(file.give_back(change)) == {"RESTORED": 1, "KEPT": 1}
    assert revision_of("a2") == 3


def test_a_killed_job_goes_on_where_it_was(file: File, books, monkeypatch) -> None:
    books(*(book(f"a{n:03}", by(("a", "Nguyễn Du"))) for n in range(250)))
    change = rename(file, file.authority("Nguyễn Du"))

    class Killed(BaseException):
        pass

    def kill(now: Change) -> None:
        raise Killed

    with pytest.raises(Killed):
        carrying.carry_change(actor=file.actor, change=change, progress=kill)
    change.refresh_from_db()
    assert (change.state, change.done) == ("RUNNING", 100)
    done = file.carry(change)
    assert (done.state, done.done, outcome_counts(done)) == ("DONE", 250, {"CHANGED": 250})
    assert {revision_of(f"a{n:03}") for n in range(250)} == {2}


def test_a_record_that_somebody_saves_meanwhile_keeps_their_words_too(file: File, books) -> None:
    books(*(book(f"a{n:03}", by(("a", "Nguyễn Du"))) for n in range(120)))
    change = rename(file, file.authority("Nguyễn Du"))

    def edit(now: Change) -> None:
        if now.done == 100:
            books(book("a119", by(("a", "Nguyễn Du")), field("500", "  ", ("a", "Lời người khác vừa ghi"))))

    carrying.carry_change(actor=file.actor, change=change, progress=edit)
    assert lines("a119", "100", "500") == ["=100  0 $aNguyễn Du,$d1765-1820", "=500    $aLời người khác vừa ghi"]


def test_a_record_that_comes_with_the_old_form_meanwhile_is_reached_too(file: File, books) -> None:
    books(*(book(f"a{n:03}", by(("a", "Nguyễn Du"))) for n in range(100)))
    change = rename(file, file.authority("Nguyễn Du"))

    def add(now: Change) -> None:
        if now.done == 100:
            books(book("new", by(("a", "Nguyễn Du"))))

    done = carrying.carry_change(actor=file.actor, change=change, progress=add)
    assert (done.total, done.done) == (101, 101)
    assert lines("new", "100") == ["=100  0 $aNguyễn Du,$d1765-1820"]


def test_a_locked_field_is_skipped_and_listed(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))), book("a2", by(("a", "Nguyễn Du"))))
    record = SourceRecord.objects.get(control_number="a1")
    record.cluster.locks.create(field="authors", actor_name="Cán bộ biên mục")
    done = file.carry(rename(file, file.authority("Nguyễn Du")))
    assert outcome_counts(done) == {"CHANGED": 1, "LOCKED": 1}
    assert done.records.get(state="LOCKED").record_id == record.pk
    assert lines("a1", "100") == ["=100  0 $aNguyễn Du"]


def test_headings_with_divisions_follow_their_main_part(file: File, books) -> None:
    books(
        book("s1", field("650", " 4", ("a", "Dân ca"), ("z", "Tuyên Quang."))),
        book("s2", field("653", "  ", ("a", "Dân ca"), ("a", "Hát then"))),
        book("s3", field("650", " 4", ("a", "Dân ca Nam Bộ."))),
    )
    authority = file.authority("Dân ca", "TOPIC")
    form = replace(DU, kind="TOPIC", subfields=(("a", "Dân ca Việt Nam"),), indicators="  ")
    file.carry(rename(file, authority, form=form))
    assert lines("s1", "650") == ["=650   4$aDân ca Việt Nam$zTuyên Quang."]
    assert lines("s2", "653") == ["=653    $aDân ca Việt Nam$aHát then"]
    assert revision_of("s3") == 1


def test_a_heading_that_has_divisions_itself_is_replaced_with_what_follows_kept(file: File, books) -> None:
    books(
        book("s1", field("651", " 0", ("a", "Vietnam"), ("x", "History"), ("y", "1945-1975."))),
        book("s2", field("651", " 0", ("a", "Vietnam"), ("x", "History."))),
        book("s3", field("651", " 0", ("a", "Vietnam"), ("x", "Economic policy"))),
    )
    authority = file.authority("Vietnam -- History", "PLACE")
    form = replace(DU, kind="PLACE", subfields=(("a", "Việt Nam"), ("x", "Lịch sử")), indicators="  ")
    file.carry(rename(file, authority, form=form))
    assert [lines(number, "651") for number in ("s1", "s2", "s3")] == [
        ["=651   0$aViệt Nam$xLịch sử$y1945-1975."],
        ["=651   0$aViệt Nam$xLịch sử."],
        ["=651   0$aVietnam$xEconomic policy"],
    ]


def test_two_headings_become_one_and_two_again(file: File, books) -> None:
    books(
        book("a1", by(("a", "Nguyễn Du,"), ("d", "1765-1820."))),
        book("a2", by(("a", "Nguyễn Du"))),
        book("a3", by(("a", "Nguyễn Du"), tag="600", indicators="04")),
    )
    keep, absorb = file.authority("Nguyễn Du, 1765-1820"), file.authority("Nguyễn Du")
    change = merge_authorities(
        actor=file.actor, keep_id=keep.pk, absorb_id=absorb.pk, keep_expected=1, absorb_expected=1
    )
    file.carry(change)
    absorb.refresh_from_db()
    assert (absorb.status, absorb.merged_into_id, absorb.forms.count()) == ("MERGED", keep.pk, 0)
    assert lines("a2", "100") == ["=100  0 $aNguyễn Du,$d1765-1820"]
    assert lines("a3", "600") == ["=600  04$aNguyễn Du,$d1765-1820"]
    assert revision_of("a1") == 1
    request_return(actor=file.actor, change=change)
    file.give_back(change)
    absorb.refresh_from_db()
    assert (absorb.status, absorb.merged_into_id) == ("ACTIVE", None)
    assert lines("a2", "100") == ["=100  0 $aNguyễn Du"]
    assert sorted(Form.objects.values_list("authority", "heading__text")) == sorted(
        [(keep.pk, "Nguyễn Du, 1765-1820"), (absorb.pk, "Nguyễn Du")]
    )


def test_one_heading_becomes_two_for_the_chosen_records(file: File, books) -> None:
    books(*(book(f"a{n}", by(("a", "Trần Văn Giàu"))) for n in (1, 2, 3)))
    authority = file.authority("Trần Văn Giàu")
    chosen = SourceRecord.objects.get(control_number="a2")
    change = split_authority(
        actor=file.actor, authority_id=authority.pk, expected=1, record_ids=[chosen.pk],
        form=person_form(name="Trần Văn Giàu", title="nhà báo"),
    )  # fmt: skip
    file.carry(change)
    assert [lines(f"a{n}", "100") for n in (1, 2, 3)] == [
        ["=100  0 $aTrần Văn Giàu"],
        ["=100  0 $aTrần Văn Giàu,$cnhà báo"],
        ["=100  0 $aTrần Văn Giàu"],
    ]
    request_return(actor=file.actor, change=change)
    file.give_back(change)
    assert lines("a2", "100") == ["=100  0 $aTrần Văn Giàu"]
    assert Authority.objects.get(text="Trần Văn Giàu, nhà báo").status == "DELETED"


def test_records_that_use_a_variant_take_the_preferred_form_when_asked(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))), book("a2", by(("a", "Tố Như"))))
    authority = file.authority("Nguyễn Du")
    data = AuthorityData(variants=(person_form(name="Tố Như"),))
    edit_authority(
        actor=file.actor, authority_id=authority.pk, expected=1, form=person_form(name="Nguyễn Du"), data=data
    )
    assert lines("a2", "100") == ["=100  0 $aTố Như"]
    file.carry(align_records(actor=file.actor, authority=authority, expected=2))
    assert lines("a2", "100") == ["=100  0 $aNguyễn Du"]


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    authority = file.authority("Nguyễn Du")
    form = person_form(name="Nguyễn Du")
    common = {"authority_id": authority.pk, "expected": 1, "form": form}
    edit_authority(actor=file.actor, data=AuthorityData(note="Của người thứ nhất"), **common)
    with pytest.raises(ChangedMeanwhile) as met:
        edit_authority(actor=file.second_keeper.actor, data=AuthorityData(note="Của người thứ hai"), **common)
    assert met.value.current == 2
    authority.refresh_from_db()
    assert (authority.note, authority.version, authority.revisions.count()) == ("Của người thứ nhất", 2, 2)


def test_a_form_that_another_authority_prefers_is_refused(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))), book("a2", by(("a", "Tố Như"))))
    authority, _other = file.authority("Nguyễn Du"), file.authority("Tố Như")
    with pytest.raises(NotPossible, match="hãy gộp"):
        rename(file, authority, form=person_form(name="Tố Như"))
    assert Change.objects.count() == 0
    assert Authority.objects.get(pk=authority.pk).version == 1


def test_who_may_edit_only_at_a_library_or_nowhere_changes_nothing(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    authority = file.authority("Nguyễn Du")
    for person in (file.cataloguer, file.reader):
        with pytest.raises(Refused):
            edit_authority(
                actor=person.actor, authority_id=authority.pk, expected=1, form=DU, data=AuthorityData(note="x")
            )
    authority.refresh_from_db()
    assert (authority.text, authority.note, authority.version, revision_of("a1")) == ("Nguyễn Du", "", 1, 1)


def test_a_second_change_waits_for_the_first(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    authority = file.authority("Nguyễn Du")
    rename(file, authority)
    authority.refresh_from_db()
    with pytest.raises(NotPossible, match="Hãy đợi"):
        rename(file, authority, form=person_form(name="Nguyễn Tiên Điền"))


def test_a_change_is_not_taken_back_past_a_later_one(file: File, books) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    authority = file.authority("Nguyễn Du")
    first = file.carry(rename(file, authority))
    authority.refresh_from_db()
    file.carry(rename(file, authority, form=person_form(name="Nguyễn Du", dates="1766-1820")))
    with pytest.raises(NotPossible, match="Nguyễn Du, 1766-1820"):
        request_return(actor=file.actor, change=first)
    assert lines("a1", "100") == ["=100  0 $aNguyễn Du,$d1766-1820"]
