"""Every write of identity."""

from lienthu.identity.actions.accounts import (
    change_own_details,
    create_account,
    deactivate_account,
    reactivate_account,
    reset_second_step,
    set_password,
)
from lienthu.identity.actions.errors import NotPossible
from lienthu.identity.actions.grants import grant_role, revoke_role
from lienthu.identity.actions.scopes import close_scope, create_scope, move_scope, rename_scope, reopen_scope

__all__ = [
    "NotPossible",
    "change_own_details",
    "close_scope",
    "create_account",
    "create_scope",
    "deactivate_account",
    "grant_role",
    "move_scope",
    "reactivate_account",
    "rename_scope",
    "reopen_scope",
    "reset_second_step",
    "revoke_role",
    "set_password",
]
