"""Trying a list, and writing it a hundred rows a transaction, so that any death leaves a whole number of them."""

from collections import Counter
from datetime import date
from typing import Any

from django.db import DataError, IntegrityError, transaction

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids, storage
from lienthu.kernel.text import folded_key, sort_key
from lienthu.patrons.actions.cards import CardTaken, issue_card
from lienthu.patrons.actions.registering import PatronData, filing_name, fill
from lienthu.patrons.actions.rolls.deciding import Decision, decide
from lienthu.patrons.actions.rolls.life import move, sole_runner
from lienthu.patrons.actions.rolls.reading import Unreadable, people
from lienthu.patrons.models import (
    Consent,
    Guardianship,
    Patron,
    PatronState,
    Purpose,
    Roll,
    RollRow,
)
from lienthu.patrons.policy import CHILD_AGE, age_on, consenting
from lienthu.patrons.sealing import seal, unseal

CHUNK = 100
_UNWRITABLE = (DataError, IntegrityError, ValueError)
_IDENTITY = "identity_number"


def sealed(data: dict[str, str]) -> dict[str, str]:
    """A row for the database: no identity number stands there open, not even until the list is written."""
    return data | {_IDENTITY: seal(data[_IDENTITY]).decode()} if data.get(_IDENTITY) else data


def opened(data: dict[str, str]) -> dict[str, str]:
    """The row again. A number that another installation's key sealed is not known."""
    return data | {_IDENTITY: unseal(data[_IDENTITY].encode()) or ""} if data.get(_IDENTITY) else data


def check_roll(*, actor: Actor, roll: Roll) -> None:
    """Read the file and note for each row what would come of it; no reader is touched. May run twice."""
    with sole_runner(roll):
        roll.refresh_from_db()
        if roll.status != "CHECKING":
            return
        try:
            with storage.open_stored(roll.file_key) as stored:
                persons = people(stored)
        except Unreadable as error:
            with writing(actor) as w:
                _drop_file(roll, "UNREADABLE", problem={"code": error.code, "params": error.params})
                w.audit(
                    "patrons.roll_unreadable",
                    target=("roll", ids.encode(roll.pk)),
                    at=roll.library.code,
                    details={"reason": error.code},
                )
            return
        Roll.objects.filter(pk=roll.pk).update(total=len(persons), started_at=clock.now())
        RollRow.objects.filter(roll=roll).delete()
        seen: set[tuple[str, str, str]] = set()
        counts: Counter[str] = Counter()
        for start in range(0, len(persons), CHUNK):
            rows = []
            for person in persons[start : start + CHUNK]:
                data = person.as_data()
                key = (person.card, folded_key(person.full_name), person.birth_date or person.group)
                found = decide(roll, data, fault=person.fault or ("TWICE" if key in seen else ""))
                seen.add(key)
                counts[found.outcome] += 1
                rows.append(
                    RollRow(
                        roll=roll,
                        number=person.number,
                        data=sealed(data),
                        outcome=found.outcome,
                        reason=found.reason,
                        patron=found.patron,
                    )
                )
            RollRow.objects.bulk_create(rows)
            Roll.objects.filter(pk=roll.pk).update(done=start + len(rows))
        with writing(actor) as w:
            _drop_file(roll, "CHECKED", counts=dict(counts))
            w.audit(
                "patrons.roll_checked",
                target=("roll", ids.encode(roll.pk)),
                at=roll.library.code,
                details={"counts": dict(counts)},
            )


def _drop_file(roll: Roll, status: str, **changes: Any) -> None:
    """The next state of a list whose file was read: nobody needs the file any more, which is full of people."""
    key = roll.file_key
    move(roll, status, file_key="", **changes)
    if key and not Roll.objects.filter(file_key=key).exists():
        transaction.on_commit(lambda: storage.remove(key))


def run_roll(*, actor: Actor, roll: Roll) -> None:
    """Write what a list in state RUNNING has not written yet, and finish it. May run twice."""
    with sole_runner(roll):
        roll.refresh_from_db()
        if roll.status != "RUNNING":
            return
        todo = RollRow.objects.filter(roll=roll, written=False).exclude(outcome="REFUSED")
        while rows := list(todo.select_related("patron__home_library").order_by("number")[:CHUNK]):
            try:
                with writing(actor) as w:
                    for row in rows:
                        _write(w, actor, roll, row)
                    _note_rows(w, roll, rows)
            except _UNWRITABLE:
                _write_singly(actor, roll, [row.pk for row in rows])
        _finish(actor, roll)


def _note_rows(w: Writing, roll: Roll, rows: list[RollRow]) -> None:
    Roll.objects.filter(pk=roll.pk).update(done=RollRow.objects.filter(roll=roll, written=True).count())
    w.audit(
        "patrons.roll_rows_written",
        target=("roll", ids.encode(roll.pk)),
        at=roll.library.code,
        details={
            "rows": [rows[0].number, rows[-1].number],
            "readers": [ids.encode(row.patron_id) for row in rows if row.patron_id],
        },
    )


def _write_singly(actor: Actor, roll: Roll, row_ids: list[int]) -> None:
    """A row that the database does not take is refused alone, so that no list stands still for it."""
    for row_id in row_ids:
        with writing(actor) as w:
            row = RollRow.objects.select_related("patron__home_library").get(pk=row_id)
            try:
                with writing(actor):
                    _write(w, actor, roll, row)
            except _UNWRITABLE:
                row = RollRow.objects.get(pk=row_id)
                row.outcome, row.reason = "REFUSED", "UNWRITABLE"
                row.save()
            _note_rows(w, roll, [row])


def _finish(actor: Actor, roll: Roll) -> None:
    outcomes = RollRow.objects.filter(roll=roll).values_list("outcome", flat=True)
    with writing(actor) as w:
        # what the readers have now stands with them; the list keeps no second copy of it
        RollRow.objects.filter(roll=roll, written=True).update(data={})
        move(roll, "DONE", counts=dict(Counter(outcomes)), finished_at=clock.now())
        w.audit(
            "patrons.roll_finished",
            target=("roll", ids.encode(roll.pk)),
            at=roll.library.code,
            details={"counts": roll.counts},
        )


def _write(w: Writing, actor: Actor, roll: Roll, row: RollRow) -> None:
    if roll.kind == "YEAR_END":
        _move_up(row)
    else:
        found = decide(roll, opened(row.data))
        row.outcome, row.reason = found.outcome, found.reason
        if found.outcome == "NEW":
            _register(actor, roll, row)
        elif found.patron is not None:
            _change(row, found)
    row.written = row.outcome != "REFUSED"
    row.save()


def _register(actor: Actor, roll: Roll, row: RollRow) -> None:
    assert roll.category is not None
    data, today = opened(row.data), clock.today()
    born = date.fromisoformat(data["birth_date"]) if data.get("birth_date") else None
    try:
        with transaction.atomic():
            patron = Patron(home_library=roll.library, registered_by=actor.name)
            fill(
                patron,
                PatronData(
                    full_name=data["full_name"],
                    category=roll.category.code,
                    birth_date=born,
                    identity_number=data.get("identity_number", ""),
                    **{name: data.get(name, "") for name in ("group", "phone", "email", "address")},
                ),
            )
            patron.save()
            issue_card(actor=actor, patron=patron, library=roll.library, number=data.get("card", ""))
    except CardTaken:
        row.outcome, row.reason = "REFUSED", "CARD_TAKEN"
        return
    age = age_on(born, today)
    child = age is not None and age < CHILD_AGE
    Consent.objects.bulk_create(
        Consent(patron=patron, purpose=purpose, given=True, by=by, how="LIST", recorded_by=actor.name)
        for purpose in ((Purpose.CARD, Purpose.CHILD) if child else (Purpose.CARD,))
        for by in consenting(age)
    )
    if child and data.get("guardian"):
        Guardianship.objects.create(
            child=patron, name=data["guardian"], phone=data.get("guardian_phone", ""), consented_on=today
        )
    row.patron, row.revision = patron, patron.revision


def _change(row: RollRow, found: Decision) -> None:
    patron, changes = found.patron, dict(found.changes or {})
    assert patron is not None
    row.patron = patron
    if not changes:
        return
    row.before = {name: _plain(getattr(patron, name)) for name in changes}
    apply(patron, changes)
    row.revision = patron.revision


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def apply(patron: Patron, changes: dict[str, Any]) -> None:
    """Write values into a reader's row, and the forms by which it is filed and found."""
    for name, value in changes.items():
        setattr(patron, name, date.fromisoformat(value) if name == "birth_date" and value else value)
    patron.name_sort = sort_key(filing_name(patron.full_name))
    patron.name_folded = folded_key(patron.full_name)
    patron.revision += 1
    patron.save()


def _move_up(row: RollRow) -> None:
    patron = row.patron
    if patron is None or patron.state != PatronState.ACTIVE or patron.group != row.data["from"]:
        row.outcome, row.reason = "REFUSED", "CHANGED_SINCE"
        return
    row.before = {"group": patron.group, "state": patron.state}
    apply(patron, {"group": row.data["to"]} if row.data["to"] else {"state": "CLOSED"})
    row.revision = patron.revision
