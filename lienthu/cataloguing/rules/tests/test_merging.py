"""Two people at one record: what one did stays, where both did something else a person chooses."""

from hypothesis import given
from hypothesis import strategies as st

from lienthu.cataloguing.rules.merging import Side, merged, three_ways
from lienthu.cataloguing.rules.sheets import Row, Sheet

LEADER = "#####nam#a22######a#4500"
TITLE, YEAR, KEYWORD = Row("245", "10", "$a Bến quê"), Row("260", "##", "$c 1985"), Row("653", "##", "$a Truyện")


def _sheet(*rows: Row, leader: str = LEADER) -> Sheet:
    return Sheet(leader, rows)


def test_changes_of_different_fields_are_both_taken() -> None:
    base = _sheet(TITLE, YEAR)
    mine = _sheet(TITLE, YEAR, KEYWORD)
    theirs = _sheet(TITLE, Row("260", "##", "$c 1986"))
    result = merged(three_ways(base, mine, theirs), {})
    assert result == _sheet(TITLE, Row("260", "##", "$c 1986"), KEYWORD)


def test_the_same_field_changed_twice_waits_for_a_choice() -> None:
    mine, theirs = Row("245", "10", "$a Của tôi"), Row("245", "10", "$a Của họ")
    stretches = three_ways(_sheet(TITLE, YEAR), _sheet(mine, YEAR), _sheet(theirs, YEAR))
    (place,) = [at for at, one in enumerate(stretches) if one.conflict]
    assert merged(stretches, {}) is None
    outcomes = {side: merged(stretches, {place: side}) for side in Side}
    assert outcomes == {
        Side.MINE: _sheet(mine, YEAR),
        Side.THEIRS: _sheet(theirs, YEAR),
        Side.BOTH: _sheet(mine, theirs, YEAR),
        Side.BASE: _sheet(TITLE, YEAR),
    }


def test_neighbours_changed_by_different_people_are_told_apart() -> None:
    base = _sheet(TITLE, YEAR)
    mine = _sheet(Row("245", "10", "$a Của tôi"), YEAR)
    theirs = _sheet(TITLE, Row("260", "##", "$c 1986"))
    assert merged(three_ways(base, mine, theirs), {}) == _sheet(mine.rows[0], theirs.rows[1])


def test_a_field_that_one_dropped_and_the_other_changed_is_asked_about() -> None:
    stretches = three_ways(_sheet(TITLE, KEYWORD), _sheet(TITLE), _sheet(TITLE, Row("653", "##", "$a Truyện ngắn")))
    assert [one.conflict for one in stretches].count(True) == 1


ROWS = st.builds(
    Row, st.sampled_from(["100", "245", "653", "700"]), st.just("##"), st.sampled_from(["$a x", "$a y", "$a z"])
)
SHEETS = st.lists(ROWS, max_size=6).map(lambda rows: _sheet(*rows))


@given(SHEETS, SHEETS)
def test_what_only_one_person_changed_comes_out_as_that_person_left_it(base: Sheet, changed: Sheet) -> None:
    assert merged(three_ways(base, changed, base), {}) == changed
    assert merged(three_ways(base, base, changed), {}) == changed
    assert merged(three_ways(base, changed, changed), {}) == changed


@given(SHEETS, SHEETS, SHEETS)
def test_choosing_mine_or_theirs_everywhere_loses_no_row_of_that_side(base: Sheet, mine: Sheet, theirs: Sheet) -> None:
    stretches = three_ways(base, mine, theirs)
    both = merged(stretches, {at: Side.BOTH for at, one in enumerate(stretches) if one.conflict})
    assert both is not None
    for side in (mine, theirs):
        for row in side.rows:
            other = theirs if side is mine else mine
            # a row that the other one dropped on purpose may be gone; a new one never is
            assert row in both.rows or (row in base.rows and row not in other.rows) or row in base.rows
