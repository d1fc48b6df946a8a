"""Opening and discarding a round. What should be there is written down at once: later changes do not shift it."""

from collections.abc import Sequence

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Branch, Library
from lienthu.stocktaking.access import MANAGE, require_manage
from lienthu.stocktaking.actions.frame import locked
from lienthu.stocktaking.actions.refusals import Refused
from lienthu.stocktaking.models import Round, State
from lienthu.stocktaking.policy import MOST_EXPECTED

_EXPECT = """
INSERT INTO stocktaking_expected (round_id, item_id, status)
SELECT %(round)s, i.id, i.status FROM catalogue_item i JOIN catalogue_sourcerecord r ON r.id = i.record_id
WHERE i.library_id = %(library)s AND i.accession_number <> '' AND i.status <> 'WITHDRAWN' AND r.status = 'ACTIVE'
    AND (%(branch)s::bigint IS NULL OR i.branch_id = %(branch)s::bigint) AND starts_with(i.shelf, %(shelf)s)
LIMIT %(most)s
"""
NAME_LETTERS = 160


def open_round(
    *,
    actor: Actor,
    name: str,
    library: Library,
    branch: Branch | None = None,
    shelf: str = "",
    basis: str = "",
    council: Sequence[tuple[str, str]] = (),
) -> Round:
    """Begin to count a library, a branch of it, or the shelves whose name begins with `shelf`. Raises both Refused."""
    require(actor, MANAGE, at=library.scope)
    if branch is not None and branch.library_id != library.pk:
        raise Refused("OTHER_BRANCH")
    with writing(actor) as w:
        one = Round.objects.create(
            name=name[:NAME_LETTERS],
            library=library,
            branch=branch,
            shelf=shelf.strip(),
            basis=basis.strip(),
            council=[list(member) for member in council],
            opened_at=clock.now(),
            opened_by=actor.name,
        )
        count = _expect(one)
        if not count:
            raise Refused("NOTHING_TO_COUNT")
        if count > MOST_EXPECTED:
            raise Refused("TOO_MUCH", most=MOST_EXPECTED)
        w.audit(
            "stocktaking.opened",
            target=("round", one.public_id),
            at=library.code,
            details={"name": one.name, "expected": count, "shelf": one.shelf},
        )
    return one


def _expect(one: Round) -> int:
    values = {
        "round": one.pk,
        "library": one.library_id,
        "branch": one.branch_id,
        "shelf": one.shelf,
        "most": MOST_EXPECTED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXPECT, values)
        return int(cursor.rowcount)


def discard_round(*, actor: Actor, round_id: int) -> None:
    """Give a round up; what was scanned stays to be read. Raises both Refused."""
    with writing(actor) as w:
        one = locked(round_id, State.COUNTING)
        require_manage(actor, one)
        one.state, one.closed_at = State.DISCARDED, clock.now()
        one.save(update_fields=["state", "closed_at"])
        w.audit("stocktaking.discarded", target=("round", one.public_id), at=one.library.code)
