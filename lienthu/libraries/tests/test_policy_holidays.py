from datetime import date

from lienthu.libraries.policy.holidays import public_holidays


def test_years_outside_of_the_file_have_no_known_holidays() -> None:
    assert public_holidays(1978) == public_holidays(2101) == {}


def test_new_year_of_the_moon_is_right_at_both_ends_of_the_file() -> None:
    assert date(1979, 1, 28) in public_holidays(1979)
    assert date(2100, 2, 9) in public_holidays(2100)
