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


_DESK = {"web.enter_desk"}
_CATALOGUING = {
    "catalogue.import_records",
    "catalogue.revert_import",
    "catalogue.edit_record",
    "catalogue.export_records",
}
_LIBRARY = {"libraries.edit_library", "libraries.edit_hours", "identity.grant_role"}
_INSPECTION = {"audit.read", "operations.read_health"}
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
    "LIBRARIAN": Role(label=_("Thủ thư"), permissions=frozenset(_DESK)),
    "CATALOGUER": Role(label=_("Cán bộ biên mục"), permissions=frozenset(_DESK | _CATALOGUING)),
    "LIBRARY_MANAGER": Role(label=_("Phụ trách thư viện"), permissions=frozenset(_DESK | _CATALOGUING | _LIBRARY)),
    "INSPECTOR": Role(label=_("Cán bộ kiểm tra"), permissions=frozenset(_DESK | _INSPECTION)),
    "AGENCY_OFFICER": Role(label=_("Cán bộ cơ quan"), permissions=frozenset(_DESK)),
    "ADMINISTRATOR": Role(
        label=_("Quản trị hệ thống"), permissions=frozenset(_DESK | _CATALOGUING | _LIBRARY | _INSPECTION | _SYSTEM)
    ),
}
