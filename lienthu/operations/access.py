"""Permissions of operations, and what its actions are called in the audit trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENTER_DESK = "web.enter_desk"
READ_HEALTH = "operations.read_health"
RUN_BACKUP = "operations.run_backup"

AUDIT_LABELS: dict[str, str | Promise] = {
    "operations.request_backup": _("Yêu cầu sao lưu"),
    "operations.backup_made": _("Sao lưu xong"),
    "operations.backup_failed": _("Sao lưu không thành"),
    "operations.backup_removed": _("Xóa bản sao lưu đã hết hạn giữ"),
    "operations.request_restore_test": _("Yêu cầu kiểm tra phục hồi"),
    "operations.restore_tested": _("Kiểm tra phục hồi thành công"),
    "operations.restore_test_failed": _("Kiểm tra phục hồi không thành"),
    "operations.restored": _("Hệ thống được phục hồi từ bản sao lưu"),
    "operations.retry_job": _("Cho chạy lại một việc nền"),
}
