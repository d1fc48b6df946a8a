"""When the person who asked for a job may not do it any more."""

from lienthu.audit.actions import writing
from lienthu.batchedit.actions.running import finish
from lienthu.batchedit.models import BatchEdit, EditState
from lienthu.identity.access import system_actor

_PROBLEM = {"code": "not_allowed"}


def give_up(edit: BatchEdit) -> None:
    """Leave an edit where it is, so that somebody else may go on: a run stopped, a return half done, a draft."""
    system = system_actor("batchedit.give_up")
    edit.refresh_from_db()
    if edit.state == EditState.RUNNING:
        finish(system, edit, stopped=True, problem=_PROBLEM)
        return
    with writing(system) as w:
        w.nothing_changed()
        back = {EditState.PREVIEWING: EditState.DRAFT, EditState.REVERTING: EditState.STOPPED}
        state = back.get(EditState(edit.state))
        if state:
            BatchEdit.objects.filter(pk=edit.pk).update(state=state, problem=_PROBLEM)
