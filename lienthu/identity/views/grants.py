"""Roles: what each allows, giving and taking back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.identity.access import (
    Refused,
    actor_of,
    get_account,
    permission_label,
    requires,
    role_in_words,
    role_label,
    roles,
    scopes_with,
)
from lienthu.identity.actions import NotPossible, grant_role, revoke_role
from lienthu.identity.forms import GrantByNameForm, GrantForm, RevokeForm
from lienthu.identity.models import Account
from lienthu.identity.queries import account_by_username, grants_of
from lienthu.web.components import Crumb, Link

GRANT_ROLE = "identity.grant_role"


def _roles_explained() -> list[tuple[str, list[str]]]:
    """Each role with what it allows, in words."""
    return [
        (role_label(name), [permission_label(permission) for permission in sorted(role.permissions)])
        for name, role in roles().items()
    ]


@requires(GRANT_ROLE)
def role_table(request: HttpRequest) -> HttpResponse:
    """What each role allows."""
    crumbs = [Crumb(_("Tài khoản"), reverse("identity:accounts")), Crumb(_("Các vai trò"))]
    return render(request, "identity/roles.html", {"roles": _roles_explained(), "crumbs": crumbs})


@requires(GRANT_ROLE)
def grant(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a role to one account."""
    actor = actor_of(request)
    account = get_account(actor, public_id)
    form = GrantForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid() and _granted(request, form, account):
        return redirect("identity:account", account.public_id)
    back = Link(account.full_name, reverse("identity:account", args=[account.public_id]))
    return _form_page(request, form, _("Cấp vai trò cho %(name)s") % {"name": account.full_name}, back)


@requires(GRANT_ROLE)
def grant_by_name(request: HttpRequest) -> HttpResponse:
    """Give a role to somebody whose username one knows, also to an account that is not in one's list yet."""
    form = GrantByNameForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        account = account_by_username(form.cleaned_data.pop("username"))
        if account is None:
            form.add_error("username", _("Không có tài khoản nào mang tên đăng nhập này."))
        elif _granted(request, form, account):
            return redirect("identity:account", account.public_id)
    return _form_page(request, form, _("Cấp vai trò"), Link(_("Tài khoản"), reverse("identity:accounts")))


def _granted(request: HttpRequest, form: GrantForm, account: Account) -> bool:
    given: dict[str, Any] = dict(form.cleaned_data)
    given.pop("username", None)
    try:
        made = grant_role(actor=actor_of(request), account=account, at=given.pop("scope"), **given)
    except NotPossible as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return False
    words = role_in_words(role=made.role, place=made.scope.name, valid_to=made.valid_to)
    messages.success(request, _("Đã cấp cho %(name)s: %(role)s.") % {"name": account.full_name, "role": words})
    return True


def _form_page(request: HttpRequest, form: GrantForm, title: str, back: Link) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": _("Cấp vai trò"),
        "roles": _roles_explained(),
        "crumbs": [Crumb(_("Tài khoản"), reverse("identity:accounts")), Crumb(title)],
        "back": back,
    }
    return render(request, "identity/form.html", context)


@requires(GRANT_ROLE)
def revoke(request: HttpRequest, public_id: str, grant_id: int) -> HttpResponse:
    """Take a role back."""
    actor = actor_of(request)
    account = get_account(actor, public_id)
    held = grants_of(account).filter(pk=grant_id, scope__in=scopes_with(actor, GRANT_ROLE)).first()
    if held is None:
        raise Refused(GRANT_ROLE, hidden=True)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_role(actor=actor, grant=held, reason=form.cleaned_data["reason"])
        except NotPossible as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _("Đã thu hồi vai trò."))
            return redirect("identity:account", account.public_id)
    words = role_in_words(role=held.role, place=held.scope.name, valid_to=held.valid_to)
    title = _("Thu hồi vai trò")
    context = {
        "form": form,
        "title": title,
        "text": _("%(name)s sẽ không còn là: %(role)s. Việc này có hiệu lực ngay.")
        % {"name": account.full_name, "role": words},
        "submit": title,
        "crumbs": [Crumb(_("Tài khoản"), reverse("identity:accounts")), Crumb(title)],
        "back": Link(account.full_name, reverse("identity:account", args=[account.public_id])),
    }
    return render(request, "identity/form.html", context)
