"""The account with which a reader signs in."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.identity.queries import account_by_username
from lienthu.kernel import ids
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Patron


class NoSuchAccount(LookupError):
    """Nobody signs in with this name."""


class AccountTaken(Exception):
    """The account belongs to another reader."""


def link_account(*, actor: Actor, patron: Patron, username: str) -> None:
    """Let the holder of an account see this reader's card and loans; "" takes the link away.

    Raises Refused, NoSuchAccount, AccountTaken.
    """
    require(actor, EDIT, at=patron.home_library.scope)
    account = account_by_username(username) if username else None
    if username and account is None:
        raise NoSuchAccount(username)
    with writing(actor) as w:
        if account is not None and Patron.objects.filter(account=account).exclude(pk=patron.pk).exists():
            raise AccountTaken(username)
        Patron.objects.filter(pk=patron.pk).update(account=account)
        w.audit(
            "patrons.account_linked",
            target=("patron", ids.encode(patron.pk)),
            at=patron.home_library.code,
            details={"linked": account is not None},
        )
