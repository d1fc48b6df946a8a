"""Steps that a library keeps under a name."""

from lienthu.audit.actions import writing
from lienthu.batchedit.access import require_edit
from lienthu.batchedit.actions.runners import NotPossible
from lienthu.batchedit.models import BatchEdit, StepTemplate
from lienthu.identity.access import Actor
from lienthu.kernel import clock


def save_template(*, actor: Actor, edit: BatchEdit, name: str) -> StepTemplate:
    """Keep the steps of an edit under a name of its library; steps that were under it go.

    Raises Refused, NotPossible.
    """
    require_edit(actor, edit.library)
    if not edit.steps:
        raise NotPossible("no_steps")
    with writing(actor) as w:
        template, _made = StepTemplate.objects.update_or_create(
            library=edit.library,
            name=name,
            defaults={"steps": edit.steps, "updated_by": w.actor.name, "updated_at": clock.now()},
        )
        w.audit(
            "batchedit.template_saved",
            target=("template", template.pk),
            at=edit.library.code,
            details={"name": name, "steps": edit.steps},
        )
    return template


def remove_template(*, actor: Actor, template: StepTemplate) -> None:
    """Remove one. Edits that were made from it keep their steps. Raises Refused."""
    require_edit(actor, template.library)
    with writing(actor) as w:
        w.audit(
            "batchedit.template_removed",
            target=("template", template.pk),
            at=template.library.code,
            details={"name": template.name},
        )
        template.delete()
