"""What every action does: the weeding locked, its state asked, its history written."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lienthu.audit.actions import Writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.weeding.access import require_manage
from lienthu.weeding.actions.refusals import Refused
from lienthu.weeding.models import Happening, Weeding
from lienthu.weeding.queries import counts_of


def locked(actor: Actor, weeding_id: int, *states: object) -> Weeding:
    """The weeding, its row locked until the transaction ends. Raises Refused of identity, and Refused for its state."""
    weedings = Weeding.objects.select_for_update(of=("self",)).select_related("library__scope")
    one = weedings.get(pk=weeding_id)
    require_manage(actor, one)
    if one.state not in states:
        raise Refused("OTHER_STATE", state=one.state)
    return one


def note(
    w: Writing, one: Weeding, what: str, more: Mapping[str, Any] | None = None, *, at: datetime | None = None
) -> None:
    """Write a line of the weeding's history, with its counts, and the audit entry."""
    kept = {**asdict(counts_of(one)), **(more or {})}
    moment = at or clock.now()
    Happening.objects.create(weeding=one, what=what.upper(), at=moment, by=w.actor.name[:200], counts=kept)
    w.audit(
        f"weeding.{what}", target=("weeding", one.public_id), at=one.library.code, details={"name": one.name, **kept}
    )


def tidy(text: str, letters: int) -> str:
    """One line of text without control characters, cut."""
    return " ".join(text.replace("\x00", "").split())[:letters]
