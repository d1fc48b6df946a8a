"""What the actions of this module are called in the audit trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_LABELS: dict[str, str | Promise] = {
    "identity.create_account": _("Tạo tài khoản"),
    "identity.set_password": _("Đặt lại mật khẩu"),
    "identity.change_password": _("Đổi mật khẩu của mình"),
    "identity.grant_role": _("Cấp vai trò"),
    "identity.revoke_role": _("Thu hồi vai trò"),
    "identity.deactivate_account": _("Ngừng sử dụng tài khoản"),
    "identity.reactivate_account": _("Cho dùng lại tài khoản"),
    "identity.create_scope": _("Thêm đơn vị vào cây phân quyền"),
    "identity.rename_scope": _("Đổi tên đơn vị trong cây phân quyền"),
    "identity.move_scope": _("Chuyển đơn vị trong cây phân quyền"),
    "identity.close_scope": _("Khép lại đơn vị trong cây phân quyền"),
    "identity.reopen_scope": _("Mở lại đơn vị trong cây phân quyền"),
    "identity.sign_in": _("Đăng nhập"),
    "identity.sign_out": _("Đăng xuất"),
    "identity.sign_in_failed": _("Đăng nhập không thành công"),
    "identity.locked_out": _("Tạm khóa đăng nhập vì thử sai nhiều lần"),
    "identity.mfa_added": _("Thêm bước xác thực thứ hai"),
    "identity.mfa_removed": _("Gỡ bước xác thực thứ hai"),
    "identity.change_own_details": _("Sửa thông tin của mình"),
    "identity.mfa_reset": _("Gỡ hộ bước xác thực thứ hai"),
    "identity.refused": _("Truy cập bị từ chối"),
}
