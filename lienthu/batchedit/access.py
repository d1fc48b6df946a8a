"""Who may edit many records at once: whoever holds `batchedit.run` at the library of the records."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.batchedit.models import BatchEdit, StepTemplate
from lienthu.identity.access import Actor, require, scopes_with
from lienthu.libraries.queries import Library, libraries

EDIT = "batchedit.run"

AUDIT_LABELS = {
    "batchedit.run_started": _("Bắt đầu sửa hàng loạt"),
    "batchedit.records_edited": _("Sửa biểu ghi hàng loạt"),
    "batchedit.run_finished": _("Sửa hàng loạt xong"),
    "batchedit.run_stopped": _("Dừng sửa hàng loạt giữa chừng"),
    "batchedit.return_started": _("Bắt đầu hoàn tác một lần sửa hàng loạt"),
    "batchedit.records_returned": _("Trả biểu ghi về trước lần sửa hàng loạt"),
    "batchedit.return_finished": _("Hoàn tác xong một lần sửa hàng loạt"),
    "batchedit.template_saved": _("Lưu một mẫu sửa hàng loạt"),
    "batchedit.template_removed": _("Bỏ một mẫu sửa hàng loạt"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """The libraries whose records this actor may edit so, in Vietnamese order."""
    return libraries().filter(scope__in=scopes_with(actor, EDIT)).select_related("scope").order_by("name_sort", "code")


def require_edit(actor: Actor, library: Library) -> None:
    """Raise Refused unless the actor may edit records of this library."""
    require(actor, EDIT, at=library.scope)


def visible_edits(actor: Actor) -> QuerySet[BatchEdit]:
    """The edits of these libraries."""
    return BatchEdit.objects.filter(library__scope__in=scopes_with(actor, EDIT)).select_related("library__scope")


def get_edit(actor: Actor, edit_id: int) -> BatchEdit:
    """One edit; BatchEdit.DoesNotExist, or Refused for an edit of another library."""
    edit = BatchEdit.objects.select_related("library__scope").get(pk=edit_id)
    require_edit(actor, edit.library)
    return edit


def visible_templates(actor: Actor) -> QuerySet[StepTemplate]:
    """The templates of these libraries."""
    return StepTemplate.objects.filter(library__scope__in=scopes_with(actor, EDIT)).select_related("library__scope")


def get_template(actor: Actor, template_id: int) -> StepTemplate:
    """One template; StepTemplate.DoesNotExist, or Refused for one of another library."""
    template = StepTemplate.objects.select_related("library__scope").get(pk=template_id)
    require_edit(actor, template.library)
    return template
