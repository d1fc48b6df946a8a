"""Text of the editor and MARC are two writings of one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build, parse
from lienthu.cataloguing.rules import codec
from lienthu.cataloguing.rules.linked import filed, paired, with_original
from lienthu.cataloguing.rules.plain import Plain, read_plain, write_plain
from lienthu.cataloguing.rules.sheets import Row, Sheet, record_of, sheet_of
from lienthu.cataloguing.rules.templates import templates

CODES = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SUBFIELDS = st.lists(st.tuples(CODES, VALUES), max_size=6)
LEADER = "00000nam a2200000 a 4500"


@given(st.lists(st.tuples(st.characters(exclude_categories=["Cs"]), VALUES), max_size=6))
def test_whatever_subfields_there_are_come_back_from_their_text(subfields: list[tuple[str, str]]) -> None:
    text = codec.written(subfields)
    assert codec.read(text) == subfields
    assert "\n" not in text and "\r" not in text


@given(st.text(max_size=60))
def test_whatever_is_typed_can_be_read_and_written_again(text: str) -> None:
    once = codec.read(text)
    assert codec.read(codec.written(once)) == once


@pytest.mark.parametrize(
    ("text", "subfields"),
    [
        ("$a Truyện Kiều /$c Nguyễn Du", [("a", "Truyện Kiều /"), ("c", "Nguyễn Du")]),
        ("$aTruyện Kiều /$cNguyễn Du", [("a", "Truyện Kiều /"), ("c", "Nguyễn Du")]),
        ("$a Truyện Kiều / $c Nguyễn Du", [("a", "Truyện Kiều /"), ("c", "Nguyễn Du")]),
        ("Truyện Kiều", [("a", "Truyện Kiều")]),
        ("$a giá $$5", [("a", "giá $5")]),
        ("$a  $b ", [("a", ""), ("b", "")]),
        ("", []),
    ],
)
def test_what_people_type_is_understood(text: str, subfields: list[tuple[str, str]]) -> None:
    assert codec.read(text) == subfields


FIELDS = st.builds(
    lambda tag, signs, subfields: Field(tag, "", signs, subfields),
    st.from_regex("[1-8][0-9]{2}", fullmatch=True).filter(lambda tag: tag != "880"),
    st.text("0123456789 ", min_size=2, max_size=2),
    st.lists(st.tuples(CODES, VALUES.filter(bool)), min_size=1, max_size=5),
)


@given(st.lists(FIELDS, max_size=8))
def test_a_record_comes_back_from_the_rows_of_the_editor(fields: list[Field]) -> None:
    record = Record(LEADER, [Field("008", "260101s1985    vm            000 0 vie d"), *fields])
    sheet = sheet_of(record)
    assert record_of(sheet) == record
    assert Sheet.unpacked(sheet.packed()) == sheet


@given(st.lists(FIELDS, max_size=8))
def test_the_simple_form_changes_nothing_that_nobody_changed(fields: list[Field]) -> None:
    sheet = sheet_of(Record(LEADER, fields))
    assert write_plain(sheet, read_plain(sheet)) == sheet


def test_characters_beyond_the_basic_plane_survive_byte_for_byte() -> None:
    title = "傳翹 𡨸喃 𠊛𢆥 \U0002b740\U00030000"
    sheet = Sheet(LEADER, (Row("245", "10", "$6 880-01 $a Truyện Kiều"), Row("880", "10", f"$6 245-01/$1 $a {title}")))
    raw = build(record_of(sheet))
    assert title.encode() in raw
    assert sheet_of(parse(raw).record).rows == sheet.rows


def test_an_original_script_stands_beside_its_field_and_is_filed_in_its_place() -> None:
    rows = (
        Row("100", "0#", "$6 880-01 $a Nguyễn Du"),
        Row("245", "10", "$a Truyện Kiều"),
        Row("880", "0#", "$6 100-01/$1 $a 阮攸"),
        Row("952", "##", "$p TQ.1"),
    )
    sheet = Sheet(LEADER, rows)
    assert [row.tag for row in paired(sheet).rows] == ["100", "880", "245", "952"]
    assert filed(paired(sheet)) == sheet
    made = with_original(sheet, 1)
    assert made.rows[1] == Row("245", "10", "$6 880-02 $a Truyện Kiều")
    assert made.rows[2] == Row("880", "10", "$6 245-02/$1 $a ")


def test_a_beginner_writes_the_same_marc() -> None:
    wanted = Plain(
        title="Bến quê",
        subtitle="truyện ngắn",
        responsibility="Nguyễn Minh Châu",
        author="Nguyễn Minh Châu",
        place="Hà Nội",
        publisher="Tác phẩm mới",
        year="1985",
        extent="148tr.",
        size="19cm",
        isbn="9786041000001",
        language="vie",
        class_number="895.9223",
        author_mark="NG527",
        keywords=("Truyện ngắn", "Việt Nam"),
    )
    sheet = write_plain(templates()["sach"].sheet, wanted)
    assert read_plain(sheet) == wanted
    assert str(record_of(sheet)).splitlines()[1:] == [
        "=008        s1985    vm            000 0 vie d",
        "=020    $a9786041000001",
        "=040    $a{agency}$bvie$eaacr",
        "=041  0 $avie",
        "=082  04$a895.9223$bNG527$223",
        "=100  0 $aNguyễn Minh Châu",
        "=245  10$aBến quê :$btruyện ngắn /$cNguyễn Minh Châu",
        "=260    $aHà Nội :$bTác phẩm mới,$c1985",
        "=300    $a148tr. ;$c19cm",
        "=653    $aTruyện ngắn",
        "=653    $aViệt Nam",
    ]


def test_a_changed_value_leaves_everything_beside_it() -> None:
    record = Record(
        LEADER,
        [
            Field(
                "245", "", "10", [("a", "Số đỏ :"), ("b", "tiểu thuyết /"), ("c", "Vũ Trọng Phụng"), ("6", "880-01")]
            ),
            Field("653", "", "  ", [("a", "Văn học"), ("a", "Tiểu thuyết")]),
            Field("700", "", "0 ", [("a", "Hoàng Thiếu Sơn"), ("e", "giới thiệu")]),
        ],
    )
    sheet = sheet_of(record)
    plain = read_plain(sheet)
    assert (plain.title, plain.keywords, plain.others) == ("Số đỏ", ("Văn học", "Tiểu thuyết"), ("Hoàng Thiếu Sơn",))
    changed = Plain(**{n: getattr(plain, n) for n in Plain.__dataclass_fields__} | {"title": "Giông tố"})
    after = record_of(write_plain(sheet, changed))
    assert after.fields[1:] == record.fields[1:]
    assert after.fields[0].subfields == [
        ("a", "Giông tố :"),
        ("b", "tiểu thuyết /"),
        ("c", "Vũ Trọng Phụng"),
        ("6", "880-01"),
    ]
