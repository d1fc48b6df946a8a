"""Permissions of the catalogue, and what each actor may see."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.models import Batch, SourceRecord
from lienthu.catalogue.queries.sight import PUBLIC, Sight
from lienthu.identity.access import Actor, may, require, scopes_with
from lienthu.libraries.queries import libraries

IMPORT = "catalogue.import_records"
REVERT = "catalogue.revert_import"
EDIT = "catalogue.edit_record"
EXPORT = "catalogue.export_records"
REVIEW = "catalogue.review_merges"
SHARE = "catalogue.share_records"

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
    "catalogue.copies_changed": _("Sửa bản tài liệu"),
    "catalogue.copies_withdrawn": _("Thanh lọc bản tài liệu"),
    "catalogue.record_saved": _("Lưu một biểu ghi"),
    "catalogue.record_withdrawn": _("Rút một biểu ghi khỏi mục lục"),
    "catalogue.records_changed": _("Sửa nhiều biểu ghi một lúc"),
    "catalogue.records_withdrawn": _("Rút nhiều biểu ghi theo nguồn của chúng"),
    "catalogue.records_brought_back": _("Đưa nhiều biểu ghi đã rút trở lại"),
    "catalogue.records_merged": _("Gộp hai biểu ghi liên hợp"),
    "catalogue.records_split": _("Tách một biểu ghi khỏi biểu ghi liên hợp"),
    "catalogue.records_unmerged": _("Bỏ một lần gộp hoặc tách"),
    "catalogue.pair_decided": _("Quyết định về hai biểu ghi nghi trùng"),
    "catalogue.pair_postponed": _("Để một cặp nghi trùng lại sau"),
    "catalogue.field_locked": _("Khóa một trường của biểu ghi liên hợp"),
    "catalogue.field_unlocked": _("Mở khóa một trường của biểu ghi liên hợp"),
    "catalogue.note_added": _("Thêm ghi chú của thư viện"),
    "catalogue.note_removed": _("Bỏ ghi chú của thư viện"),
    "catalogue.work_changed": _("Đổi nhóm tác phẩm của biểu ghi"),
    "catalogue.records_rematched": _("Đối sánh lại biểu ghi"),
    "catalogue.sharing_changed": _("Đổi cách chia sẻ của thư viện"),
    "catalogue.sharing_applied": _("Áp dụng cách chia sẻ của thư viện"),
    "catalogue.library_withdrawn": _("Rút toàn bộ biểu ghi của thư viện"),
    "catalogue.library_restored": _("Đưa toàn bộ biểu ghi của thư viện trở lại"),
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


def sight_of(actor: Actor) -> Sight:
    """What this actor sees of holdings and records: staff of any library the network's, and all of their own."""
    if not actor.is_staff:
        return PUBLIC
    own = libraries().filter(scope__in=scopes_with(actor, "web.enter_desk")).values_list("pk", flat=True)
    return Sight(network=True, own=tuple(own))


def reviewed_libraries(actor: Actor) -> list[int] | None:
    """Libraries whose records this actor may bring together and apart; None: all."""
    if actor.all_powerful:
        return None
    return list(libraries().filter(scope__in=scopes_with(actor, REVIEW)).values_list("pk", flat=True))


def require_review(actor: Actor, records: Iterable[SourceRecord]) -> None:
    """Ask for the permission to bring records together and apart: at the library of any one of them.

    Whoever works for one of these libraries may decide; raises Refused for all others.
    """
    scopes = {record.library.scope_id: record.library.scope for record in records}
    if not any(may(actor, REVIEW, at=scope) for scope in scopes.values()):
        require(actor, REVIEW, at=next(iter(scopes.values()), None))
