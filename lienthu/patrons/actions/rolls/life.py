"""The life of a list as a whole: taken in, checked, written, taken back."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.intake.names import display_name
from lienthu.kernel import clock, ids, locks, storage
from lienthu.libraries.queries import Library
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.rolls.reading import MAX_BYTES
from lienthu.patrons.models import Category, Roll, RollKind

# Names this use among PostgreSQL's advisory locks.
LOCK_CLASS = 7_351
_FOLLOWS: Mapping[str, frozenset[str]] = {
    "CHECKING": frozenset({"CHECKED", "UNREADABLE"}),
    "CHECKED": frozenset({"RUNNING"}),
    "RUNNING": frozenset({"DONE"}),
    "DONE": frozenset({"REVERTING"}),
    "REVERTING": frozenset({"REVERTED"}),
}


class WrongState(ValueError):
    """The list is not in a state from which this step may start."""


def start_roll(*, actor: Actor, library: Library, kind: str, category: str, source: BinaryIO, file_name: str) -> Roll:
    """Keep a file and have it tried in the background. Raises Refused, storage.TooLarge."""
    require(actor, EDIT, at=library.scope)
    stored = storage.save_stream(source, max_bytes=MAX_BYTES)
    with writing(actor) as w:
        roll = Roll.objects.create(
            library=library,
            kind=RollKind(kind),
            category=Category.objects.get(code=category),
            file_key=stored.key,
            file_name=display_name(file_name),
            actor_id=actor.account_id,
            actor_name=actor.name,
        )
        w.audit(
            "patrons.roll_uploaded",
            target=("roll", ids.encode(roll.pk)),
            at=library.code,
            details={"file": roll.file_name, "sha256": stored.sha256},
        )
        w.publish("patrons.roll_requested", roll_id=roll.pk)
    return roll


def move(roll: Roll, status: str, **changes: Any) -> None:
    """Bring a list to its next state, where the row still has the state that the caller saw. Raises WrongState."""
    if status not in _FOLLOWS.get(roll.status, frozenset()):
        raise WrongState(roll.status)
    changes["status"] = status
    if not Roll.objects.filter(pk=roll.pk, status=roll.status).update(**changes):
        raise WrongState(roll.status)
    for name, value in changes.items():
        setattr(roll, name, value)


def commit_roll(*, actor: Actor, roll: Roll) -> None:
    """Let a tried list be written, in the background. Raises Refused, WrongState."""
    require(actor, EDIT, at=roll.library.scope)
    with writing(actor) as w:
        move(roll, "RUNNING", counts={}, done=0, started_at=clock.now())
        w.audit("patrons.roll_committed", target=("roll", ids.encode(roll.pk)), at=roll.library.code)
        w.publish("patrons.roll_requested", roll_id=roll.pk)


def request_revert(*, actor: Actor, roll: Roll) -> None:
    """Take a written list back, in the background. Raises Refused, WrongState."""
    require(actor, EDIT, at=roll.library.scope)
    with writing(actor) as w:
        move(roll, "REVERTING", done=0, started_at=clock.now())
        w.audit("patrons.roll_revert_started", target=("roll", ids.encode(roll.pk)), at=roll.library.code)
        w.publish("patrons.roll_requested", roll_id=roll.pk)


def sole_runner(roll: Roll) -> AbstractContextManager[None]:
    """Hold the lock of a list while working on it. Raises locks.AlreadyRunning."""
    return locks.sole_runner(LOCK_CLASS, roll.pk)
