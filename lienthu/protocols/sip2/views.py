"""The desk of machines: list, add, change, switch off, new password, try."""

import socket
import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires
from lienthu.protocols.sip2.access import MANAGE, get_terminal, own_libraries, visible_terminals
from lienthu.protocols.sip2.actions import LoginTaken, Made, add_terminal, change_terminal, renew_password
from lienthu.protocols.sip2.charsets import CHARSETS, UTF_8, shown_by
from lienthu.protocols.sip2.forms import TerminalForm
from lienthu.protocols.sip2.messages import sealed
from lienthu.protocols.sip2.models import Terminal
from lienthu.web.components import Column, Empty, Row, Table
from lienthu.web.tags.filters import vn_datetime

_SAMPLE = "Truyện Kiều – Nguyễn Du"
_WAIT_SECONDS = 2.0


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The machines that one keeps."""
    rows = [_row(terminal) for terminal in visible_terminals(actor_of(request))]
    table = Table(
        caption=_("Các máy tự phục vụ"),
        caption_hidden=True,
        columns=[
            Column("name", _("Máy")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
            Column("login", _("Tên đăng nhập"), hidden_on_phone=True),
            Column("enabled", _("Sử dụng")),
            Column("seen", _("Hoạt động gần nhất")),
        ],
        rows=rows,
        total=len(rows),
        size=max(1, len(rows)),
        empty=Empty(_("Chưa có máy nào"), _("Thêm một máy, rồi nhập tên đăng nhập và mật khẩu vào máy ấy.")),
    )
    return render(request, "sip2/list.html", {"table": table, "listening": _ports()})


def _row(terminal: Terminal) -> Row:
    return Row(
        cells={
            "name": terminal.name,
            "library": terminal.library.name_vi,
            "login": terminal.login,
            "enabled": _("Đang dùng") if terminal.enabled else _("Đang tắt"),
            "seen": vn_datetime(terminal.seen_at) if terminal.seen_at else _("Chưa lần nào"),
        },
        url=reverse("sip2:edit", args=[terminal.pk]),
    )


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add a machine; its password is shown on the page that follows, and never again."""
    form = TerminalForm(request.POST or None, own=own_libraries(actor_of(request)))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_terminal(actor=actor_of(request), library=form.cleaned_data["library"], values=form.values())
        except LoginTaken:
            form.add_error("login", _("Tên đăng nhập này đã có máy dùng."))
        else:
            return _shown_once(request, made)
    return _page(request, form, None)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Change a machine; see what it did last."""
    actor = actor_of(request)
    terminal = get_terminal(actor, terminal_id)
    form = TerminalForm(request.POST or None, own=own_libraries(actor), terminal=terminal)
    if request.method == "POST" and form.is_valid():
        try:
            change_terminal(actor=actor, terminal=terminal, values=form.values())
        except LoginTaken:
            form.add_error("login", _("Tên đăng nhập này đã có máy dùng."))
        else:
            messages.success(request, _("Đã lưu máy %(name)s.") % {"name": terminal.name})
            return redirect("sip2:edit", terminal.pk)
    return _page(request, form, terminal)


@requires(MANAGE)
@require_POST
@never_cache
def password(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Give the machine another password, shown once."""
    actor = actor_of(request)
    return _shown_once(request, renew_password(actor=actor, terminal=get_terminal(actor, terminal_id)))


@requires(MANAGE)
@require_POST
def check(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Ask the SIP2 server itself whether it answers."""
    terminal = get_terminal(actor_of(request), terminal_id)
    if not settings.SIP2_PORT:
        messages.warning(request, _("Máy chủ SIP2 đang tắt: người quản trị đặt LIENTHU_SIP2_PORT rồi khởi động lại."))
    elif (milliseconds := _answers()) is None:
        messages.error(request, _("Máy chủ SIP2 không trả lời ở cổng %(port)s.") % {"port": str(settings.SIP2_PORT)})
    else:
        messages.success(request, _("Máy chủ SIP2 trả lời sau %(ms)s mili giây.") % {"ms": milliseconds})
    return redirect("sip2:edit", terminal.pk)


def _answers() -> int | None:
    """Milliseconds until the server answers a message 99; None when it does not."""
    host = "127.0.0.1" if settings.SIP2_HOST in ("", "0.0.0.0", "::") else settings.SIP2_HOST
    began = time.monotonic()
    try:
        with socket.create_connection((host, settings.SIP2_PORT), _WAIT_SECONDS) as line:
            line.settimeout(_WAIT_SECONDS)
            line.sendall(sealed(b"9900802.00", sequence="1", checked=True) + b"\r")
            given = line.recv(2)
    except OSError:
        return None
    return round((time.monotonic() - began) * 1000) if given == b"98" else None


def _ports() -> list[str]:
    given = [(_("cổng %(port)s"), settings.SIP2_PORT), (_("cổng %(port)s qua TLS"), settings.SIP2_TLS_PORT)]
    return [words % {"port": str(port)} for words, port in given if port]


def _shown_once(request: HttpRequest, made: Made) -> HttpResponse:
    """The password. The page is kept nowhere: not in a session, not in a cache."""
    return render(request, "sip2/password.html", {"terminal": made.terminal, "password": made.password})


def _page(request: HttpRequest, form: TerminalForm, terminal: Terminal | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "terminal": terminal, "listening": _ports()}
    if terminal is not None:
        context["charset"] = CHARSETS[terminal.charset]
        context["sample"] = shown_by(_SAMPLE, terminal.charset) if terminal.charset != UTF_8 else ""
        context["original"] = _SAMPLE
    return render(request, "sip2/terminal.html", context, status=400 if form.errors else 200)
