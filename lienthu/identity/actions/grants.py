"""Roles given and taken back. Nobody hands out what they do not hold themselves."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, Refused, permission_label, require, role_label, roles
from lienthu.identity.actions.errors import NotPossible
from lienthu.identity.models import Account, Grant, Scope
from lienthu.identity.policy import permissions_at
from lienthu.kernel import clock

GRANT_ROLE = "identity.grant_role"
MANAGE_ACCOUNTS = "identity.manage_accounts"


def require_at_least(actor: Actor, role: str, *, at: Scope) -> None:
    """Raise Refused when the role holds a permission that the actor lacks at this scope."""
    if actor.all_powerful or role not in roles():
        return
    missing = roles()[role].permissions - permissions_at(actor.grants, at.path, roles())
    if missing:
        raise Refused(
            GRANT_ROLE,
            _("Vai trò “%(role)s” có quyền “%(permission)s” mà bạn không có tại %(place)s. Chỉ cấp được quyền mình có.")
            % {"role": role_label(role), "permission": permission_label(min(missing)), "place": at.name},
            at=at,
        )


def grant_role(
    *,
    actor: Actor,
    account: Account,
    role: str,
    at: Scope,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Give `role` at `at` (and below) from a day (default today) until a day, both included (None: until revoked).

    Raises Refused, or NotPossible for an unknown role, wrong days, a closed place, or a role that is held already.
    """
    require(actor, GRANT_ROLE, at=at)
    if role not in roles() or roles()[role].of_machines:
        raise NotPossible(_("Không có vai trò này."), field="role")
    require_at_least(actor, role, at=at)
    first = valid_from or clock.today()
    _check_days(first, valid_to)
    if at.closed_date is not None:
        raise NotPossible(_("%(place)s đã khép lại; hãy chọn đơn vị kế thừa.") % {"place": at.name}, field="scope")
    if not account.is_active:
        raise NotPossible(_("Tài khoản này đã ngừng sử dụng."), field="account")
    with writing(actor) as w:
        grant = _insert(actor, account=account, role=role, at=at, days=(first, valid_to), reason=reason)
        w.audit(
            "identity.grant_role",
            target=("account", account.public_id),
            at=at.code,
            details={"role": role, "valid_from": first, "valid_to": valid_to, "reason": reason, "grant": grant.pk},
        )
        w.publish("identity.role_granted", account_id=account.pk, role=role, scope_id=at.pk)
    return grant


def _check_days(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise NotPossible(_("Ngày hết hạn phải từ ngày bắt đầu trở đi."), field="valid_to")
    if last is not None and last < clock.today():
        raise NotPossible(_("Ngày hết hạn đã qua."), field="valid_to")


def _insert(
    actor: Actor, *, account: Account, role: str, at: Scope, days: tuple[date, date | None], reason: str
) -> Grant:
    """The database decides whether the role is held already on any of these days."""
    try:
        with transaction.atomic():
            return Grant.objects.create(
                account=account,
                role=role,
                scope=at,
                valid_from=days[0],
                valid_to=days[1],
                reason=reason,
                granted_by_id=actor.account_id,
            )
    except IntegrityError as error:
        if "identity_grant_once" not in str(error):
            raise
        raise NotPossible(
            _("%(name)s đã có vai trò “%(role)s” tại %(place)s trong thời gian này.")
            % {"name": account.full_name, "role": role_label(role), "place": at.name},
            field="role",
        ) from error


def revoke_role(*, actor: Actor, grant: Grant, reason: str = "") -> bool:
    """Take a role back from this moment on; False when somebody else already has.

    Raises Refused; NotPossible when nobody would be left who manages accounts for the whole network.
    """
    require(actor, GRANT_ROLE, at=grant.scope)
    require_at_least(actor, grant.role, at=grant.scope)
    with writing(actor) as w:
        keep_an_administrator(actor, Q(pk=grant.pk))
        changed = Grant.objects.filter(pk=grant.pk, revoked_at=None).update(
            revoked_at=clock.now(), revoked_by=actor.account_id, revoke_reason=reason
        )
        if not changed:
            w.nothing_changed()
            return False
        w.audit(
            "identity.revoke_role",
            target=("account", Account.public_id_of(grant.account_id)),
            at=grant.scope.code,
            details={"role": grant.role, "reason": reason, "grant": grant.pk},
        )
        w.publish("identity.role_revoked", account_id=grant.account_id, role=grant.role, scope_id=grant.scope_id)
    return True


def keep_an_administrator(actor: Actor, ending: Q) -> None:
    """Raise NotPossible if ending these grants would leave nobody who manages accounts for the whole network.

    Locks the grants concerned, so that two administrators cannot remove each other at the same moment.
    """
    if actor.all_powerful:
        return
    today = clock.today()
    managing = [name for name, role in roles().items() if MANAGE_ACCOUNTS in role.permissions]
    lasting = (
        Grant.objects.filter(role__in=managing, scope__parent=None, revoked_at=None, account__is_active=True)
        .filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    ids = {grant.pk for grant in lasting}
    if ids and not ids - set(Grant.objects.filter(ending, pk__in=ids).values_list("pk", flat=True)):
        raise NotPossible(_("Đây là người quản trị cuối cùng của mạng lưới. Hãy cấp vai trò này cho người khác trước."))
