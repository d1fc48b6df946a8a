"""Permissions of the catalogue, and what each actor may see."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.models import Batch, SourceRecord
from lienthu.identity.access import Actor, require, scopes_with

IMPORT = "catalogue.import_records"
REVERT = "catalogue.revert_import"
EDIT = "catalogue.edit_record"
EXPORT = "catalogue.export_records"

AUDIT_LABELS = {
    "catalogue.import_started": _("Tải lên một tệp biểu ghi"),
    "catalogue.import_checked": _("Kiểm tra thử một tệp biểu ghi"),
    "catalogue.import_committed": _("Cho nhập một tệp biểu ghi"),
    "catalogue.records_imported": _("Ghi biểu ghi từ một tệp"),
    "catalogue.import_finished": _("Nhập xong một tệp biểu ghi"),
    "catalogue.import_unreadable": _("Không đọc được một tệp biểu ghi"),
    "catalogue.import_revert_started": _("Bắt đầu hoàn tác một lần nhập"),
    "catalogue.records_reverted": _("Đưa biểu ghi về trước lần nhập"),
    "catalogue.import_reverted": _("Hoàn tác xong một lần nhập"),
    "catalogue.copies_added": _("Thêm bản tài liệu"),
    "catalogue.record_saved": _("Lưu một biểu ghi"),
    "catalogue.record_withdrawn": _("Rút một biểu ghi khỏi mục lục"),
    "catalogue.records_changed": _("Sửa nhiều biểu ghi một lúc"),
    "catalogue.records_withdrawn": _("Rút nhiều biểu ghi theo nguồn của chúng"),
    "catalogue.records_brought_back": _("Đưa nhiều biểu ghi đã rút trở lại"),
    "catalogue.revision_restored": _("Khôi phục bản cũ của biểu ghi"),
}


def visible_batches(actor: Actor) -> QuerySet[Batch]:
    """Imports of the libraries where this actor may import."""
    return Batch.objects.filter(library__scope__in=scopes_with(actor, IMPORT)).select_related("library")


def get_batch(actor: Actor, batch_id: int) -> Batch:
    """One import; Batch.DoesNotExist and a refusal look the same to a stranger."""
    batch = Batch.objects.select_related("library__scope").get(pk=batch_id)
    require(actor, IMPORT, at=batch.library.scope)
    return batch


def get_record(actor: Actor, record_id: int) -> SourceRecord:
    """One source record for a person who may edit it; SourceRecord.DoesNotExist or Refused otherwise."""
    record = SourceRecord.objects.select_related("library__scope", "cluster").get(pk=record_id)
    require(actor, EDIT, at=record.library.scope)
    return record
