"""Each kind of step on a record, and the record that came in untouched."""

import pytest

from lienthu.batchedit.policy.applying import apply
from lienthu.batchedit.policy.differing import side_by_side
from lienthu.batchedit.policy.shapes import faults, places
from lienthu.batchedit.policy.steps import Condition, Step
from lienthu.catalogue.marc import Field, Record

LEADER = "00000nam a2200000 a 4500"
FIXED = "261122s1979    vm            000 0 vie d"


def field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    return Field(tag, "", indicators, list(subfields))


@pytest.fixture
def record() -> Record:
    return Record(
        LEADER,
        [
            Field("001", "b1"),
            Field("008", FIXED),
            field("100", "0 ", ("6", "880-01"), ("a", "Nguyễn Du")),
            field("245", "10", ("a", "Truyện Kiều /"), ("c", "Nguyễn Du")),
            field("300", "  ", ("a", "226 tr.")),
            field("500", "  ", ("a", "Ghi chú 1")),
            field("500", "  ", ("a", "Ghi chú 2"), ("5", "TQ")),
            field("653", "  ", ("a", "Thơ")),
            field("653", "  ", ("a", "Thơ")),
            field("880", "0 ", ("6", "100-01/$1"), ("a", "阮攸")),
        ],
    )


def after(record: Record, *steps: Step) -> dict[str, list[str]]:
    """Tag -> the fields of the changed record; only tags that changed."""
    before = repr(record)
    result = apply(record, steps).record
    assert repr(record) == before
    tags = {one.tag for one in [*record.fields, *result.fields]}
    return {
        tag: [repr(one) for one in result.all(tag)]
        for tag in sorted(tags)
        if [repr(one) for one in result.all(tag)] != [repr(one) for one in record.all(tag)]
    }


CASES = [
    (Step(kind="replace", tag="300", code="a", find="tr.", value="trang"), {"300": ["=300    $a226 trang"]}),
    (
        Step(kind="replace", tag="5XX", find="Ghi chú", value="GC"),
        {"500": ["=500    $aGC 1", "=500    $aGC 2$5TQ"]},
    ),
    (
        Step(kind="replace", tag="500", find="Ghi", value="x", which="2"),
        {"500": ["=500    $aGhi chú 1", "=500    $ax chú 2$5TQ"]},
    ),
    (Step(kind="replace", tag="300", find="226 tr.", value=""), {"300": []}),
    (Step(kind="add_field", tag="590", indicators="##", value="$a Nội bộ"), {"590": ["=590    $aNội bộ"]}),
    (Step(kind="add_field", tag="653", indicators="  ", value="$a Thơ"), {}),
    (Step(kind="add_subfield", tag="300", code="c", value="21 cm"), {"300": ["=300    $a226 tr.$c21 cm"]}),
    (Step(kind="add_subfield", tag="300", code="a", value="x"), {}),
    (Step(kind="add_subfield", tag="300", code="a", value="x", there="overwrite"), {"300": ["=300    $ax"]}),
    (Step(kind="delete_field", tag="500", which="last"), {"500": ["=500    $aGhi chú 1"]}),
    (
        Step(kind="delete_field", tag="500", condition=Condition(of="field", code="5", test="exists")),
        {"500": ["=500    $aGhi chú 1"]},
    ),
    (Step(kind="delete_field", tag="100"), {"100": [], "880": []}),
    (
        Step(kind="move_field", tag="100", to_tag="700"),
        {"100": [], "700": ["=700  0 $6880-01$aNguyễn Du"], "880": ["=880  0 $6700-01/$1$a阮攸"]},
    ),
    (Step(kind="copy_field", tag="100", to_tag="700"), {"700": ["=700  0 $aNguyễn Du"]}),
    (Step(kind="delete_subfield", tag="500", code="5"), {"500": ["=500    $aGhi chú 1", "=500    $aGhi chú 2"]}),
    (
        Step(kind="move_subfield", tag="500", code="a", to_tag="590", to_code="a"),
        {"500": ["=500    $5TQ"], "590": ["=590    $aGhi chú 1$aGhi chú 2"]},
    ),
    (
        Step(kind="copy_subfield", tag="245", code="c", to_tag="590", to_code="a"),
        {"590": ["=590    $aNguyễn Du"]},
    ),
    (Step(kind="move_subfield", tag="300", code="a", to_tag="300", to_code="b"), {"300": ["=300    $b226 tr."]}),
    (Step(kind="set_indicator", tag="245", number="1", value="#"), {"245": ["=245   0$aTruyện Kiều /$cNguyễn Du"]}),
    (Step(kind="set_fixed", place="008@35", value="eng"), {"008": [f"=008  {FIXED[:35]}eng{FIXED[38:]}"]}),
    (Step(kind="set_fixed", place="008/serials@21", value="p"), {}),
    (Step(kind="drop_duplicates", tag="653"), {"653": ["=653    $aThơ"]}),
    (Step(kind="delete_field", tag="653", condition=Condition(tag="041", code="a", test="exists")), {}),
    (Step(kind="delete_field", tag="0XX"), {"008": []}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "expected"), CASES, ids=lambda one: one.kind if isinstance(one, Step) else "")
def test_a_step_does_just_this(record: Record, step: Step, expected: dict[str, list[str]]) -> None:
    assert after(record, step) == expected


def test_the_leader_is_set_by_its_named_places(record: Record) -> None:
    assert (
        apply(record, [Step(kind="set_fixed", place="LDR@17", value="7")]).record.leader == "00000nam a22000007a 4500"
    )
    assert not any(place.part == "LDR" and place.start in (0, 9, 10, 12, 20) for place, _position in places())


def test_a_later_step_sees_what_an_earlier_one_left_and_reasons_are_told(record: Record) -> None:
    steps = [
        Step(kind="add_field", tag="041", indicators="0 ", value="$a vie"),
        Step(kind="delete_field", tag="653", condition=Condition(tag="041", code="a", test="equals", text="vie")),
        Step(kind="delete_field", tag="999"),
    ]
    applied = apply(record, steps)
    assert applied.outcomes == ("changed", "changed", "nothing")
    assert applied.record.all("653") == []
    missing = Step(kind="delete_field", tag="653", condition=Condition(tag="041", test="exists"))
    assert apply(record, [missing]).why_not == "condition"


@pytest.mark.parametrize(
    ("test", "text", "holds"),
    [
        ("contains", "Kiều", True), ("contains", "kieu", False), ("lacks", "Kiều", False), ("like", "Truyện*", True),
        ("like", "Kiều*", False), ("unlike", "Kiều*", True), ("equals", "Truyện Kiều /", True),
    ],
)  # fmt: skip
def test_conditions_on_text(record: Record, test: str, text: str, holds: bool) -> None:
    condition = Condition(tag="245", code="a", test=test, text=text)
    assert apply(record, [Step(kind="delete_field", tag="300", condition=condition)]).changed is holds


def test_a_step_survives_its_json() -> None:
    for step, _expected in CASES:
        assert Step.unpacked(step.packed()) == step


def test_system_fields_are_never_a_target() -> None:
    for tag in ("001", "003", "005", "000", "00X", "12", "abc"):
        assert faults(Step(kind="delete_field", tag=tag)), tag
    assert not faults(Step(kind="delete_field", tag="65X"))


def test_lines_that_differ_stand_side_by_side_with_their_words_marked() -> None:
    before, after = ["245 10 $a Kiều", "300 ## $a 226 tr."], ["245 10 $a Kiều", "300 ## $a 226 trang", "590 ## $a x"]
    first, second = side_by_side(before, after)
    assert [text for text, differs in first.before if differs] == ["tr."]
    assert [text for text, differs in first.after if differs] == ["trang"]
    assert (second.before, second.after) == ((), (("590 ## $a x", True),))
