"""Roles and what each may do. A role is granted *at* a scope and holds for everything below it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """One role: its name for people, its permissions, and whether it is staff (two-step sign-in is required)."""

    label: Promise
    permissions: frozenset[str]
    staff: bool = True
    # Held by machines that sign in by themselves, never by an account.
    of_machines: bool = False


_DESK = {"web.enter_desk", "loanrules.read"}
_LENDING = {
    "fees.read",
    "fees.collect",
    "notices.read",
    "notices.send",
    "circulation.lend",
    "patrons.read",
    "patrons.edit",
    "patrons.block",
    "offlinedesk.enrol",
    "rotation.manage",
    "stocktaking.manage",
}
_CATALOGUING = {
    "catalogue.import_records",
    "catalogue.revert_import",
    "catalogue.edit_record",
    "catalogue.export_records",
    "catalogue.review_merges",
    "authorities.edit",
    "batchedit.run",
}
_LIBRARY = {
    "weeding.manage",
    "sip2.manage",
    "fees.waive",
    "fees.price",
    "notices.edit",
    "circulation.override",
    "catalogue.share_records",
    "harvesting.manage",
    "targets.manage",
    "loanrules.edit",
    "loanrules.publish",
    "libraries.edit_library",
    "libraries.edit_hours",
    "identity.grant_role",
}
_INSPECTION = {"fees.read", "audit.read", "operations.read_health"}
_SYSTEM = {
    "libraries.add_library",
    "libraries.change_lifecycle",
    "identity.manage_accounts",
    "operations.read_health",
    "operations.run_backup",
    "operations.rebuild_index",
    "audit.read",
}

ROLES: dict[str, Role] = {
    "READER": Role(label=_("Bạn đọc"), permissions=frozenset(), staff=False),
    "LIBRARIAN": Role(label=_("Thủ thư"), permissions=frozenset(_DESK | _LENDING)),
    "CATALOGUER": Role(label=_("Cán bộ biên mục"), permissions=frozenset(_DESK | _CATALOGUING)),
    "LIBRARY_MANAGER": Role(
        label=_("Phụ trách thư viện"), permissions=frozenset(_DESK | _LENDING | _CATALOGUING | _LIBRARY)
    ),
    "INSPECTOR": Role(label=_("Cán bộ kiểm tra"), permissions=frozenset(_DESK | _INSPECTION)),
    "AGENCY_OFFICER": Role(label=_("Cán bộ cơ quan"), permissions=frozenset(_DESK)),
    "ADMINISTRATOR": Role(
        label=_("Quản trị hệ thống"),
        permissions=frozenset(_DESK | _LENDING | _CATALOGUING | _LIBRARY | _INSPECTION | _SYSTEM),
    ),
    "SELF_CHECK": Role(
        label=_("Máy tự phục vụ"),
        permissions=frozenset({"circulation.lend", "patrons.read", "patrons.block"}),
        staff=False,
        of_machines=True,
    ),
}

# Each permission in words that follow "quyền": shown in refusals and beside each role.
PERMISSIONS: dict[str, Promise] = {
    "web.enter_desk": _("vào bàn làm việc"),
    "sip2.manage": _("quản lý máy tự phục vụ"),
    "patrons.read": _("xem bạn đọc"),
    "patrons.edit": _("đăng ký bạn đọc và cấp thẻ"),
    "patrons.block": _("chặn và bỏ chặn bạn đọc"),
    "catalogue.import_records": _("nhập biểu ghi từ tệp"),
    "catalogue.revert_import": _("hoàn tác một lần nhập"),
    "catalogue.edit_record": _("sửa biểu ghi và bản tài liệu"),
    "catalogue.export_records": _("xuất biểu ghi"),
    "catalogue.review_merges": _("gộp và tách biểu ghi liên hợp"),
    "catalogue.share_records": _("đặt cách chia sẻ và rút biểu ghi của thư viện"),
    "harvesting.manage": _("quản lý các nguồn thu hoạch"),
    "targets.manage": _("quản lý các nguồn biểu ghi bên ngoài"),
    "authorities.edit": _("sửa đề mục có kiểm soát"),
    "batchedit.run": _("sửa biểu ghi hàng loạt"),
    "loanrules.read": _("xem nội quy mượn"),
    "loanrules.edit": _("soạn nội quy mượn"),
    "loanrules.publish": _("công bố nội quy mượn"),
    "fees.read": _("xem sổ thu chi của thư viện"),
    "fees.collect": _("thu và chi tiền ở quầy"),
    "fees.waive": _("miễn khoản thu và hủy bút toán, có ghi lý do"),
    "fees.price": _("công bố bảng giá và đặt tài khoản nhận tiền"),
    "circulation.lend": _("ghi mượn, ghi trả và nhận đặt mượn ở quầy"),
    "circulation.override": _("cho mượn khác nội quy, có ghi lý do"),
    "offlinedesk.enrol": _("ghi danh máy làm quầy khi mất mạng"),
    "rotation.manage": _("lập, giao và nhận bộ sách luân chuyển"),
    "weeding.manage": _("lập, công khai và thực hiện đợt thanh lọc"),
    "stocktaking.manage": _("mở, quét và kết thúc đợt kiểm kê"),
    "notices.read": _("xem hộp gửi thông báo"),
    "notices.send": _("gửi lại thông báo và báo cho bạn đọc"),
    "notices.edit": _("sửa mẫu và giờ gửi thông báo"),
    "libraries.edit_library": _("sửa thông tin thư viện"),
    "libraries.edit_hours": _("sửa giờ mở cửa và ngày nghỉ"),
    "libraries.add_library": _("thêm thư viện vào danh bạ"),
    "libraries.change_lifecycle": _("ghi nhận thành lập, sáp nhập, giải thể thư viện"),
    "identity.grant_role": _("cấp và thu hồi vai trò"),
    "identity.manage_accounts": _("quản lý tài khoản"),
    "audit.read": _("xem nhật ký hệ thống"),
    "operations.read_health": _("xem tình trạng hệ thống"),
    "operations.run_backup": _("sao lưu và kiểm tra phục hồi"),
    "operations.rebuild_index": _("dựng lại chỉ mục tìm kiếm"),
}
