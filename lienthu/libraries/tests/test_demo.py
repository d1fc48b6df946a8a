from datetime import date, datetime

import pytest
from django.test import TestCase

from lienthu.identity.access import VISITOR, Refused
from lienthu.libraries.actions import load_demo_libraries
from lienthu.libraries.models import Branch, Library, LifecycleEvent
from lienthu.libraries.queries import (
    LOCAL,
    LibraryFilter,
    find_libraries,
    open_state,
    public_libraries,
    resolve_code,
    timetable_of,
    unit_of_code,
)
from lienthu.libraries.tests.factories import AFTER, BEFORE, SYSTEM, tuyen_quang


class TestDemonstrationNetwork(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        tuyen_quang()
        load_demo_libraries(actor=SYSTEM)

    def test_the_network_has_libraries_of_every_kind(self) -> None:
        kinds = set(Library.objects.values_list("kind", flat=True))
        assert kinds == set(Library.Kind.values)
        assert (Library.objects.count(), public_libraries().count()) == (39, 29)
        assert Library.objects.filter(demonstration=False).count() == 0

    def test_loading_it_twice_adds_nothing(self) -> None:
        before = (Library.objects.count(), Branch.objects.count(), LifecycleEvent.objects.count())
        assert load_demo_libraries(actor=SYSTEM).libraries == 0
        assert (Library.objects.count(), Branch.objects.count(), LifecycleEvent.objects.count()) == before

    def test_a_visitor_cannot_load_it(self) -> None:
        with pytest.raises(Refused):
            load_demo_libraries(actor=VISITOR)

    def test_the_code_of_a_former_district_library_leads_to_its_successor(self) -> None:
        leads = [
            ("VN-TQ-TP-TQ", "VN-TQ-TINH"),
            ("VN-TQ-H-SONDUONG", "VN-TQ-X-SONDUONG"),
            ("VN-TQ-H-YENSON", "VN-TQ-X-YENSON"),
            ("VN-TQ-H-HAMYEN", "VN-TQ-X-HAMYEN"),
            ("VN-TQ-H-CHIEMHOA", "VN-TQ-X-CHIEMHOA"),
            ("VN-TQ-H-NAHANG", "VN-TQ-X-NAHANG"),
            ("VN-TQ-H-LAMBINH", "VN-TQ-X-LAMBINH"),
            ("VN-HG-TINH", "VN-TQ-TINH"),
            ("VN-TQ-TINH", "VN-TQ-TINH"),
        ]
        for old, new in leads:
            resolved = resolve_code(old)
            assert resolved is not None
            assert resolved.library.code == new

    def test_every_library_has_a_place_and_no_telephone_number_is_invented(self) -> None:
        assert Library.objects.filter(unit=None).count() == 0
        assert Library.objects.filter(latitude=None).count() == 0
        assert set(Library.objects.values_list("phone", "email", "website")) == {("", "", "")}
        assert set(LifecycleEvent.objects.values_list("document_number", flat=True)) == {""}

    def test_libraries_are_found_by_old_and_new_units(self) -> None:
        old_district = unit_of_code("076", on=BEFORE)
        found = find_libraries(LibraryFilter(unit=old_district, with_closed=True))
        assert {row.code for row in found} == {"VN-TQ-H-SONDUONG", "VN-TQ-X-SONDUONG", "VN-TQ-X-TANTRAO"}
        old_province = unit_of_code("02", on=BEFORE)
        codes = {row.code for row in find_libraries(LibraryFilter(unit=old_province, with_closed=True))}
        assert {"VN-HG-TINH", "VN-TQ-X-DONGVAN", "VN-TQ-BPLUNGCU"} <= codes
        assert "VN-TQ-TINH" not in codes
        province = unit_of_code("08", on=AFTER)
        assert find_libraries(LibraryFilter(unit=province, with_closed=True)).count() == 39

    def test_the_provincial_library_is_open_longer_in_summer_and_closed_on_national_day(self) -> None:
        table = timetable_of(Library.objects.get(code="VN-TQ-TINH"))
        assert open_state(table, at=datetime(2026, 7, 1, 19, 0, tzinfo=LOCAL)).is_open is True
        assert open_state(table, at=datetime(2026, 11, 23, 19, 0, tzinfo=LOCAL)).is_open is False
        holiday = open_state(table, at=datetime(2026, 9, 2, 9, 0, tzinfo=LOCAL))
        assert holiday.is_open is False
        assert holiday.next_opening == datetime(2026, 9, 3, 7, 30, tzinfo=LOCAL)

    def test_a_school_library_is_closed_in_the_summer_holidays(self) -> None:
        table = timetable_of(Library.objects.get(code="VN-TQ-DTNT"))
        state = open_state(table, at=datetime(2026, 7, 1, 9, 0, tzinfo=LOCAL))
        assert state.next_opening is not None
        assert state.next_opening.date() == date(2026, 9, 3)
