"""The clock: moments in UTC, days in Vietnam."""

from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread

import pytest

from lienthu.kernel import clock


def test_now_is_aware_and_in_utc():
    before = datetime.now(UTC)
    moment = clock.now()
    assert moment.utcoffset() == timedelta(0)
    assert before <= moment <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 6, 30, 16, 59, 59, tzinfo=UTC), date(2025, 6, 30)),
        (datetime(2025, 6, 30, 17, 0, tzinfo=UTC), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=7))), date(2025, 7, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_vietnam(moment, day):
    with clock.frozen(moment):
        assert clock.today() == day
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC


def test_frozen_blocks_nest_and_end_even_after_an_error():
    first, second = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    with clock.frozen(first):
        with pytest.raises(KeyError), clock.frozen(second):
            assert clock.now() == second
            raise KeyError
        assert clock.now() == first
    assert clock.now() > datetime(2025, 1, 2, tzinfo=UTC)


def test_other_threads_see_the_frozen_clock():
    seen = []
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    with clock.frozen(moment):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [moment]


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2025, 1, 1)):
        pass
