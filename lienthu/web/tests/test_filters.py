from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from lienthu.kernel import ids
from lienthu.web.tags.filters import highlighted, public_id, vn_date, vn_datetime, vn_duration, vn_number


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234567, "1.234.567"), (1234.5, "1.234,5"), (3.0, "3"), (0, "0"), (-4200, "-4.200"), (None, ""), ("31", "31")],
)
def test_numbers_are_written_the_vietnamese_way(value, written):
    with translation.override("vi"):
        assert vn_number(value) == written


def test_numbers_are_written_the_english_way_on_english_pages():
    with translation.override("en"):
        assert vn_number(1234.5) == "1,234.5"


def test_places_after_the_comma_can_be_asked_for():
    with translation.override("vi"):
        assert vn_number(1234.567, 2) == "1.234,57"


def test_dates_are_day_first():
    assert vn_date(date(2026, 11, 2)) == '<time datetime="2026-11-02">02/11/2026</time>'
    assert vn_date(None) == ""


def test_a_moment_in_utc_is_shown_in_the_time_of_vietnam():
    moment = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)
    assert vn_datetime(moment) == '<time datetime="2026-11-22T03:05+07:00">03:05 22/11/2026</time>'
    assert vn_date(moment) == '<time datetime="2026-11-22">22/11/2026</time>'


@pytest.mark.parametrize(
    ("seconds", "words"), [(12, "dưới một phút"), (300, "5 phút"), (4300, "1 giờ 12 phút"), (None, "")]
)
def test_a_length_of_time_is_said_in_words(seconds, words):
    with translation.override("vi"):
        assert vn_duration(seconds) == words


def test_found_words_are_marked_and_everything_else_is_escaped():
    assert highlighted([("<b>Kim Vân Kiều</b> ", False), ("truyện", True)]) == (
        "&lt;b&gt;Kim Vân Kiều&lt;/b&gt; <mark>truyện</mark>"
    )


def test_the_public_identifier_can_be_read_back():
    assert ids.decode(public_id(41077)) == 41077
