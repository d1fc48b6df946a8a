"""Refusals in words: which permission is missing, where, and who can give it."""

from collections.abc import Mapping
from typing import cast

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from lienthu.identity.models import Scope


def permission_label(permission: str) -> str:
    """What the permission allows, as words that follow "quyền" ("nhập biểu ghi từ tệp")."""
    labels = cast(Mapping[str, str | Promise], import_string(settings.IDENTITY_PERMISSIONS))
    return str(labels.get(permission, permission))


def role_label(role: str) -> str:
    """The name of a role for people; the bare name of one that no longer exists."""
    table = import_string(settings.IDENTITY_ROLES)
    return str(table[role].label) if role in table else role


def refusal_reason(permission: str, *, at: Scope | None = None, anywhere: bool = False) -> str:
    """One sentence each: what is missing and where, and who can give it."""
    what = permission_label(permission)
    if anywhere:
        missing = _("Bạn chưa có quyền “%(permission)s” ở thư viện nào.") % {"permission": what}
    elif at is None:
        missing = _("Bạn chưa có quyền “%(permission)s” trên toàn mạng lưới.") % {"permission": what}
    else:
        missing = _("Bạn chưa có quyền “%(permission)s” tại %(place)s.") % {"permission": what, "place": at.name}
    if at is None:
        who = _("Người quản trị hệ thống có thể cấp quyền này.")
    else:
        who = _("Người phụ trách %(place)s hoặc người quản trị hệ thống có thể cấp quyền này.") % {"place": at.name}
    return f"{missing} {who}"
