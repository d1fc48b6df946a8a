"""The desk page of accounts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthu.identity.access import (
    Actor,
    actor_of,
    get_account,
    may_anywhere,
    requires,
    role_in_words,
    scopes_with,
    visible_accounts,
)
from lienthu.identity.actions import (
    NotPossible,
    create_account,
    deactivate_account,
    reactivate_account,
    reset_second_step,
    set_password,
)
from lienthu.identity.forms import AccountFilterForm, AccountForm, ConfirmForm, PasswordForm, ReasonForm
from lienthu.identity.models import Account
from lienthu.identity.queries import AccountFilter, find_accounts, grants_of
from lienthu.kernel import clock
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Column, Crumb, Empty, Link, Row, Table

GRANT_ROLE = "identity.grant_role"
MANAGE_ACCOUNTS = "identity.manage_accounts"
PAGE = 25


def _found(actor: Actor, form: AccountFilterForm) -> QuerySet[Account]:
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    wanted = AccountFilter(
        words=chosen.get("q", ""),
        role=chosen.get("vai_tro", ""),
        scope=chosen.get("noi"),
        state=chosen.get("tinh_trang", ""),
    )
    return find_accounts(wanted, among=visible_accounts(actor))


def _roles_of(account: Any) -> str:
    return "; ".join(
        role_in_words(role=grant.role, place=grant.scope.name, valid_to=grant.valid_to)
        for grant in account.present_grants
    )


@requires(GRANT_ROLE)
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts with their roles: search, filters, pages, CSV."""
    actor = actor_of(request)
    form = AccountFilterForm(request.GET, scopes=scopes_with(actor, GRANT_ROLE))
    pages = Paginator(_found(actor, form), PAGE)
    page = pages.get_page(page_number(request.GET.get("page"), last=pages.num_pages))
    table = Table(
        caption=_("Tài khoản"),
        columns=[
            Column("name", _("Họ và tên")),
            Column("username", _("Tên đăng nhập"), kind="code"),
            Column("roles", _("Vai trò hiện nay")),
            Column("last_login", _("Đăng nhập gần nhất"), kind="datetime", hidden_on_phone=True),
            Column("active", _("Đang dùng")),
        ],
        rows=[
            Row(
                cells={
                    "name": account.full_name,
                    "username": account.username,
                    "roles": _roles_of(account),
                    "last_login": account.last_login,
                    "active": account.is_active,
                },
                url=reverse("identity:account", args=[account.public_id]),
            )
            for account in page.object_list
        ],
        total=pages.count,
        number=page.number,
        size=PAGE,
        filters=form,
        exports=[Link(_("Tải bảng này (CSV)"), f"{reverse('identity:accounts_csv')}?{request.GET.urlencode()}")],
        empty=Empty(
            _("Chưa có tài khoản nào ở nơi bạn phụ trách."),
            _("Tài khoản xuất hiện ở đây khi giữ một vai trò tại thư viện của bạn."),
            Link(_("Cấp vai trò theo tên đăng nhập"), reverse("identity:grant_by_name")),
        ),
    )
    can_create = may_anywhere(actor, MANAGE_ACCOUNTS)
    return render(request, "identity/accounts.html", {"table": table, "can_create": can_create})


@requires(GRANT_ROLE)
def account_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list as a file."""
    actor = actor_of(request)
    form = AccountFilterForm(request.GET, scopes=scopes_with(actor, GRANT_ROLE))
    heads = [_("Họ và tên"), _("Tên đăng nhập"), _("Vai trò hiện nay"), _("Đăng nhập gần nhất"), _("Đang dùng")]
    rows = (
        (
            account.full_name,
            account.username,
            _roles_of(account),
            timezone.localtime(account.last_login).strftime("%d/%m/%Y %H:%M") if account.last_login else "",
            _("Có") if account.is_active else _("Không"),
        )
        for account in _found(actor, form).iterator(chunk_size=500)
    )
    return csv_response("tai-khoan", heads, rows)


@requires(GRANT_ROLE)
def account_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One account: its roles now and before, and what may be done."""
    actor = actor_of(request)
    account = get_account(actor, public_id)
    own_places = set(scopes_with(actor, GRANT_ROLE).values_list("pk", flat=True))
    today = clock.today()
    grants = [(grant, grant.active_on(today), grant.scope_id in own_places) for grant in grants_of(account)]
    state = _("đang dùng") if account.is_active else _("đã ngừng sử dụng")
    rows = [
        (_("Tên đăng nhập"), account.username),
        (_("Thư điện tử"), account.email),
        (_("Tình trạng"), state),
        (_("Tạo ngày"), timezone.localtime(account.created_at).strftime("%d/%m/%Y")),
    ]
    context = {
        "account": account,
        "rows": rows,
        "history": _history(grants, account),
        "can_manage": may_anywhere(actor, MANAGE_ACCOUNTS),
        "crumbs": _crumbs(account),
    }
    return render(request, "identity/account.html", context)


def _history(grants: list[tuple[Any, bool, bool]], account: Account) -> Table:
    return Table(
        caption=_("Vai trò đã cấp"),
        columns=[
            Column("role", _("Vai trò")),
            Column("from", _("Từ ngày"), kind="date"),
            Column("reason", _("Lý do"), hidden_on_phone=True),
            Column("by", _("Người cấp"), hidden_on_phone=True),
            Column("state", _("Tình trạng")),
        ],
        rows=[
            Row(
                cells={
                    "role": role_in_words(role=grant.role, place=grant.scope.name, valid_to=grant.valid_to),
                    "from": grant.valid_from,
                    "reason": grant.reason,
                    "by": grant.granted_by.full_name if grant.granted_by else _("Hệ thống"),
                    "state": _grant_state(grant, active=active),
                },
                actions=[
                    Link(_("Thu hồi"), reverse("identity:revoke", args=[account.public_id, grant.pk])),
                ]
                if grant.revoked_at is None and mine and (active or grant.valid_from > clock.today())
                else [],
            )
            for grant, active, mine in grants
        ],
        empty=Empty(_("Tài khoản này chưa từng giữ vai trò nào.")),
    )


def _grant_state(grant: Any, *, active: bool) -> str:
    if grant.revoked_at is not None:
        day = timezone.localtime(grant.revoked_at).strftime("%d/%m/%Y")
        reason = grant.revoke_reason or _("không ghi lý do")
        return _("Đã thu hồi ngày %(day)s: %(reason)s") % {"day": day, "reason": reason}
    if active:
        return _("Đang có hiệu lực")
    return _("Chưa đến ngày") if grant.valid_from > clock.today() else _("Đã hết hạn")


def _crumbs(account: Account | None = None, page: str = "") -> list[Crumb]:
    crumbs = [Crumb(_("Tài khoản"), reverse("identity:accounts"))]
    if account is not None:
        crumbs.append(Crumb(account.full_name, reverse("identity:account", args=[account.public_id]) if page else ""))
    if page:
        crumbs.append(Crumb(page))
    return crumbs


@requires(MANAGE_ACCOUNTS)
def account_new(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    actor = actor_of(request)
    form = AccountForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            account = create_account(actor=actor, at=given.pop("scope"), **given)
        except NotPossible as problem:
            form.add_error(problem.field or None, problem.message)
        else:
            messages.success(request, _("Đã tạo tài khoản %(name)s.") % {"name": account.full_name})
            return redirect("identity:account", account.public_id)
    title = _("Tạo tài khoản")
    context = {
        "form": form,
        "title": title,
        "submit": title,
        "crumbs": _crumbs(page=title),
        "back": Link(_("Thôi"), reverse("identity:accounts")),
    }
    return render(request, "identity/form.html", context)


@requires(MANAGE_ACCOUNTS)
def account_password(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give somebody a new password."""
    return _change(
        request,
        public_id,
        form_class=PasswordForm,
        action=set_password,
        title=_("Đặt lại mật khẩu"),
        text=_("Người này sẽ bị đăng xuất ở mọi nơi và phải dùng mật khẩu mới."),
        done=_("Đã đặt lại mật khẩu."),
    )


@requires(MANAGE_ACCOUNTS)
def account_deactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an account out of use."""
    return _change(
        request,
        public_id,
        form_class=ReasonForm,
        action=deactivate_account,
        title=_("Ngừng sử dụng tài khoản"),
        text=_("Tài khoản bị đăng xuất ngay và không đăng nhập được nữa. Mọi dấu vết trong nhật ký vẫn còn."),
        done=_("Đã ngừng sử dụng tài khoản."),
    )


@requires(MANAGE_ACCOUNTS)
def account_reactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put an account back into use."""
    return _change(
        request,
        public_id,
        form_class=ConfirmForm,
        action=reactivate_account,
        title=_("Cho dùng lại tài khoản"),
        text=_("Tài khoản đăng nhập lại được, với các vai trò còn hiệu lực của nó."),
        done=_("Tài khoản đã dùng lại được."),
    )


@requires(MANAGE_ACCOUNTS)
def account_reset_mfa(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove the second step of somebody who lost it."""
    return _change(
        request,
        public_id,
        form_class=ConfirmForm,
        action=reset_second_step,
        title=_("Gỡ bước xác thực thứ hai"),
        text=_("Chỉ làm khi người này mất thiết bị và mã dự phòng. Họ sẽ phải thiết lập lại khi đăng nhập."),
        done=_("Đã gỡ bước xác thực thứ hai."),
    )


def _change(
    request: HttpRequest, public_id: str, *, form_class: type[BaseForm], action: Any, title: str, text: str, done: str
) -> HttpResponse:
    """Ask, call the one action, go back to the account."""
    actor = actor_of(request)
    account = get_account(actor, public_id)
    form: Any = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            action(actor=actor, account=account, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(problem.field or None, problem.message)
        else:
            messages.success(request, done)
            return redirect("identity:account", account.public_id)
    context = {
        "form": form,
        "title": title,
        "text": text,
        "submit": title,
        "crumbs": _crumbs(account, title),
        "back": Link(_("Thôi"), reverse("identity:account", args=[account.public_id])),
    }
    return render(request, "identity/form.html", context)
