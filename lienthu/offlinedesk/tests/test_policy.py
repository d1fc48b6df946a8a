"""The table of conflicts, one test per line; the log and the clock as pure functions."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from lienthu.offlinedesk.policy import conflicts
from lienthu.offlinedesk.policy.clocks import corrected
from lienthu.offlinedesk.policy.conflicts import Situation, Verdict, possible, verdict_for, verdicts
from lienthu.offlinedesk.policy.log import Line, Sent, origin, read_log

KEY = b"k" * 32
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("line", verdicts(), ids=lambda one: f"{one.line}-{'-'.join(one.pattern)}")
def test_each_line_of_the_table_decides_something_and_knows_its_words(line: Verdict):
    fitting = [one for one in possible() if line.fits(one)]
    assert fitting != []
    assert all(verdict_for(one) == line for one in fitting)
    assert line.state in conflicts.STATES
    assert set(line.steps) <= set(conflicts.STEPS)
    assert bool(line.steps) == (line.state in ("DONE", "NOTED"))
    assert bool(line.notice) == (line.state != "DONE")


def test_every_situation_has_exactly_one_line():
    for situation in possible():
        assert len([line for line in verdicts() if line.fits(situation)]) == 1, situation


def test_what_has_left_the_desk_is_lent_anew_although_the_system_thinks_otherwise():
    found = verdict_for(Situation("CHECKOUT", "KNOWN", "OTHER", "NOW"))
    assert (found.steps, found.state, found.notice) == (("CHECKIN", "CHECKOUT"), "NOTED", "LENT_ELSEWHERE")


def log_of(count: int, *, first: int = 1, head: bytes | None = None) -> list[str]:
    head, rows = head or origin("dev"), []
    for number in range(first, first + count):
        line = {
            "n": number,
            "prev": head.hex(),
            "k": "CHECKIN",
            "card": "",
            "copy": f"A.{number}",
            "at": NOON.isoformat(),
            "mono": number,
            "run": "r",
            "off": None,
            "due": "",
        }
        text = json.dumps(line)
        head = sha256(text.encode()).digest()
        rows.append(f"{hmac.new(KEY, text.encode(), sha256).hexdigest()}\t{text}")
    return rows


def read(rows: list[str], *, last: int = 0, head: bytes | None = None, known: dict | None = None):
    return read_log("\n".join(rows).encode(), key=KEY, last=last, head=head or origin("dev"), known=(known or {}).get)


def numbers(reading) -> list[int]:
    return [line.number for line in reading.lines]


def test_a_whole_log_is_read_to_its_end():
    found = read(log_of(3))
    assert (numbers(found), found.known, found.problem) == ([1, 2, 3], 0, "")


def test_a_reordered_log_is_put_in_order_by_its_chain():
    rows = log_of(4)
    assert numbers(read([rows[2], rows[0], rows[3], rows[1]])) == [1, 2, 3, 4]


def test_rows_that_stand_twice_count_once():
    rows = log_of(2)
    found = read([*rows, *rows])
    assert (numbers(found), found.problem) == ([1, 2], "")


def test_after_a_missing_line_nothing_is_taken():
    rows = log_of(4)
    found = read([rows[0], rows[2], rows[3]])
    assert (numbers(found), found.problem, found.problem_at) == ([1], "GAP", 2)


def test_a_line_cut_in_its_middle_leaves_those_before_it():
    rows = log_of(3)
    found = read([rows[0], rows[1], rows[2][:80]])
    assert (numbers(found), found.problem, found.problem_at) == ([1, 2], "UNREADABLE", 3)


def test_a_changed_line_stops_the_log_there():
    rows = log_of(3)
    found = read([rows[0], rows[1].replace("A.2", "A.9"), rows[2]])
    assert (numbers(found), found.problem, found.problem_at) == ([1], "BAD_SEAL", 2)


def test_a_line_of_another_chain_stops_the_log_there_although_its_seal_is_right():
    found = read([log_of(1)[0], *log_of(1, first=2, head=b"x" * 32)])
    assert (numbers(found), found.problem, found.problem_at) == ([1], "BROKEN_CHAIN", 2)


def test_a_number_with_two_contents_is_a_fork():
    digest = sha256(log_of(1)[0].partition("\t")[2].encode()).digest()
    found = read(log_of(1, head=b"x" * 32), last=1, head=digest, known={1: digest})
    assert (numbers(found), found.problem, found.problem_at) == ([], "FORKED", 1)


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b"\xff\xfe\x00", b"[" * 5000, b"#{", b"a\tb", b"#" + b"1" * 9000, b"a\t[1]"]
)
def test_no_body_is_too_odd_for_an_answer(body):
    found = read_log(body, key=KEY, last=0, head=origin("dev"), known=lambda number: None)
    assert found.lines == ()


def line(at: datetime | str, *, mono: float = 0, run: str = "r", offset: float | None = None) -> Line:
    text = at if isinstance(at, str) else at.isoformat()
    return Line(1, "CHECKIN", "", "A.1", text, mono, run, offset, "", b"")


def moment(event: Line, *, sent: Sent | None, floor: datetime = NOON - timedelta(days=3)) -> tuple[datetime, str]:
    found = corrected(event, received=NOON, sent=sent, floor=floor)
    return found.at, found.doubt


HOUR = timedelta(hours=1)


def test_a_clock_two_hours_slow_is_put_right_by_what_it_says_when_sending():
    sent = Sent((NOON - 2 * HOUR).isoformat(), 0, "later")
    assert moment(line(NOON - 5 * HOUR), sent=sent) == (NOON - 3 * HOUR, "")


def test_a_clock_set_back_while_the_page_was_open_does_not_move_an_event():
    sent = Sent((NOON - 9 * HOUR).isoformat(), 3_600_000, "r")
    assert moment(line(NOON - HOUR), sent=sent) == (NOON - HOUR, "")


def test_an_event_of_the_future_is_of_now():
    sent = Sent(NOON.isoformat(), 0, "later")
    assert moment(line(NOON + 48 * HOUR), sent=sent) == (NOON, "FUTURE")


def test_the_difference_known_at_the_event_helps_where_the_present_one_cannot():
    sent = Sent(NOON.isoformat(), 0, "later")
    wrong_then = line(NOON + 48 * HOUR, offset=-50 * 3_600_000)
    assert moment(wrong_then, sent=sent) == (NOON - 2 * HOUR, "")


def test_no_event_is_earlier_than_the_one_before_it():
    assert moment(line("1970-01-01T00:00:00+00:00"), sent=None) == (NOON - timedelta(days=3), "BEFORE")


@pytest.mark.parametrize(
    "text", ["", "x", "2026-11-23T05:00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00"]
)
def test_a_moment_that_is_none_still_gives_one_between_floor_and_now(text):
    at, _doubt = moment(line(text, offset=float("nan")), sent=None)
    assert NOON - timedelta(days=3) <= at <= NOON
