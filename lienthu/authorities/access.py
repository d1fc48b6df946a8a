"""Permissions of the authority file.

The file is shared by the whole network, so changing it needs `authorities.edit` at the province itself. Who holds it
at a library only may see the desk and propose changes; a keeper of the file answers.
"""

from django.utils.translation import gettext_lazy as _

from lienthu.authorities.models import Authority, Change, Upload
from lienthu.identity.access import Actor, Refused, may, require, require_anywhere

EDIT = "authorities.edit"

AUDIT_LABELS = {
    "authorities.created": _("Tạo biểu ghi đề mục"),
    "authorities.imported": _("Nhập biểu ghi đề mục từ tệp"),
    "authorities.file_uploaded": _("Tải lên một tệp đề mục"),
    "authorities.file_committed": _("Cho nhập một tệp đề mục"),
    "authorities.file_finished": _("Nhập xong một tệp đề mục"),
    "authorities.edited": _("Sửa biểu ghi đề mục"),
    "authorities.renamed": _("Đổi dạng chuẩn của đề mục"),
    "authorities.merged": _("Gộp hai đề mục"),
    "authorities.split": _("Tách đề mục"),
    "authorities.aligned": _("Đưa dạng khác của đề mục về dạng chuẩn"),
    "authorities.deleted": _("Xóa biểu ghi đề mục"),
    "authorities.change_finished": _("Sửa xong biểu ghi theo đề mục"),
    "authorities.records_carried": _("Sửa biểu ghi theo đề mục"),
    "authorities.change_reverted": _("Hoàn tác thay đổi đề mục"),
    "authorities.records_returned": _("Trả biểu ghi về trước thay đổi đề mục"),
    "authorities.change_returned": _("Hoàn tác xong thay đổi đề mục"),
    "authorities.proposed": _("Đề nghị sửa đề mục"),
    "authorities.answered": _("Trả lời đề nghị sửa đề mục"),
}


def may_edit(actor: Actor) -> bool:
    """May the actor change the shared file?"""
    return may(actor, EDIT, None)


def require_edit(actor: Actor) -> None:
    """Raise Refused unless the actor may change the shared file."""
    require(actor, EDIT, at=None)


def get_authority(actor: Actor, authority_id: int) -> Authority:
    """One authority for the desk, also one that was merged or deleted; Authority.DoesNotExist or Refused otherwise."""
    require_anywhere(actor, EDIT)
    return Authority.objects.select_related("merged_into").get(pk=authority_id)


def get_change(actor: Actor, change_id: int) -> Change:
    """One change on its way to the records; Change.DoesNotExist or Refused otherwise."""
    require_anywhere(actor, EDIT)
    return Change.objects.select_related("authority").get(pk=change_id)


def get_upload(actor: Actor, upload_id: int) -> Upload:
    """One file of authority records; Upload.DoesNotExist or Refused otherwise."""
    require_anywhere(actor, EDIT)
    return Upload.objects.get(pk=upload_id)


__all__ = ["AUDIT_LABELS", "EDIT", "Refused", "get_authority", "get_change", "get_upload", "may_edit", "require_edit"]
