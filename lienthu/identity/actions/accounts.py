"""Accounts: made, given a password, taken out of use, put back into use."""

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, Refused, require
from lienthu.identity.actions.errors import NotPossible
from lienthu.identity.actions.grants import MANAGE_ACCOUNTS, grant_role, keep_an_administrator, require_at_least
from lienthu.identity.models import Account, Grant, Scope
from lienthu.identity.policy import normalise_username, username_is_valid
from lienthu.kernel import clock


def require_over(actor: Actor, account: Account) -> None:
    """Raise Refused unless the actor manages accounts at every place where the account holds a role today or later,
    and holds no less there. Otherwise a manager of one library could take over the administrator of all."""
    if actor.all_powerful:
        return
    if account.is_superuser:
        raise Refused(MANAGE_ACCOUNTS, _("Tài khoản khẩn cấp chỉ quản lý được bằng dòng lệnh trên máy chủ."))
    today = clock.today()
    lasting = Grant.objects.filter(account=account, revoked_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    held = list(lasting.select_related("scope"))
    for grant in held:
        require(actor, MANAGE_ACCOUNTS, at=grant.scope)
        require_at_least(actor, grant.role, at=grant.scope)
    if not held:
        require(actor, MANAGE_ACCOUNTS)


def create_account(
    *,
    actor: Actor,
    username: str,
    full_name: str,
    email: str = "",
    password: str | None = None,
    at: Scope | None = None,
    role: str = "",
    valid_to: date | None = None,
    is_superuser: bool = False,
) -> Account:
    """Make an account, with its first role at `at` if one is named; without a password nobody can sign in to it yet.

    Raises Refused; NotPossible for a name or address that is taken or badly formed, or a weak password.
    `is_superuser` is for emergencies and only open to the system itself.
    """
    require(actor, MANAGE_ACCOUNTS, at=at)
    if is_superuser and not actor.all_powerful:
        raise Refused(MANAGE_ACCOUNTS, _("Tài khoản khẩn cấp chỉ tạo được bằng dòng lệnh trên máy chủ."))
    if role and at is None:
        raise NotPossible(_("Hãy chọn nơi giữ vai trò."), field="scope")
    account = Account(
        username=_checked_username(username),
        full_name=_checked_name(full_name),
        email=_checked_email(email),
        is_superuser=is_superuser,
    )
    _give_password(account, password)
    with writing(actor) as w:
        _insert(account)
        w.audit(
            "identity.create_account",
            target=("account", account.public_id),
            at=at.code if at else "",
            details={"username": account.username} | ({"emergency": True} if is_superuser else {}),
        )
        w.publish("identity.account_created", account_id=account.pk)
        if role and at is not None:
            grant_role(actor=actor, account=account, role=role, at=at, valid_to=valid_to)
    return account


def set_password(*, actor: Actor, account: Account, password: str) -> None:
    """Give somebody a new password; they are signed out everywhere. Raises Refused, NotPossible (weak password)."""
    require_over(actor, account)
    _give_password(account, password)
    with writing(actor) as w:
        account.save(update_fields=["password"])
        _sign_out_everywhere(account)
        w.audit("identity.set_password", target=("account", account.public_id))


def reset_second_step(*, actor: Actor, account: Account) -> bool:
    """Remove every second step of somebody who lost theirs; False when there was none. Raises Refused."""
    require_over(actor, account)
    with writing(actor) as w:
        removed, _counts = Authenticator.objects.filter(user_id=account.pk).delete()
        if not removed:
            w.nothing_changed()
            return False
        _sign_out_everywhere(account)
        w.audit("identity.mfa_reset", target=("account", account.public_id), details={"removed": removed})
    return True


def deactivate_account(*, actor: Actor, account: Account, reason: str = "") -> bool:
    """Take an account out of use and sign it out everywhere; False when it already was. Grants stay as they are.

    Raises Refused; NotPossible for one's own account or the last administrator.
    """
    require_over(actor, account)
    if account.pk == actor.account_id:
        raise NotPossible(_("Bạn không thể tự ngừng sử dụng tài khoản của mình."))
    with writing(actor) as w:
        keep_an_administrator(actor, Q(account=account))
        if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            w.nothing_changed()
            return False
        account.is_active = False
        _sign_out_everywhere(account)
        w.audit("identity.deactivate_account", target=("account", account.public_id), details={"reason": reason})
        w.publish("identity.account_deactivated", account_id=account.pk)
    return True


def reactivate_account(*, actor: Actor, account: Account) -> bool:
    """Put an account back into use; False when it already is. Raises Refused."""
    require_over(actor, account)
    with writing(actor) as w:
        if not Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
            w.nothing_changed()
            return False
        account.is_active = True
        w.audit("identity.reactivate_account", target=("account", account.public_id))
    return True


def change_own_details(*, actor: Actor, account: Account, full_name: str, email: str, language: str) -> bool:
    """What people may change about themselves; False when nothing differs. Raises Refused, NotPossible."""
    if actor.account_id != account.pk:
        raise Refused(MANAGE_ACCOUNTS, _("Bạn chỉ sửa được thông tin của chính mình."))
    wanted = {"full_name": _checked_name(full_name), "email": _checked_email(email), "language": language}
    changed = sorted(name for name, value in wanted.items() if getattr(account, name) != value)
    with writing(actor) as w:
        if not changed:
            w.nothing_changed()
            return False
        for name, value in wanted.items():
            setattr(account, name, value)
        _insert(account)
        w.audit("identity.change_own_details", target=("account", account.public_id), details={"fields": changed})
    return True


def _checked_username(typed: str) -> str:
    username = normalise_username(typed)
    if not username_is_valid(username):
        raise NotPossible(
            _("Tên đăng nhập gồm 2 đến 60 chữ cái, chữ số và các dấu . @ + - _, bắt đầu bằng chữ hoặc số."),
            field="username",
        )
    return username


def _checked_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > 200:
        raise NotPossible(_("Hãy ghi họ và tên, tối đa 200 ký tự."), field="full_name")
    return name


def _checked_email(typed: str) -> str:
    email = typed.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise NotPossible(_("Địa chỉ thư điện tử không đúng dạng."), field="email") from error
    return email


def _give_password(account: Account, password: str | None) -> None:
    """Set a password that is strong enough, or none at all."""
    if password is None:
        account.set_unusable_password()
        return
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages), field="password") from error
    account.set_password(password)


def _insert(account: Account) -> None:
    """Save; the database decides whether name and address are free."""
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        if "identity_account_username" in str(error):
            raise NotPossible(_("Tên đăng nhập này đã có người dùng."), field="username") from error
        if "identity_account_email" in str(error):
            raise NotPossible(_("Địa chỉ thư điện tử này đã thuộc một tài khoản khác."), field="email") from error
        raise


def _sign_out_everywhere(account: Account) -> None:
    """End every session of the account."""
    for session in UserSession.objects.filter(user_id=account.pk):
        session.end()
