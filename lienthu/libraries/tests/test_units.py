"""Administrative units on the real data of Tuyên Quang and the former Hà Giang."""

import csv
from collections import Counter
from decimal import Decimal

import pytest
from django.test import TestCase

from lienthu.identity.access import VISITOR, Refused
from lienthu.kernel import text
from lienthu.libraries.actions import load_units
from lienthu.libraries.models import Succession, Unit
from lienthu.libraries.policy.rollup import Obstacle, Rule
from lienthu.libraries.queries import (
    AmbiguousUnit,
    Node,
    became,
    current_unit,
    formed_from,
    roll_up,
    tree,
    unit_bearers,
    unit_by_name,
    unit_of_code,
    units_by_name,
    units_on,
)
from lienthu.libraries.tests.factories import AFTER, BEFORE, SYSTEM, tuyen_quang
from lienthu.testing import shared_data


def level_counts(nodes: tuple[Node, ...], counts: Counter[str] | None = None) -> Counter[str]:
    counts = Counter() if counts is None else counts
    for node in nodes:
        counts[node.unit.level] += 1
        level_counts(node.children, counts)
    return counts


class UnitCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        tuyen_quang()


class TestUnits(UnitCase):
    def test_the_tree_of_the_last_day_of_june_2025_has_three_levels(self) -> None:
        assert level_counts(tree(on=BEFORE)) == {"PROVINCE": 2, "DISTRICT": 18, "COMMUNE": 330}

    def test_the_tree_of_the_next_day_has_two_levels(self) -> None:
        nodes = tree(on=AFTER)
        assert level_counts(nodes) == {"PROVINCE": 1, "COMMUNE": 124}
        kinds = Counter(child.unit.kind for child in nodes[0].children)
        assert kinds == {"RURAL_COMMUNE": 117, "WARD": 7}

    def test_a_tree_may_start_at_a_unit_and_is_in_vietnamese_order(self) -> None:
        district = unit_of_code("070", on=BEFORE)
        assert district is not None
        names = [node.unit.name for node in tree(on=BEFORE, root=district)]
        assert len(names) == 15
        assert names[:4] == ["An Khang", "An Tường", "Đội Cấn", "Hưng Thành"]

    def test_loading_again_changes_nothing(self) -> None:
        again = load_units(actor=SYSTEM, provinces=["08", "02"])
        assert (again.created, again.changed) == (0, 0)
        assert again.unchanged == Unit.objects.count() + Succession.objects.count()

    def test_loading_mends_what_was_changed_by_hand(self) -> None:
        Unit.objects.filter(code="02200").update(name="Phan Thiêt")
        assert load_units(actor=SYSTEM, provinces=["08", "02"]).changed == 1
        assert unit_bearers("02200")[0].name == "Phan Thiết"

    def test_a_visitor_cannot_load_units(self) -> None:
        Unit.objects.filter(code="02200").update(name="Phan Thiêt")
        with pytest.raises(Refused):
            load_units(actor=VISITOR)
        assert Unit.objects.filter(name="Phan Thiêt").exists()

    def test_loading_the_whole_country_takes_seconds_and_gives_34_provinces_of_63(self) -> None:
        load_units(actor=SYSTEM)
        assert units_on(BEFORE).filter(level="PROVINCE").count() == 63
        assert units_on(AFTER).filter(level="PROVINCE").count() == 34
        assert units_on(BEFORE).filter(level="DISTRICT").count() == 696
        assert units_on(AFTER).filter(level="DISTRICT").count() == 0
        assert units_on(BEFORE).filter(level="COMMUNE").count() == 10035
        assert units_on(AFTER).filter(level="COMMUNE").count() == 3321

    def test_a_name_is_found_in_any_spelling(self) -> None:
        spellings = [
            ("Xã Thuận Hoà", "00922"),
            ("thuận hòa", "00922"),
            ("xa thuan hoa", "00922"),
            ("Xã Thanh Thuỷ", "00928"),
            ("phường minh xuân", "02215"),
            ("P. Minh Xuân", "02215"),
            ("Dong Van", "00721"),
            ("Xã Đồng Văn", "00721"),
            ("MINH XUÂN", "02215"),
        ]
        for name, code in spellings:
            with self.subTest(name=name):
                found = unit_by_name(name, on=AFTER)
                assert found is not None
                assert found.code == code

    def test_the_kind_decides_between_namesakes(self) -> None:
        found = {u.full_name for u in units_by_name("Sơn Dương", on=BEFORE)}
        assert found == {"Huyện Sơn Dương", "Thị trấn Sơn Dương"}
        district = unit_by_name("Huyện Sơn Dương", on=BEFORE)
        town = unit_by_name("TT Sơn Dương", on=BEFORE)
        assert (district and district.code, town and town.code) == ("076", "02536")

    def test_namesakes_of_one_kind_are_not_guessed_but_found_within_a_district(self) -> None:
        with pytest.raises(AmbiguousUnit) as caught:
            unit_by_name("Xã Tả Lủng", on=BEFORE)
        assert {u.parent.name for u in caught.value.candidates if u.parent} == {"Đồng Văn", "Mèo Vạc"}
        found = unit_by_name("Xã Tả Lủng", on=BEFORE, within=unit_by_name("Huyện Mèo Vạc", on=BEFORE))
        assert found is not None
        assert found.parent is not None
        assert found.parent.name == "Mèo Vạc"

    def test_marks_tell_names_apart_before_they_are_ignored(self) -> None:
        found = unit_by_name("Xã Tân Trào", on=AFTER)
        assert found is not None
        assert found.code == "02545"
        assert unit_by_name("Xã Không Có", on=AFTER) is None

    def test_a_commune_that_was_merged_whole(self) -> None:
        old = unit_of_code("02200", on=BEFORE)
        assert old is not None
        (change,) = became(old)
        assert (change.unit.full_name, change.event, change.partial, change.main) == (
            "Phường Minh Xuân",
            "MERGE",
            False,
            True,
        )
        assert current_unit(old, on=AFTER) == change.unit

    def test_a_commune_that_was_divided_lists_all_parts_and_one_main_successor(self) -> None:
        old = unit_of_code("00688", on=BEFORE)
        assert old is not None
        lines = [(c.unit.full_name, c.event, c.partial, c.main, c.note, c.share) for c in became(old)]
        assert lines == [
            ("Phường Hà Giang 2", "SPLIT", True, True, "một phần", None),
            ("Phường Hà Giang 1", "SPLIT", True, False, "một phần", None),
        ]

    def test_what_became_of_a_district_is_what_became_of_its_communes(self) -> None:
        district = unit_of_code("076", on=BEFORE)
        assert district is not None
        lines = became(district)
        assert [(c.unit.name, len(c.communes)) for c in lines][:3] == [
            ("Sơn Dương", 4),
            ("Bình Ca", 3),
            ("Đông Thọ", 3),
        ]
        assert len(lines) == 10
        assert sum(len(c.communes) for c in lines) == district.children.count() == 30

    def test_what_a_unit_was_formed_from(self) -> None:
        new = unit_of_code("02215", on=AFTER)
        assert new is not None
        assert [(c.unit.name, c.partial) for c in formed_from(new)] == [
            ("Minh Xuân", False),
            ("Phan Thiết", False),
            ("Tân Hà", False),
            ("Tân Quang", False),
            ("Trung Môn", False),
            ("Ỷ La", False),
            ("Kim Phú", True),
        ]

    def test_the_new_province_was_formed_from_two(self) -> None:
        new = unit_of_code("08", on=AFTER)
        assert new is not None
        assert [(c.unit.name, c.event) for c in formed_from(new)] == [("Hà Giang", "MERGE"), ("Tuyên Quang", "MERGE")]

    def test_one_code_is_borne_by_different_units_one_after_the_other(self) -> None:
        assert [(u.full_name, u.valid_to) for u in unit_bearers("00694")] == [
            ("Phường Hà Giang 1", None),
            ("Phường Nguyễn Trãi", BEFORE),
        ]


class TestRollUp(UnitCase):
    def test_to_new_communes_keeps_the_sum_and_names_what_was_divided(self) -> None:
        figures = {u.code: 10 for u in units_on(BEFORE).filter(level="COMMUNE")}
        result = roll_up(figures, to="NEW_COMMUNE", on=BEFORE)
        assert sum(result.figures.values()) == 3300
        assert len(result.figures) == 124
        assert result.unplaced == ()
        assert sorted(d.code for d in result.divisions) == sorted(
            Succession.objects.filter(partial=True).values_list("predecessor__code", flat=True).distinct()
        )
        assert len(result.divisions) == 5
        assert {d.rule for d in result.divisions} == {Rule.WHOLE_TO_MAIN}

    def test_a_divided_commune_is_counted_once(self) -> None:
        result = roll_up({"00688": 7}, to="NEW_COMMUNE", on=BEFORE)
        assert result.figures == {"00691": 7}
        (division,) = result.divisions
        assert (division.code, division.main, division.placed) == ("00688", "00691", (("00691", "7"),))

    def test_measured_shares_divide_the_figure(self) -> None:
        lines = Succession.objects.filter(predecessor__code="00688", partial=True)
        lines.filter(successor__code="00691").update(share=Decimal("0.6"))
        lines.filter(successor__code="00694").update(share=Decimal("0.4"))
        result = roll_up({"00688": 7}, to="NEW_COMMUNE", on=BEFORE)
        assert result.figures == {"00691": 4, "00694": 3}
        assert result.divisions[0].rule is Rule.MEASURED_SHARES

    def test_old_communes_to_old_districts_and_provinces(self) -> None:
        figures = {u.code: 1 for u in units_on(BEFORE).filter(level="COMMUNE")}
        districts = roll_up(figures, to="OLD_DISTRICT", on=BEFORE)
        assert len(districts.figures) == 18
        assert sum(districts.figures.values()) == 330
        assert districts.figures["070"] == 15
        assert roll_up(figures, to="OLD_PROVINCE", on=BEFORE).figures == {"02": 193, "08": 137}
        assert roll_up(figures, to="PROVINCE", on=BEFORE).figures == {"08": 330}

    def test_new_communes_back_to_old_districts_keep_the_sum(self) -> None:
        figures = {u.code: 2 for u in units_on(AFTER).filter(level="COMMUNE")}
        result = roll_up(figures, to="OLD_DISTRICT", on=AFTER)
        assert sum(result.figures.values()) == 248
        assert len(result.figures) == 18
        assert all(d.rule is Rule.WHOLE_TO_MAIN for d in result.divisions)

    def test_a_figure_of_a_district_is_not_divided_among_communes_by_guessing(self) -> None:
        result = roll_up({"076": 5, "99999": 1, "08": 2}, to="NEW_COMMUNE", on=BEFORE)
        assert result.figures == {}
        assert [(u.code, u.figure, u.obstacle) for u in result.unplaced] == [
            ("076", 5, Obstacle.TOO_COARSE),
            ("08", 2, Obstacle.TOO_COARSE),
            ("99999", 1, Obstacle.UNKNOWN_UNIT),
        ]

    def test_the_new_province_is_not_divided_into_the_old_ones(self) -> None:
        assert roll_up({"08": 5}, to="OLD_PROVINCE", on=AFTER).unplaced[0].obstacle is Obstacle.TOO_COARSE

    def test_a_district_and_an_old_province_go_to_the_new_province(self) -> None:
        assert roll_up({"076": 5, "02": 3}, to="PROVINCE", on=BEFORE).figures == {"08": 8}


class TestCrossCheck(UnitCase):
    """The same units in an independent compilation."""

    def rows(self) -> list[dict[str, str]]:
        with shared_data("tuyenquang_units.tsv").open(encoding="utf-8") as file:
            lines = (line for line in file if not line.startswith("#"))
            return list(csv.DictReader(lines, delimiter="\t"))

    def test_all_old_units_are_here_with_the_same_parents(self) -> None:
        theirs = {(r["code"], r["parent_code"]) for r in self.rows() if r["era"] == "old"}
        ours = {(u.code, u.parent.code if u.parent else "") for u in units_on(BEFORE).select_related("parent")}
        assert len(theirs) == 350
        assert ours == theirs

    def test_all_new_units_are_here_and_names_differ_in_the_place_of_tone_marks_only(self) -> None:
        theirs = {r["code"]: r["name"] for r in self.rows() if r["era"] == "new"}
        ours = {u.code: u.full_name for u in units_on(AFTER)}
        assert len(theirs) == 125
        assert ours.keys() == theirs.keys()
        differ = [code for code in ours if ours[code] != theirs[code]]
        assert len(differ) == 6
        assert all(text.exact_key(ours[code]) == text.exact_key(theirs[code]) for code in differ)

    def test_five_communes_were_divided(self) -> None:
        divided = Succession.objects.filter(partial=True, main=True).values_list("predecessor__name", flat=True)
        assert sorted(divided) == sorted(["Quang Trung", "Việt Lâm", "Yên Định", "Kim Phú", "Thái Bình"])
