"""Pure rules of identity: names people sign in with, and what a set of grants allows."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

USERNAME_MAX = 60
_USERNAME = re.compile(r"[^\W_][\w.@+-]{1,59}")


class RoleLike(Protocol):
    """What the rules need to know of a role of config/roles.py."""

    @property
    def permissions(self) -> frozenset[str]: ...
    @property
    def staff(self) -> bool: ...
    @property
    def of_machines(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class ActiveGrant:
    """A role held today at one scope and everything below it (`path` is the scope's materialised path)."""

    role: str
    scope_id: int
    scope_code: str
    scope_name: str
    path: str
    valid_to: date | None = None


def normalise_username(typed: str) -> str:
    """Return the one spelling of a username: NFC, lower case, without blanks around."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).strip().lower())


def username_is_valid(username: str) -> bool:
    """Two to sixty letters, digits and . @ + - _, beginning with a letter or digit; already normalised."""
    return username == normalise_username(username) and _USERNAME.fullmatch(username) is not None


def covers(path: str, grant: ActiveGrant) -> bool:
    """Does the grant hold at the scope with this path?"""
    return path.startswith(grant.path)


def grants_with(grants: Iterable[ActiveGrant], permission: str, roles: Mapping[str, RoleLike]) -> list[ActiveGrant]:
    """The grants whose role holds this permission. A role that no longer exists holds none."""
    return [grant for grant in grants if grant.role in roles and permission in roles[grant.role].permissions]


def is_root(path: str) -> bool:
    """Is this the path of a root of the tree, that is of a whole network?"""
    return path.count("/") == 2


def permissions_at(grants: Iterable[ActiveGrant], path: str, roles: Mapping[str, RoleLike]) -> frozenset[str]:
    """Every permission that the grants give at the scope with this path."""
    held: frozenset[str] = frozenset()
    for grant in grants:
        if grant.role in roles and covers(path, grant):
            held |= roles[grant.role].permissions
    return held
