"""Security events go into the audit trail: signing in and out, wrong attempts, second steps, refusals.

An address is only noted for what went wrong, and then cut down to its network. What readers do stays unrecorded.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa_signals
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from lienthu.audit.actions import writing
from lienthu.identity.access import VISITOR, Actor, Refused, actor_for, actor_of
from lienthu.identity.models import Account
from lienthu.identity.network import truncated
from lienthu.identity.policy import normalise_username


def sign_in_failed(request: HttpRequest, *, login: str, step: str = "password") -> None:
    """Note a wrong attempt. The typed name is only kept if it is a username: people also type passwords there."""
    _note("identity.sign_in_failed", VISITOR, _known(login), {"step": step, "network": _network(request)})


def locked_out(request: HttpRequest, *, login: str, seconds: int) -> None:
    """Note that signing in was closed for a while."""
    _note("identity.locked_out", VISITOR, _known(login), {"seconds": seconds, "network": _network(request)})


def refused(request: HttpRequest, refusal: Refused) -> None:
    """Note that somebody who is signed in asked for what they may not do."""
    actor = actor_of(request)
    details = {"permission": refusal.permission, "path": request.path[:200], "network": _network(request)}
    with writing(actor) as w:
        w.audit(
            "identity.refused",
            target=("account", Account.public_id_of(actor.account_id)),
            at=refusal.at.code if refusal.at else "",
            details=details,
        )


def connect() -> None:
    """Listen to django-allauth; called once when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="identity.sign_in")
    user_logged_out.connect(_signed_out, dispatch_uid="identity.sign_out")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="identity.change_password")
    account_signals.password_set.connect(_password_changed, dispatch_uid="identity.set_own_password")
    account_signals.password_reset.connect(_password_changed, dispatch_uid="identity.reset_password")
    mfa_signals.authenticator_added.connect(_second_step_added, dispatch_uid="identity.mfa_added")
    mfa_signals.authenticator_removed.connect(_second_step_removed, dispatch_uid="identity.mfa_removed")
    mfa_signals.authenticator_reset.connect(_second_step_added, dispatch_uid="identity.mfa_renewed")
    mfa_signals.authentication_failed.connect(_second_step_failed, dispatch_uid="identity.mfa_failed")


def _signed_in(sender: Any, user: Account, **kwargs: Any) -> None:
    actor = actor_for(user)
    if actor.is_staff:
        _note("identity.sign_in", actor, user, {})


def _signed_out(sender: Any, user: Account | None, **kwargs: Any) -> None:
    if isinstance(user, Account):
        actor = actor_for(user)
        if actor.is_staff:
            _note("identity.sign_out", actor, user, {})


def _password_changed(sender: Any, user: Account, **kwargs: Any) -> None:
    _note("identity.change_password", actor_for(user), user, {})


def _second_step_added(sender: Any, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("identity.mfa_added", actor_for(user), user, {"type": str(authenticator.type)})


def _second_step_removed(sender: Any, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("identity.mfa_removed", actor_for(user), user, {"type": str(authenticator.type)})


def _second_step_failed(sender: Any, request: HttpRequest, user: Account | None = None, **kwargs: Any) -> None:
    _note("identity.sign_in_failed", VISITOR, user, {"step": "second", "network": _network(request)})


def _note(action: str, actor: Actor, account: Account | None, details: dict[str, Any]) -> None:
    with writing(actor) as w:
        w.audit(action, target=("account", account.public_id if account else ""), details=details)


def _known(login: str) -> Account | None:
    return Account.objects.filter(username=normalise_username(login)).first()


def _network(request: HttpRequest) -> str:
    return truncated(get_adapter(request).get_client_ip(request))
