"""The trail is written with the data, and shows whatever was done to it afterwards."""

import io
import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lienthu.audit import anchors
from lienthu.audit.actions import Unaudited, writing
from lienthu.audit.models import Entry, Head
from lienthu.audit.policy import Damage, clean_details
from lienthu.audit.queries import EntryFilter, action_label, find_entries, labels, verify
from lienthu.kernel import clock
from lienthu.kernel.models import Event

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Somebody:
    account_id: int | None = 7
    name: str = "Thủ thư tỉnh"
    kind: str = "PERSON"


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def note(count: int, action: str = "test.done") -> list[int]:
    """Write so many entries, one block each; return their numbers."""
    for number in range(count):
        with writing(Somebody()) as w:
            w.audit(action, target=("record", f"r{number}"), at="VN-T-TINH", details={"số": number})
    return list(Entry.objects.order_by("-seq").values_list("seq", flat=True)[:count])[::-1]


def tamper(sql: str, *values: object) -> None:
    """What somebody with the database's own password could do: switch the trigger off and change rows."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_head DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_head ENABLE TRIGGER USER")


def test_entries_are_numbered_without_gaps_and_linked():
    first, second = note(2)
    assert second == first + 1
    one, two = Entry.objects.get(seq=first), Entry.objects.get(seq=second)
    assert bytes(two.prev_hash) == bytes(one.hash)
    assert (one.actor_kind, one.actor_id, one.actor_name) == ("PERSON", 7, "Thủ thư tỉnh")
    assert (one.action, one.target_kind, one.target_id, one.scope) == ("test.done", "record", "r0", "VN-T-TINH")
    assert one.details == {"số": 0}
    assert Head.objects.get().seq == second
    outcome = verify(first)
    assert (outcome.ok, outcome.checked) == (True, 2)


def test_an_exception_takes_back_rows_entries_and_events_together():
    before = (Head.objects.get().seq, Event.objects.count())
    with pytest.raises(RuntimeError), writing(Somebody()) as w:
        w.audit("test.done", target=("record", "x"))
        w.publish("test.happened", record="x")
        raise RuntimeError
    assert (Head.objects.get().seq, Event.objects.count()) == before
    assert not Entry.objects.filter(action="test.done", target_id="x").exists()


def test_blocks_inside_one_that_is_written_as_one_keep_nothing_of_a_failure():
    before = Entry.objects.count()
    with pytest.raises(RuntimeError), writing(Somebody(), as_one=True) as outer:
        outer.audit("test.outer", target=("record", "1"))
        with writing(Somebody()) as inner:
            inner.audit("test.inner", target=("record", "2"))
        with writing(Somebody()) as inner:
            inner.audit("test.lost", target=("record", "3"))
            raise RuntimeError
    assert Entry.objects.count() == before


@pytest.mark.parametrize(("as_one", "savepoints"), [(False, 2), (True, 1)])
def test_blocks_inside_one_that_is_written_as_one_cost_no_statement(as_one, savepoints):
    with CaptureQueriesContext(connection) as seen, writing(Somebody(), as_one=as_one) as outer:
        outer.audit("test.outer", target=("record", "1"))
        with writing(Somebody()):
            pass
    assert sum(one["sql"].startswith("SAVEPOINT") for one in seen) == savepoints


def test_a_block_inside_another_joins_it_and_its_failure_forgets_only_its_own_entries():
    start = Head.objects.get().seq
    with writing(Somebody()) as outer:
        outer.audit("test.outer", target=("batch", "1"))
        with pytest.raises(RuntimeError), writing(Somebody()) as inner:
            inner.audit("test.lost", target=("record", "1"))
            raise RuntimeError
        with writing(Somebody()) as inner:
            inner.audit("test.inner", target=("record", "2"))
        assert Head.objects.get().seq == start
    actions = list(Entry.objects.filter(seq__gt=start).order_by("seq").values_list("action", flat=True))
    assert actions == ["test.outer", "test.inner"]


def test_writing_without_an_entry_is_refused_and_rolled_back():
    events = Event.objects.count()
    with pytest.raises(Unaudited), writing(Somebody()) as w:
        w.publish("test.happened")
    assert Event.objects.count() == events


def test_a_block_that_found_nothing_to_do_says_so():
    start = Head.objects.get().seq
    with writing(Somebody()) as w:
        w.nothing_changed()
    assert Head.objects.get().seq == start


def test_a_thousand_entries_of_one_block_stay_whole():
    start = Head.objects.get().seq
    with writing(Somebody()) as w:
        for number in range(1000):
            w.audit("test.many", target=("record", number))
    assert Head.objects.get().seq == start + 1000
    assert verify(start + 1).checked == 1000


def test_one_entry_costs_less_than_two_milliseconds():
    note(5)
    start = time.process_time()
    note(100)
    assert (time.process_time() - start) / 100 < 0.002


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor_name = 'ai khác'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 0",
    ],
)
def test_the_database_refuses_to_change_the_trail(sql):
    (seq,) = note(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.filter(seq=seq).exists()
    assert verify(seq).ok


def test_an_edited_entry_is_found():
    seqs = note(5)
    tamper("UPDATE audit_entry SET actor_name = 'ai khác' WHERE seq = %s", seqs[2])
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind, outcome.checked) == (False, seqs[2], Damage.EDITED, 2)
    assert outcome.message == f"Mục số {seqs[2]} đã bị sửa sau khi ghi."


def test_edited_details_are_found():
    seqs = note(3)
    tamper("UPDATE audit_entry SET details = '{\"số\": 99}' WHERE seq = %s", seqs[1])
    assert (verify(seqs[0]).kind, verify(seqs[0]).first_bad) == (Damage.EDITED, seqs[1])


def test_a_deleted_entry_is_found():
    seqs = note(5)
    tamper("DELETE FROM audit_entry WHERE seq = %s", seqs[2])
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[2], Damage.DELETED)


def test_a_deletion_hidden_by_renumbering_is_found():
    seqs = note(5)
    tamper("DELETE FROM audit_entry WHERE seq = %s", seqs[2])
    tamper("UPDATE audit_entry SET seq = seq - 1 WHERE seq = %s", seqs[3])
    tamper("UPDATE audit_entry SET seq = seq - 1 WHERE seq = %s", seqs[4])
    tamper("UPDATE audit_head SET seq = seq - 1")
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[2], Damage.DELETED)


def test_swapped_entries_are_found():
    seqs = note(5)
    tamper("UPDATE audit_entry SET seq = 9000000000 WHERE seq = %s", seqs[1])
    tamper("UPDATE audit_entry SET seq = %s WHERE seq = %s", seqs[1], seqs[3])
    tamper("UPDATE audit_entry SET seq = %s WHERE seq = 9000000000", seqs[3])
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[1], Damage.REORDERED)


def test_a_trail_cut_short_is_found():
    seqs = note(5)
    tamper("DELETE FROM audit_entry WHERE seq >= %s", seqs[3])
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[3], Damage.TRUNCATED)


def test_a_trail_cut_short_with_its_head_is_found_by_the_anchor():
    seqs = note(5)
    anchors.write()
    tamper("DELETE FROM audit_entry WHERE seq >= %s", seqs[3])
    tamper("UPDATE audit_head SET seq = %s, hash = (SELECT hash FROM audit_entry WHERE seq = %s)", seqs[2], seqs[2])
    assert verify(seqs[0], against_anchors=False).ok
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[3], Damage.TRUNCATED)


def test_a_trail_written_anew_after_the_anchor_is_found():
    seqs = note(5)
    anchors.write()
    tamper("DELETE FROM audit_entry WHERE seq >= %s", seqs[3])
    tamper("UPDATE audit_head SET seq = %s, hash = (SELECT hash FROM audit_entry WHERE seq = %s)", seqs[2], seqs[2])
    assert note(2, "test.forged") == seqs[3:]
    outcome = verify(seqs[0])
    assert (outcome.ok, outcome.first_bad, outcome.kind) == (False, seqs[4], Damage.EDITED)


def test_a_torn_anchor_line_is_passed_over():
    note(1)
    anchors.write()
    with anchors.path().open("a") as file:
        file.write("2026-11-2")
    assert len(anchors.read()) == 1


def test_checking_starts_where_asked_and_survives_impossible_numbers():
    seqs = note(4)
    assert verify(seqs[2]).checked == 2
    assert verify(10**12).ok
    assert verify(-5).ok


def test_texts_that_the_database_cannot_hold_are_cleaned():
    with writing(Somebody(name="A\x00\ud800")) as w:
        w.audit("test.done", target=("record", "\x00"), details={"k\x00": ["\ud800", 1.5, date(2026, 11, 22)]})
    entry = Entry.objects.latest("seq")
    assert entry.details == {"k\ufffd": ["?", "1.5", "2026-11-22"]}
    assert verify(entry.seq).ok


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_cleaned_details_come_back_from_json_unchanged(value):
    cleaned = clean_details(value)
    assert json.loads(json.dumps(cleaned)) == cleaned


def test_the_trail_can_be_searched_by_person_action_place_and_day():
    with clock.frozen(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        (seq,) = note(1, "test.search")
    found = find_entries(EntryFilter(action="test.search", actor="thủ thư", scope="VN-T-TINH"))
    assert [entry.seq for entry in found] == [seq]
    assert not find_entries(EntryFilter(action="test.search", scopes=["VN-T-KHAC"])).exists()
    assert not find_entries(EntryFilter(action="test.search", since=datetime(2026, 11, 23, tzinfo=UTC))).exists()


def test_actions_have_names_for_people():
    assert str(labels()["identity.grant_role"]) == "Cấp vai trò"
    assert action_label("unheard.of") == "unheard.of"


def test_the_command_says_that_the_trail_is_whole():
    seqs = note(2)
    out = io.StringIO()
    call_command("audit", "verify", "--json", "--from", str(seqs[0]), stdout=out)
    report = json.loads(out.getvalue())
    assert (report["ok"], report["checked"], report["first_bad"], report["kind"]) == (True, 2, None, None)


def test_the_command_ends_with_one_when_the_trail_is_damaged():
    seqs = note(3)
    tamper("UPDATE audit_entry SET action = 'x' WHERE seq = %s", seqs[1])
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("audit", "verify", "--json", "--from", str(seqs[0]), stdout=out)
    assert end.value.code == 1
    report = json.loads(out.getvalue())
    assert (report["ok"], report["first_bad"], report["kind"]) == (False, seqs[1], "EDITED")


def test_the_command_shows_recent_entries():
    (seq,) = note(1)
    out = io.StringIO()
    call_command("audit", "show", "--limit", "1", "--json", stdout=out)
    assert json.loads(out.getvalue())["seq"] == seq
