"""Everybody's own account page."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lienthu.identity.access import actor_of, role_in_words, signed_in
from lienthu.identity.actions import NotPossible, change_own_details
from lienthu.identity.forms import OwnDetailsForm
from lienthu.identity.models import Account
from lienthu.web.components import Link


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do and where, and the ways to my settings."""
    account = cast(Account, request.user)
    actor = actor_of(request)
    held = [role_in_words(role=grant.role, place=grant.scope_name, valid_to=grant.valid_to) for grant in actor.grants]
    rows = [
        (_("Tên đăng nhập"), account.username),
        (_("Thư điện tử"), account.email or _("chưa có")),
        (_("Vai trò"), held or _("Tài khoản này chưa giữ vai trò nào.")),
    ]
    context: dict[str, Any] = {"account": account, "rows": rows, "emergency": actor.emergency}
    return render(request, "identity/own.html", context)


@signed_in
def edit(request: HttpRequest) -> HttpResponse:
    """Change my name, address and language."""
    account = Account.objects.get(pk=cast(Account, request.user).pk)
    start = {"full_name": account.full_name, "email": account.email, "language": account.language}
    form = OwnDetailsForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            change_own_details(actor=actor_of(request), account=account, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(problem.field or None, problem.message)
        else:
            messages.success(request, _("Đã lưu thông tin của bạn."))
            return redirect("identity:home")
    context = {"form": form, "title": _("Sửa thông tin của tôi"), "submit": _("Lưu"), "back": Link(_("Thôi"), "..")}
    return render(request, "identity/own_form.html", context)
