"""Permissions about machines, and the actor that a machine is."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.identity.access import Actor, Refused, machine_actor, may, scopes_with
from lienthu.libraries.queries import Library, libraries
from lienthu.protocols.sip2.models import Terminal

MANAGE = "sip2.manage"
ROLE = "SELF_CHECK"

AUDIT_LABELS = {
    "sip2.terminal_added": _("Thêm máy tự phục vụ"),
    "sip2.terminal_changed": _("Sửa máy tự phục vụ"),
    "sip2.password_made": _("Cấp mật khẩu mới cho máy tự phục vụ"),
    "sip2.sign_in_failed": _("Máy tự phục vụ đăng nhập sai"),
    "sip2.reader_seen": _("Máy tự phục vụ mở hồ sơ của người có thẻ"),
    "sip2.pin_failed": _("Nhập sai mật khẩu bạn đọc ở máy tự phục vụ"),
    "sip2.offline_refused": _("Không ghi được việc máy đã làm lúc mất mạng"),
}


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """The libraries whose machines this actor keeps."""
    return libraries().filter(status=Library.Status.ACTIVE, scope__in=scopes_with(actor, MANAGE))


def visible_terminals(actor: Actor) -> QuerySet[Terminal]:
    """The machines that this actor keeps."""
    return Terminal.objects.filter(library__scope__in=scopes_with(actor, MANAGE)).select_related("library", "branch")


def get_terminal(actor: Actor, terminal_id: int) -> Terminal:
    """One machine for a person who keeps it; Refused, to be answered as missing, for every other and for none."""
    found = Terminal.objects.select_related("library__scope", "branch").filter(pk=terminal_id).first()
    if found is None or not may(actor, MANAGE, found.library.scope):
        raise Refused(MANAGE, hidden=True)
    return found


def actor_of_terminal(terminal: Terminal) -> Actor:
    """The machine as an author: a role at its own library and nothing elsewhere."""
    return machine_actor(f"SIP2 {terminal.login}", role=ROLE, scope=terminal.library.scope)
