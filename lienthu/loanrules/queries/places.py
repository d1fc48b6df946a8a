"""The places whose tables decide at a library or a branch: from the province down."""

import time
from dataclasses import dataclass

from lienthu.identity.queries import Scope
from lienthu.libraries.queries import branches, libraries

# Libraries hardly ever move in the tree of places; a process notices within a minute.
_SECONDS = 60.0
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Place:
    """A scope as rules see it."""

    scope_id: int
    code: str
    name: str
    kind: str


Chain = tuple[Place, ...]


class NoSuchPlace(LookupError):
    """No library, or no such branch of it."""


_kept: dict[tuple[int, int | None], tuple[float, Chain]] = {}


def chain_of(*, library_id: int, branch_id: int | None = None) -> Chain:
    """Return the places above and at a library or one of its branches, the top first. Raises NoSuchPlace."""
    key = (library_id, branch_id)
    kept = _kept.get(key)
    now = time.monotonic()
    if kept is not None and kept[0] > now:
        return kept[1]
    chain = chain_of_scope(_scope(library_id, branch_id))
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (now + _SECONDS, chain)
    return chain


def chain_of_scope(scope: Scope) -> Chain:
    """Return the places above and at a scope, the top first."""
    found: list[Place] = []
    here: Scope | None = scope
    while here is not None:
        found.append(Place(scope_id=here.pk, code=here.code, name=here.name, kind=here.kind))
        here = here.parent
    return tuple(reversed(found))


def _scope(library_id: int, branch_id: int | None) -> Scope:
    above = "scope__parent__parent__parent"
    if branch_id is not None:
        branch = branches().filter(pk=branch_id, library_id=library_id).select_related(above).first()
        if branch is None:
            raise NoSuchPlace(library_id, branch_id)
        return branch.scope
    library = libraries().filter(pk=library_id).select_related(above).first()
    if library is None:
        raise NoSuchPlace(library_id)
    return library.scope
