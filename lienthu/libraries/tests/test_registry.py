from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lienthu.audit.models import Entry
from lienthu.identity.access import VISITOR, Refused
from lienthu.identity.models import Grant, Scope
from lienthu.kernel import clock
from lienthu.libraries.actions import (
    BranchData,
    EventData,
    LibraryData,
    NotPossible,
    add_branch,
    add_exception,
    close_branch,
    create_library,
    edit_library,
    load_services,
    record_event,
    set_services,
    set_week,
)
from lienthu.libraries.actions.hours import read_spans
from lienthu.libraries.models import Branch, Library, LifecycleEvent, LifecycleSuccessor, OpeningSpan
from lienthu.libraries.queries import (
    LibraryFilter,
    find_libraries,
    library_by_code,
    library_names,
    predecessors_of,
    resolve_code,
    timetable_of,
)
from lienthu.libraries.tests.factories import SYSTEM, library, person, root_scope

pytestmark = pytest.mark.django_db

WEEK = ((read_spans("07:30-11:30, 13h30–17h"),) * 5) + ((), ())


def data_of(row: Library, **changes: object) -> LibraryData:
    return replace(LibraryData(name_vi=row.name_vi, kind=row.kind), **changes)  # type: ignore[arg-type]


def test_a_new_library_gets_its_place_in_the_tree_of_permissions() -> None:
    row = library("VN-TQ-X-A", "Thư viện xã A")
    assert (row.scope.code, row.scope.kind, row.scope.name) == ("VN-TQ-X-A", "LIBRARY", "Thư viện xã A")
    assert row.scope.parent == root_scope()
    assert Entry.objects.filter(action="libraries.add_library", target_id="VN-TQ-X-A").count() == 1


@pytest.mark.parametrize("code", ["TQ-A", "VN-TQ X", "VN-TQ-0123456789AB", ""])
def test_a_code_of_another_form_is_refused_and_nothing_is_made(code: str) -> None:
    root = root_scope()
    with pytest.raises(NotPossible) as caught:
        create_library(actor=SYSTEM, code=code, data=LibraryData(name_vi="A", kind="COMMUNE"), under=root)
    assert caught.value.field == "code"
    assert Library.objects.count() == 0
    assert Scope.objects.count() == 1


def test_codes_that_differ_in_case_are_the_same_code() -> None:
    library("VN-TQ-A", "A")
    with pytest.raises(NotPossible):
        library("VN-tq-a", "B")
    assert Library.objects.count() == 1
    assert library_by_code("vn-tq-a") is not None


def test_the_database_itself_refuses_a_malformed_code() -> None:
    row = library("VN-TQ-A", "A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Library.objects.filter(pk=row.pk).update(code="TQ A")


def test_a_commune_manager_edits_the_own_library_only() -> None:
    mine, other = library("VN-A", "Thư viện xã A"), library("VN-B", "Thư viện xã B")
    manager = person("phu-trach-a", "LIBRARY_MANAGER", mine.scope).actor
    assert edit_library(actor=manager, library=mine, data=data_of(mine, phone="113")) == ("phone",)
    entries = Entry.objects.count()
    refused = [
        lambda: edit_library(actor=manager, library=other, data=data_of(other, phone="113")),
        lambda: set_services(actor=manager, library=other, offers={}),
        lambda: set_week(actor=manager, library=other, week=WEEK),
        lambda: add_branch(actor=manager, library=other, code="B1", data=BranchData(name_vi="B1", kind="BOOKCASE")),
        lambda: add_exception(actor=manager, library=other, first=date(2026, 1, 1), last=date(2026, 1, 1), reason="x"),
        lambda: record_event(actor=manager, library=mine, data=EventData(kind="DISSOLVED", on=date(2026, 1, 1))),
        lambda: create_library(
            actor=manager, code="VN-C", data=LibraryData(name_vi="C", kind="COMMUNE"), under=root_scope()
        ),
    ]
    for attempt in refused:
        with pytest.raises(Refused):
            attempt()
    other.refresh_from_db()
    assert (other.phone, OpeningSpan.objects.count(), Branch.objects.count()) == ("", 0, 0)
    assert (Library.objects.count(), LifecycleEvent.objects.count()) == (2, 0)
    assert Entry.objects.count() == entries


def test_a_manager_does_not_rename_or_hide_the_library_by_editing_it() -> None:
    mine = library("VN-A", "Thư viện xã A")
    manager = person("phu-trach-a", "LIBRARY_MANAGER", mine.scope).actor
    for changes in ({"name_vi": "Khác"}, {"kind": "PRIVATE"}, {"listed": False}):
        with pytest.raises(Refused):
            edit_library(actor=manager, library=mine, data=data_of(mine, **changes))
    mine.refresh_from_db()
    assert (mine.name_vi, mine.kind, mine.listed) == ("Thư viện xã A", "COMMUNE", True)


def test_a_visitor_changes_nothing() -> None:
    row = library("VN-A", "A")
    with pytest.raises(Refused):
        edit_library(actor=VISITOR, library=row, data=data_of(row, phone="1"))
    assert Library.objects.get().phone == ""


def test_editing_without_a_change_writes_nothing() -> None:
    row = library("VN-A", "A")
    entries = Entry.objects.count()
    assert edit_library(actor=SYSTEM, library=row, data=data_of(row)) == ()
    assert Entry.objects.count() == entries


class TestLifeCycle:
    def test_an_old_code_leads_to_its_successor_through_several_mergers(self) -> None:
        a, b, c = (library(f"VN-{x}", x) for x in "ABC")
        record_event(actor=SYSTEM, library=a, data=EventData(kind="MERGED", on=date(2024, 1, 1), successors=(b,)))
        record_event(actor=SYSTEM, library=b, data=EventData(kind="MERGED", on=date(2025, 7, 1), successors=(c,)))
        resolved = resolve_code("VN-A")
        assert resolved is not None
        assert (resolved.library, resolved.asked, resolved.moved) == (c, a, True)
        assert [event.library for event in predecessors_of(c)] == [b]

    def test_a_circle_in_old_data_ends(self) -> None:
        a, b = library("VN-A", "A"), library("VN-B", "B")
        for one, other in ((a, b), (b, a)):
            event = LifecycleEvent.objects.create(library=one, kind="MERGED", date=date(2025, 7, 1))
            LifecycleSuccessor.objects.create(event=event, library=other)
        Library.objects.update(status="MERGED")
        found = library_by_code("VN-A")
        assert found is not None
        assert found.code == "VN-B"

    def test_a_merger_back_to_itself_is_refused(self) -> None:
        a, b = library("VN-A", "A"), library("VN-B", "B")
        record_event(actor=SYSTEM, library=a, data=EventData(kind="MERGED", on=date(2024, 1, 1), successors=(b,)))
        with pytest.raises(NotPossible):
            record_event(actor=SYSTEM, library=b, data=EventData(kind="MERGED", on=date(2025, 1, 1), successors=(a,)))
        b.refresh_from_db()
        assert (b.status, LifecycleEvent.objects.count()) == ("ACTIVE", 1)

    def test_a_dissolved_library_goes_to_the_first_successor_and_names_the_others(self) -> None:
        a, b, c = (library(f"VN-{x}", x) for x in "ABC")
        data = EventData(kind="DISSOLVED", on=date(2025, 7, 1), successors=(c, b))
        record_event(actor=SYSTEM, library=a, data=data)
        resolved = resolve_code("VN-A")
        assert resolved is not None
        assert (resolved.library, resolved.others) == (c, (b,))

    def test_closing_ends_service_points_and_hands_roles_to_the_successor(self) -> None:
        a, b = library("VN-A", "A"), library("VN-B", "B")
        branch = add_branch(actor=SYSTEM, library=a, code="T1", data=BranchData(name_vi="Tủ sách", kind="BOOKCASE"))
        manager = person("phu-trach-a", "LIBRARY_MANAGER", a.scope)
        today = clock.today()
        record_event(actor=SYSTEM, library=a, data=EventData(kind="MERGED", on=today, successors=(b,)))
        branch.refresh_from_db()
        assert branch.closed_date == today
        scope = Scope.objects.get(code="VN-A")
        assert (scope.closed_date, scope.successor) == (today, b.scope)
        assert list(Grant.objects.filter(account=manager.account, revoked_at=None).values_list("scope__code")) == [
            ("VN-B",)
        ]

    def test_a_transfer_without_a_successor_keeps_the_code_and_changes_the_parent(self) -> None:
        a, b = library("VN-A", "A"), library("VN-B", "B")
        record_event(actor=SYSTEM, library=a, data=EventData(kind="TRANSFERRED", on=date(2025, 7, 1), parent=b))
        a.refresh_from_db()
        assert (a.status, a.parent) == ("ACTIVE", b)

    def test_renaming_keeps_the_old_name_in_the_history(self) -> None:
        a = library("VN-A", "Thư viện huyện A")
        event = record_event(
            actor=SYSTEM, library=a, data=EventData(kind="RENAMED", on=date(2025, 7, 1), new_name="Thư viện khu vực A")
        )
        a.refresh_from_db()
        assert (event.old_name, a.name_vi, a.scope.name) == (
            "Thư viện huyện A",
            "Thư viện khu vực A",
            "Thư viện khu vực A",
        )
        assert [row.code for row in find_libraries(LibraryFilter(name="khu vuc"))] == ["VN-A"]

    def test_a_dissolved_library_may_reopen(self) -> None:
        a = library("VN-A", "A")
        record_event(actor=SYSTEM, library=a, data=EventData(kind="DISSOLVED", on=date(2025, 7, 1)))
        record_event(actor=SYSTEM, library=a, data=EventData(kind="REOPENED", on=date(2026, 1, 5)))
        a.refresh_from_db()
        assert (a.status, Scope.objects.get(code="VN-A").closed_date) == ("ACTIVE", None)

    def test_permission_is_needed_at_the_successor_too(self) -> None:
        a, b = library("VN-A", "A"), library("VN-B", "B")
        keeper = person("quan-tri-a", "ADMINISTRATOR", a.scope).actor
        with pytest.raises(Refused):
            record_event(actor=keeper, library=a, data=EventData(kind="MERGED", on=date(2025, 7, 1), successors=(b,)))
        a.refresh_from_db()
        assert (a.status, LifecycleEvent.objects.count()) == ("ACTIVE", 0)


class TestHours:
    def test_a_branch_without_hours_keeps_those_of_its_library(self) -> None:
        a = library("VN-A", "A")
        branch = add_branch(actor=SYSTEM, library=a, code="T1", data=BranchData(name_vi="T", kind="READING_ROOM"))
        set_week(actor=SYSTEM, library=a, week=WEEK)
        assert timetable_of(a, branch).week == WEEK
        own = (read_spans("8:00-9:00"),) * 7
        set_week(actor=SYSTEM, library=a, branch=branch, week=own)
        assert (timetable_of(a, branch).week, timetable_of(a).week) == (own, WEEK)

    def test_an_exception_of_the_library_holds_for_its_branches(self) -> None:
        a = library("VN-A", "A")
        branch = add_branch(actor=SYSTEM, library=a, code="T1", data=BranchData(name_vi="T", kind="READING_ROOM"))
        set_week(actor=SYSTEM, library=a, branch=branch, week=WEEK)
        day = date(2026, 12, 1)
        add_exception(actor=SYSTEM, library=a, first=day, last=day, reason="Kiểm kê")
        assert [e.reason for e in timetable_of(a, branch).exceptions] == ["Kiểm kê"]

    @pytest.mark.parametrize("typed", ["7", "07:30-25:00", "11:30-07:30", "07:30-11:30, 11:00-12:00", "sáng"])
    def test_unreadable_hours_are_refused_with_an_example(self, typed: str) -> None:
        with pytest.raises(NotPossible):
            read_spans(typed)


def test_a_service_point_is_closed_but_not_lost() -> None:
    a = library("VN-A", "A")
    branch = add_branch(actor=SYSTEM, library=a, code="T1", data=BranchData(name_vi="T", kind="KIOSK"))
    assert close_branch(actor=SYSTEM, branch=branch, on=date(2026, 1, 1)) is True
    assert close_branch(actor=SYSTEM, branch=branch) is False
    assert Branch.objects.get().closed_date == date(2026, 1, 1)


def test_libraries_are_found_by_name_in_any_spelling_and_by_code() -> None:
    library("VN-TQ-H", "Thư viện xã Hoà An")
    library("VN-TQ-Y", "Thư viện xã Yên Sơn")
    for typed in ("hòa an", "HOA AN", "an hoà", "tq-h"):
        assert [row.code for row in find_libraries(LibraryFilter(name=typed))] == ["VN-TQ-H"]
    assert list(find_libraries(LibraryFilter(name="đồng văn"))) == []


def test_names_of_libraries_are_in_the_language_of_the_reader() -> None:
    library("VN-A", "Thư viện A", name_en="Library A")
    assert library_names() == {"VN-A": "Thư viện A"}


def test_services_come_from_the_catalogue_of_services() -> None:
    a = library("VN-A", "A")
    assert load_services(actor=SYSTEM) == 14
    assert load_services(actor=SYSTEM) == 0
    assert set_services(actor=SYSTEM, library=a, offers={"muon-ve": "", "sao-chup": "A4, A3"}) is True
    assert set_services(actor=SYSTEM, library=a, offers={"muon-ve": "", "sao-chup": "A4, A3"}) is False
    with pytest.raises(NotPossible):
        set_services(actor=SYSTEM, library=a, offers={"bay": ""})
    assert sorted(a.services.values_list("service__code", flat=True)) == ["muon-ve", "sao-chup"]
