from datetime import date

import pytest

from lienthu.patrons.policy import age_band, age_on, card_number


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2013, 11, 22), date(2026, 11, 22), 13),
        (date(2013, 11, 23), date(2026, 11, 22), 12),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2027, 1, 1), date(2026, 11, 22), None),
        (None, date(2026, 11, 22), None),
    ],
)
def test_an_age_is_counted_in_full_years(born, day, age):
    assert age_on(born, day) == age


def test_bands_cover_every_age():
    assert [age_band(age) for age in (0, 5, 6, 12, 13, 17, 18, 25, 26, 59, 60, 103, None)] == [
        *("0-5", "0-5", "6-12", "6-12", "13-17", "13-17", "18-25", "18-25", "26-59", "26-59", "60+", "60+", "?")
    ]


def test_a_card_number_is_the_same_however_it_is_typed():
    assert card_number(" tq - 000412 ") == card_number("TQ-000412") == "TQ-000412"
