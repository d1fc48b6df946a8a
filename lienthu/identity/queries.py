"""Reading accounts, grants and scopes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lienthu.identity.models import Account, Grant, Scope
from lienthu.kernel import clock, text


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What to look for; empty fields do not narrow. `state` is "active", "inactive" or ""."""

    words: str = ""
    role: str = ""
    scope: Scope | None = None
    state: str = ""


def active_on(day: date) -> Q:
    """The condition of grants that hold on a day."""
    return Q(revoked_at=None, valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def find_accounts(wanted: AccountFilter, *, among: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts that match, by given name in Vietnamese order, each with its present grants in `present_grants`."""
    today = clock.today()
    accounts = among
    for word in text.folded_key(wanted.words).split():
        accounts = accounts.filter(name_folded__contains=word)
    if wanted.role or wanted.scope:
        grants = Grant.objects.filter(active_on(today), account=OuterRef("pk"))
        if wanted.role:
            grants = grants.filter(role=wanted.role)
        if wanted.scope:
            grants = grants.filter(scope__path__startswith=wanted.scope.path)
        accounts = accounts.filter(Exists(grants))
    if wanted.state:
        accounts = accounts.filter(is_active=wanted.state == "active")
    present = Grant.objects.filter(active_on(today)).select_related("scope").order_by("scope__path", "role")
    return accounts.order_by("name_sort", "pk").prefetch_related(
        Prefetch("grants", queryset=present, to_attr="present_grants")
    )


def accounts_with_grants_within(paths: Iterable[str]) -> QuerySet[Account]:
    """Accounts that hold, or once held, a role at one of these places or below."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(scope__path__startswith=path)
    return Account.objects.filter(Exists(Grant.objects.filter(condition, account=OuterRef("pk"))))


def account_by_username(username: str) -> Account | None:
    """The account of this name however it was typed."""
    try:
        return Account.objects.get_by_natural_key(username)
    except Account.DoesNotExist:
        return None


def right_password(account_id: int, password: str) -> bool:
    """Is it the password of this account, in use, without any role? Staff prove themselves with two steps, never so."""
    account = Account.objects.filter(pk=account_id, is_active=True, is_superuser=False).first()
    if account is None or Grant.objects.filter(account=account, revoked_at=None).exclude(role="READER").exists():
        return False
    return account.check_password(password)


def scope_by_code(code: str) -> Scope | None:
    """The open place that this code leads to: itself, or the last of its successors."""
    scope = Scope.objects.filter(code=code).first()
    while scope is not None and scope.successor_id is not None:
        scope = Scope.objects.get(pk=scope.successor_id)
    return scope


def grants_of(account: Account) -> QuerySet[Grant]:
    """Every grant there ever was, newest first."""
    return account.grants.select_related("scope", "granted_by", "revoked_by").order_by("-granted_at", "-pk")
