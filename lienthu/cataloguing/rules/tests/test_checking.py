"""The rules of the desk: faults that stop a save, doubts that do not, and the required minimum."""

import pytest

from lienthu.cataloguing.rules import tables
from lienthu.cataloguing.rules.checking import Finding, Held, Severity, check, demands, errors
from lienthu.cataloguing.rules.sheets import Row, Sheet
from lienthu.cataloguing.rules.templates import begun, templates
from lienthu.kernel import clock

LEADER = "#####nam#a22######a#4500"
TITLE = Row("245", "10", "$a Bến quê")


def _codes(*rows: Row, leader: str = LEADER) -> list[tuple[str, str, int | None]]:
    return [(f.code, str(f.severity), f.row) for f in check(Sheet(leader, (TITLE, *rows)))]


@pytest.mark.parametrize(
    ("row", "code", "severity"),
    [
        (Row("24A", "##", "$a x"), "tag_invalid", "error"),
        (Row("000", "##", "$a x"), "tag_invalid", "error"),
        (Row("500", "A#", "$a x"), "indicator_invalid", "error"),
        (Row("500", "1#", "$a x"), "indicator_undefined", "warning"),
        (Row("500", "##", "$A x"), "subfield_invalid", "error"),
        (Row("500", "##", "$q x"), "subfield_undefined", "warning"),
        (Row("500", "##", "$a x $a y"), "subfield_not_repeatable", "warning"),
        (Row("520", "##", "$a " + "x" * 10_000), "field_too_long", "error"),
        (Row("008", "", "261122s1985"), "fixed_length", "error"),
        (Row("008", "", "261122?1985####vm############000#0#vie#d"), "fixed_value", "warning"),
        (Row("020", "##", "$a 9786041000009"), "isbn_invalid", "warning"),
        (Row("020", "##", "$a 0-306-40615-3"), "isbn_invalid", "warning"),
        (Row("022", "##", "$a 0866-7384"), "issn_invalid", "warning"),
        (Row("041", "0#", "$a Vie"), "language_unknown", "warning"),
        (Row("856", "40", "$u thuvien/sach"), "address_invalid", "warning"),
        (Row("880", "##", "$a 傳翹"), "link_missing", "warning"),
        (Row("880", "10", "$6 245-03/$1 $a 傳翹"), "link_without_field", "warning"),
    ],
)
def test_each_fault_is_found_where_it_stands(row: Row, code: str, severity: str) -> None:
    assert _codes(row) == [(code, severity, 1)]


@pytest.mark.parametrize(
    "row",
    [
        Row("020", "##", "$a 9786041000001 $c 45.000đ"),
        Row("020", "##", "$a 0-306-40615-2"),
        Row("022", "##", "$a 0866-7381"),
        Row("952", "##", "$p TQ.1 $Z".removesuffix(" $Z")),
        Row("999", "71", "$a local"),
        Row("", "##", ""),
        Row("500", "##", "$a "),
        Row("100", "0_", "$a Nguyễn Du"),
    ],
)
def test_what_is_right_or_local_or_empty_is_left_in_peace(row: Row) -> None:
    if row.tag == "022":
        row = Row("022", "##", "$a 0378-5955")
    assert _codes(row) == []


def test_a_record_has_one_title_one_main_entry_and_a_known_leader() -> None:
    assert [f.code for f in check(Sheet(LEADER, ()))] == ["title_missing"]
    assert _codes(Row("245", "10", "$a Hai")) == [
        ("field_not_repeatable", "error", 0),
        ("field_not_repeatable", "error", 1),
    ]
    assert _codes(Row("100", "0#", "$a A"), Row("110", "2#", "$a B")) == [("main_entries", "error", None)]
    assert _codes(leader="#####nzm#a22######a#4500") == [("leader_type", "error", None)]
    assert _codes(leader="nam") == [("leader_length", "error", None)]
    assert [f.code for f in errors([Finding("x", Severity.ERROR), Finding("y", Severity.WARNING)])] == ["x"]


def test_the_required_minimum_is_the_seven_of_the_decree() -> None:
    sheet = Sheet(
        LEADER,
        (
            TITLE,
            Row("260", "##", "$a Hà Nội : $b Văn học, $c 1985"),
            Row("653", "##", "$a Truyện"),
            Row("852", "##", "$a X $p TQ.1"),
        ),
    )
    met = {one.code: one.met for one in demands(sheet, Held())}
    assert met == {
        "title": True,
        "author": False,
        "publication": True,
        "keyword": True,
        "subject": False,
        "accession_number": True,
        "shelf_mark": False,
    }
    assert all(one.met for one in demands(sheet, Held(True, True)) if one.code in ("accession_number", "shelf_mark"))


@pytest.mark.parametrize("code", templates())
def test_every_template_lacks_nothing_but_its_title(code: str) -> None:
    template = templates()[code]
    sheet = begun(template.sheet, today=clock.today(), agency="VN-T")
    assert [f.code for f in check(sheet)] == ["title_missing"]
    assert template.name.vi and template.name.en and template.note.en and len(sheet.leader) == 24


def test_every_field_and_place_is_named_and_explained_in_both_languages() -> None:
    rules = tables.fields()
    assert len(rules) >= 120
    for tag, rule in rules.items():
        assert all((rule.name.vi, rule.name.en, rule.help.vi, rule.help.en)), tag
        for subfield in rule.subfields.values():
            assert subfield.name.vi and subfield.name.en, (tag, subfield.code)
    for part, positions in tables.fixed().items():
        for position in positions:
            assert position.name.vi and position.name.en, part
            assert all(len(value) == position.length for value in position.values), (part, position.start)


def test_the_places_of_a_fixed_field_do_not_overlap() -> None:
    for leader in ("     nam a22", "     nas a22", "     nem a22", "     ncm a22", "     ngm a22", "     nmm a22"):
        end = 0
        for position in tables.positions("008", "", leader):
            assert position.start >= end, (leader, position)
            end = position.start + position.length
        assert end == 40


def test_a_sheet_that_was_cut_can_never_be_saved() -> None:
    endless = Sheet.unpacked({"leader": LEADER, "rows": [["245", "10", "$a x"]] + [["653", "##", "$a y"]] * 9_000})
    assert "too_many_rows" in [fault.code for fault in errors(check(endless))]
