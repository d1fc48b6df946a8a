"""The desk of targets: list, add, change, try, remove."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.identity.access import actor_of, requires, scopes_with
from lienthu.targets import wording, z3950
from lienthu.targets.access import MANAGE, get_target, visible_targets
from lienthu.targets.actions.checking import request_check
from lienthu.targets.actions.keeping import TargetDraft, add_known_targets, remove_target, save_target
from lienthu.targets.forms import TargetForm
from lienthu.targets.models import CheckState, Kind, Target
from lienthu.targets.queries import known_targets
from lienthu.web.components import Column, Empty, Row, Table

_INITIAL = {"kind": Kind.SRU11, "syntax": "marcxml", "charset": "AUTO", "timeout": 20, "records": 20, "priority": 50}
_BADGES = {CheckState.NONE: "neutral", CheckState.WAITING: "running", CheckState.GOOD: "done", CheckState.BAD: "failed"}


@requires(MANAGE)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The targets that one keeps."""
    actor = actor_of(request)
    rows = [_row(target) for target in visible_targets(actor)]
    table = Table(
        caption=_("Các nguồn biểu ghi"),
        caption_hidden=True,
        columns=[
            Column("name", _("Nguồn")),
            Column("kind", _("Giao thức"), hidden_on_phone=True),
            Column("scope", _("Dùng chung cho"), hidden_on_phone=True),
            Column("enabled", _("Sử dụng")),
            Column("check", _("Lần thử gần nhất")),
        ],
        rows=rows,
        total=len(rows),
        size=max(1, len(rows)),
        empty=Empty(_("Chưa có nguồn nào"), _("Thêm một nguồn, hoặc bắt đầu từ các mục lục công cộng đã biết.")),
    )
    context = {"table": table, "known": known_targets(), "scopes": scopes_with(actor, MANAGE)}
    return render(request, "targets/list.html", context)


def _row(target: Target) -> Row:
    return Row(
        cells={
            "name": target.name,
            "kind": target.get_kind_display(),
            "scope": target.scope.name,
            "enabled": _("Đang dùng") if target.enabled else _("Đang tắt"),
            "check": CheckState(target.check_state).label,
        },
        url=reverse("targets:edit", args=[target.pk]),
    )


def check_sentence(target: Target) -> str:
    """How the last trial went, in a sentence."""
    note = target.check_note
    if target.check_state == CheckState.BAD:
        return wording.problem_sentence(note)
    if target.check_state == CheckState.GOOD:
        return _("%(hits)s kết quả cho từ “history”, đọc được %(records)s biểu ghi, %(ms)s mili giây.") % {
            "hits": note.get("hits", 0),
            "records": note.get("records", 0),
            "ms": note.get("milliseconds", 0),
        }
    return ""


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a target."""
    scopes = scopes_with(actor_of(request), MANAGE)
    form = TargetForm(request.POST or None, scopes=scopes, initial=_INITIAL)
    if request.method == "POST" and form.is_valid():
        target = save_target(actor=actor_of(request), draft=_draft(form))
        messages.success(request, _("Đã thêm nguồn %(name)s. Hãy thử kết nối.") % {"name": target.name})
        return redirect("targets:edit", target.pk)
    return _page(request, form, None)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HttpRequest, target_id: int) -> HttpResponse:
    """Change a target; see how the last trial went."""
    target = get_target(actor_of(request), target_id)
    form = TargetForm(request.POST or None, scopes=scopes_with(actor_of(request), MANAGE), target=target)
    if request.method == "POST" and form.is_valid():
        had_secret = bool(target.secret)
        saved = save_target(actor=actor_of(request), draft=_draft(form), target=target)
        messages.success(request, _("Đã lưu nguồn %(name)s.") % {"name": saved.name})
        if had_secret and not saved.secret and form.secret_given() is None:
            messages.warning(request, _("Nơi gửi mật khẩu đã đổi nên mật khẩu cũ bị xóa. Hãy nhập lại nếu cần."))
        return redirect("targets:edit", target.pk)
    return _page(request, form, target)


def _draft(form: TargetForm) -> TargetDraft:
    return TargetDraft(
        values=form.values(),
        scope=form.cleaned_data["scope"],
        libraries=form.cleaned_data["libraries"],
        secret=form.secret_given(),
    )


def _page(request: HttpRequest, form: TargetForm, target: Target | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "target": target}
    if target is not None:
        context |= {
            "check": check_sentence(target),
            "check_badge": _BADGES[CheckState(target.check_state)],
            "waiting": target.check_state == CheckState.WAITING,
            "has_secret": bool(target.secret),
        }
        if request.htmx and request.method == "GET":
            return render(request, "targets/_check.html", context)
        context["yaz_missing"] = target.kind == Kind.Z3950 and not z3950.is_installed()
    return render(request, "targets/target.html", context, status=400 if form.errors else 200)


@requires(MANAGE)
@require_POST
def check(request: HttpRequest, target_id: int) -> HttpResponse:
    """Have the connection tried."""
    request_check(actor=actor_of(request), target=get_target(actor_of(request), target_id))
    return redirect("targets:edit", target_id)


@requires(MANAGE)
@require_POST
def add_known(request: HttpRequest) -> HttpResponse:
    """Add the public targets that the product knows, switched off."""
    scope = scopes_with(actor_of(request), MANAGE).filter(pk=request.POST.get("scope") or 0).first()
    if scope is None:
        messages.warning(request, _("Hãy chọn đơn vị dùng chung các nguồn này."))
        return redirect("targets:list")
    count = add_known_targets(actor=actor_of(request), scope=scope)
    if count:
        messages.success(
            request, _("Đã thêm %(count)s nguồn, đang tắt. Mở từng nguồn, thử kết nối rồi bật.") % {"count": count}
        )
    else:
        messages.info(request, _("Các nguồn công cộng đã có đủ trong danh sách."))
    return redirect("targets:list")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, target_id: int) -> HttpResponse:
    """Ask, then forget a target."""
    target = get_target(actor_of(request), target_id)
    if request.method == "GET":
        return render(request, "targets/remove.html", {"target": target})
    remove_target(actor=actor_of(request), target=target)
    messages.success(request, _("Đã xóa nguồn %(name)s.") % {"name": target.name})
    return redirect("targets:list")
