"""Which accounts an actor may see, and roles in words."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lienthu.identity.access.decision import Actor, Refused, may, roles
from lienthu.identity.access.reasons import role_label
from lienthu.identity.models import Account
from lienthu.identity.policy import grants_with
from lienthu.identity.queries import accounts_with_grants_within
from lienthu.kernel import ids

MANAGE_ACCOUNTS = "identity.manage_accounts"
GRANT_ROLE = "identity.grant_role"


def visible_accounts(actor: Actor) -> QuerySet[Account]:
    """All accounts for those who manage them everywhere; else those with a role at the actor's own places."""
    if may(actor, MANAGE_ACCOUNTS, None):
        return Account.objects.all()
    held = grants_with(actor.grants, MANAGE_ACCOUNTS, roles()) + grants_with(actor.grants, GRANT_ROLE, roles())
    return accounts_with_grants_within(grant.path for grant in held)


def get_account(actor: Actor, public_id: str) -> Account:
    """One visible account; Refused, to be answered as missing, for every other and for none."""
    key = ids.decode(public_id)
    account = visible_accounts(actor).filter(pk=key).first() if key is not None else None
    if account is None:
        raise Refused(GRANT_ROLE, hidden=True)
    return account


def role_in_words(*, role: str, place: str, valid_to: date | None = None) -> str:
    """A role held, as a phrase: "Cán bộ biên mục tại Thư viện tỉnh, đến 31/12/2026"."""
    values = {"role": role_label(role), "place": place, "day": valid_to.strftime("%d/%m/%Y") if valid_to else ""}
    if valid_to:
        return _("%(role)s tại %(place)s, đến %(day)s") % values
    return _("%(role)s tại %(place)s") % values
