"""An edit before it runs: begun, chosen for, its steps in order. Scratch paper, so nothing here is audited."""

from collections.abc import Sequence
from typing import Any

from lienthu.audit.actions import writing
from lienthu.batchedit.access import require_edit
from lienthu.batchedit.actions.runners import NotPossible
from lienthu.batchedit.models import BatchEdit, EditState
from lienthu.batchedit.policy.shapes import faults
from lienthu.batchedit.policy.steps import MOST_STEPS, Step
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library

_OPEN = (EditState.DRAFT, EditState.PREVIEWED)


def begin_edit(
    *, actor: Actor, library: Library, title: str, selection: dict[str, Any], steps: Sequence[dict[str, Any]] = ()
) -> BatchEdit:
    """Begin an edit for records of a library. Raises Refused."""
    require_edit(actor, library)
    with writing(actor) as w:
        w.nothing_changed()
        return BatchEdit.objects.create(
            library=library,
            title=title,
            selection=selection,
            steps=list(steps),
            actor_id=actor.account_id,
            actor_name=actor.name,
        )


def change_draft(
    *,
    actor: Actor,
    edit: BatchEdit,
    version: int,
    title: str | None = None,
    selection: dict[str, Any] | None = None,
    steps: Sequence[Step] | None = None,
    allow_loss: bool | None = None,
) -> BatchEdit:
    """Change an edit that has not run; its preview is void then. `version` is the one that was seen.

    Raises Refused, NotPossible (state, version, too_many_steps, step).
    """
    require_edit(actor, edit.library)
    with writing(actor) as w:
        w.nothing_changed()
        locked = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if locked.state not in _OPEN:
            raise NotPossible("state")
        if locked.version != version:
            raise NotPossible("version")
        if steps is not None:
            if len(steps) > MOST_STEPS:
                raise NotPossible("too_many_steps")
            if any(faults(step) for step in steps):
                raise NotPossible("step")
            locked.steps = [step.packed() for step in steps]
        if selection is not None:
            locked.selection = selection
        locked.title = locked.title if title is None else title
        locked.allow_loss = locked.allow_loss if allow_loss is None else allow_loss
        locked.version += 1
        locked.state, locked.total, locked.done, locked.not_found = EditState.DRAFT, 0, 0, []
        locked.problem = None
        locked.records.all().delete()
        locked.save()
    return locked


def drop_draft(*, actor: Actor, edit: BatchEdit) -> None:
    """Throw an edit away that has not run. Raises Refused, NotPossible."""
    require_edit(actor, edit.library)
    with writing(actor) as w:
        w.nothing_changed()
        locked = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if locked.state not in _OPEN:
            raise NotPossible("state")
        locked.delete()


def steps_of(edit: BatchEdit) -> list[Step]:
    """The steps as values."""
    return [Step.unpacked(one) for one in edit.steps]
