"""The actor and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string

from lienthu.identity.access.reasons import refusal_reason
from lienthu.identity.models import Account, Scope
from lienthu.identity.policy import ActiveGrant, RoleLike, covers, grants_with, is_root
from lienthu.kernel import clock
from lienthu.kernel.postgresql.planned import ask

_HELD = """
SELECT g.role, g.scope_id, s.code, s.name, s.path, g.valid_to
FROM identity_grant g JOIN identity_scope s ON s.id = g.scope_id
WHERE g.account_id = %(account)s AND g.revoked_at IS NULL AND g.valid_from <= %(today)s
    AND (g.valid_to IS NULL OR g.valid_to >= %(today)s)
ORDER BY s.path, g.role
"""


class Kind(StrEnum):
    """What sort of author acts."""

    PERSON = "PERSON"
    SYSTEM = "SYSTEM"
    VISITOR = "VISITOR"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with the roles held today. A visitor holds none; the system may do everything."""

    account_id: int | None
    name: str
    kind: Kind
    grants: tuple[ActiveGrant, ...] = ()
    emergency: bool = False

    @property
    def all_powerful(self) -> bool:
        """The system itself, or an emergency account."""
        return self.kind == Kind.SYSTEM or self.emergency

    @property
    def is_staff(self) -> bool:
        """Does the actor hold any role of staff (for which signing in takes two steps)?"""
        table = roles()
        return self.emergency or any(grant.role in table and table[grant.role].staff for grant in self.grants)


VISITOR = Actor(account_id=None, name="", kind=Kind.VISITOR)


class Refused(Exception):
    """The actor may not do this. `reason` is for people; `hidden` asks to answer as if the thing were not there."""

    def __init__(self, permission: str, reason: str = "", *, at: Scope | None = None, hidden: bool = False) -> None:
        super().__init__(reason or permission)
        self.permission = permission
        self.reason = reason
        self.at = at
        self.hidden = hidden


def roles() -> Mapping[str, RoleLike]:
    """The table of config/roles.py."""
    return cast(Mapping[str, RoleLike], import_string(settings.IDENTITY_ROLES))


def system_actor(name: str) -> Actor:
    """The product itself at work: jobs, the command line, the demonstration. `name` says which part."""
    return Actor(account_id=None, name=name, kind=Kind.SYSTEM)


def machine_actor(name: str, *, role: str, scope: Scope) -> Actor:
    """A machine outside the product that proved itself: nobody's account, with one role at one place."""
    grant = ActiveGrant(role, scope.pk, scope.code, scope.name, scope.path)
    return Actor(account_id=None, name=name, kind=Kind.VISITOR, grants=(grant,))


def actor_for(account: Account) -> Actor:
    """The actor of an account; an account out of use holds no roles."""
    return Actor(
        account_id=account.pk,
        name=account.full_name,
        kind=Kind.PERSON,
        grants=_active_grants(account.pk) if account.is_active else (),
        emergency=account.is_superuser and account.is_active,
    )


def actor_by_id(account_id: int) -> Actor:
    """The actor of the account with this number, for jobs; raises Account.DoesNotExist."""
    return actor_for(Account.objects.get(pk=account_id))


def actor_of(request: HttpRequest) -> Actor:
    """The actor of this request, computed once."""
    cached = request.__dict__.get("_lienthu_actor")
    if cached is None:
        account = getattr(request, "user", None)
        cached = actor_for(cast(Account, account)) if account is not None and account.is_authenticated else VISITOR
        request.__dict__["_lienthu_actor"] = cached
    return cast(Actor, cached)


def may(actor: Actor, permission: str, at: Scope | None) -> bool:
    """May the actor do this at this scope (`None`: for the whole network)?"""
    if actor.all_powerful:
        return True
    held = grants_with(actor.grants, permission, roles())
    if at is None:
        return any(is_root(grant.path) for grant in held)
    return any(covers(at.path, grant) for grant in held)


def may_anywhere(actor: Actor, permission: str) -> bool:
    """Does the actor hold this permission at any scope at all?"""
    return actor.all_powerful or bool(grants_with(actor.grants, permission, roles()))


def require(actor: Actor, permission: str, *, at: Scope | None = None) -> None:
    """Raise Refused, with the reason in words, unless the actor may do this at this scope."""
    if not may(actor, permission, at):
        raise Refused(permission, refusal_reason(permission, at=at), at=at)


def require_anywhere(actor: Actor, permission: str) -> None:
    """Raise Refused unless the actor holds this permission at some scope."""
    if not may_anywhere(actor, permission):
        raise Refused(permission, refusal_reason(permission, anywhere=True))


def scopes_with(actor: Actor, permission: str) -> QuerySet[Scope]:
    """Every scope at which the actor holds this permission, in tree order."""
    scopes = Scope.objects.order_by("path")
    if actor.all_powerful:
        return scopes
    condition = Q(pk__in=[])
    for grant in grants_with(actor.grants, permission, roles()):
        condition |= Q(path__startswith=grant.path)
    return scopes.filter(condition)


def paths_with(actor: Actor, permission: str) -> list[str]:
    """The paths below which the actor holds this permission; "" for everywhere."""
    if actor.all_powerful:
        return [""]
    return [grant.path for grant in grants_with(actor.grants, permission, roles())]


def _active_grants(account_id: int) -> tuple[ActiveGrant, ...]:
    """The roles held today, by the calendar of Việt Nam. Asked anew with every request."""
    return tuple(ActiveGrant(*row) for row in ask(_HELD, {"account": account_id, "today": clock.today()}))
