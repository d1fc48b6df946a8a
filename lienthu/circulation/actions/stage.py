"""The frame of every action: one transaction, the same order of locks, and each request done once.

Order of locks: the reader (an advisory lock), the copy, the requests in the order of their numbers. Then the chain of
the audit, just before the commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lienthu.audit.actions import Writing, writing
from lienthu.circulation.actions.refusals import refuse
from lienthu.circulation.models import Step
from lienthu.circulation.policy import Action, Request, Situation, Transition, Where, Who, transition_for
from lienthu.circulation.queries.counting import local_day
from lienthu.circulation.queries.readers import ReaderNow
from lienthu.circulation.queries.state import Scene, locked_scene
from lienthu.circulation.queries.staying import stays_at
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.kernel.postgresql.planned import as_models, ask, columns
from lienthu.libraries.queries import Library

READER_LOCK = 4_101
KEY_LENGTH = 80
# "request_key <> ''" is said for the index, which has only those.
_STEP = "SELECT {step} FROM circulation_step s WHERE s.request_key = %s AND s.request_key <> ''"


@dataclass(slots=True)
class Stage:
    """What an action works with. `library` is the desk's; `reader` is set where one is concerned."""

    w: Writing
    actor: Actor
    action: Action
    library: Library
    branch_id: int | None
    at: datetime
    channel: str
    request_key: str
    scene: Scene
    reader: ReaderNow | None = None
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> Any:
        return local_day(self.at)

    @property
    def where(self) -> Where:
        """A copy is at home in its own library, and in the one that keeps it with a set for the time being."""
        return Where.HOME if self.library.pk in (self.scene.copy.library_id, self.home_id()) else Where.AWAY

    def home_id(self) -> int:
        """Where the copy goes when nobody wants it. Asked only of copies that are met away from their own library."""
        owner = self.scene.copy.library_id
        if self.library.pk == owner:
            return owner
        if "home" not in self.made:
            self.made["home"] = stays_at(self.scene.copy.item_id) or owner
        return int(self.made["home"])

    def request(self) -> Request:
        return self.scene.request(library_id=self.library.pk, today=self.today)

    def transition(self, who: Who, request: Request | None = None) -> Transition:
        """The line of the table for this copy, here, now."""
        return transition_for(
            Situation(self.action, self.scene.copy.status, request or self.request(), who, self.where)
        )


def lock_reader(patron_id: int) -> None:
    """One desk at a time decides about one reader, so that limits hold."""
    ask("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [READER_LOCK, patron_id & 0x7FFFFFFF])


@contextmanager
def staging(
    *,
    actor: Actor,
    action: Action,
    item_id: int,
    library: Library,
    branch_id: int | None,
    at: datetime | None,
    channel: str,
    request_key: str,
    patron_id: int | None = None,
) -> Iterator[Stage]:
    """Open the transaction and lock. Raises circulation's Refused for a copy that does not exist."""
    with writing(actor) as w:
        if patron_id is not None:
            lock_reader(patron_id)
        scene = locked_scene(item_id)
        if scene is None:
            raise refuse("NO_SUCH_COPY")
        yield Stage(
            w=w,
            actor=actor,
            action=action,
            library=library,
            branch_id=branch_id,
            at=at or clock.now(),
            channel=channel,
            request_key=request_key[:KEY_LENGTH],
            scene=scene,
        )


def done_before(stage: Stage) -> Step | None:
    """The step that this very request made when it came the first time. Raises Refused for a key used otherwise."""
    if not stage.request_key:
        return None
    step = next(iter(as_models(Step, ask(_STEP.format(step=columns(Step, "s")), [stage.request_key]))), None)
    if step is None:
        return None
    if step.action != stage.action or step.item_id != stage.scene.copy.item_id:
        raise refuse("KEY_USED")
    stage.w.nothing_changed()
    return step
