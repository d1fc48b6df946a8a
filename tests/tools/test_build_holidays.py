import pytest

from lienthu.libraries.policy.holidays import public_holidays
from tools import build_holidays


@pytest.mark.parametrize("year", range(build_holidays.FIRST_YEAR, build_holidays.LAST_YEAR + 1, 11))
def test_the_file_of_holidays_says_what_the_package_says(year: int) -> None:
    from_file = [
        (day.isoformat(), one.worked_on.isoformat() if one.worked_on else "", one.name_vi, one.name_en)
        for day, one in sorted(public_holidays(year).items())
    ]
    assert from_file == build_holidays.rows(year)
