"""Who may do what, where: the one decision about permission that every action, page and protocol asks.

    actor = actor_of(request)                       # or actor_by_id(...), system_actor("…")
    require(actor, "catalogue.edit_record", at=library.scope)

`at=None` means the whole network: the permission must then be held at a root of the tree of scopes.
To ask whether it is held anywhere at all, use `may_anywhere`, or mark the page with `@requires(permission)`.
"""

from lienthu.identity.access.accounts import get_account, role_in_words, visible_accounts
from lienthu.identity.access.decision import (
    VISITOR,
    Actor,
    Kind,
    Refused,
    actor_by_id,
    actor_for,
    actor_of,
    machine_actor,
    may,
    may_anywhere,
    paths_with,
    require,
    require_anywhere,
    roles,
    scopes_with,
    system_actor,
)
from lienthu.identity.access.labels import AUDIT_LABELS
from lienthu.identity.access.pages import requires, signed_in
from lienthu.identity.access.reasons import permission_label, refusal_reason, role_label

__all__ = [
    "AUDIT_LABELS",
    "VISITOR",
    "Actor",
    "Kind",
    "Refused",
    "actor_by_id",
    "actor_for",
    "actor_of",
    "get_account",
    "machine_actor",
    "may",
    "may_anywhere",
    "paths_with",
    "permission_label",
    "refusal_reason",
    "require",
    "require_anywhere",
    "requires",
    "role_in_words",
    "role_label",
    "roles",
    "scopes_with",
    "signed_in",
    "system_actor",
    "visible_accounts",
]
