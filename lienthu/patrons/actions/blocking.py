"""Blocks: placed with a reason and an end, lifted, never deleted."""

from datetime import date

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.patrons.access import BLOCK
from lienthu.patrons.models import Block, BlockCode, Patron


def block(
    *,
    actor: Actor,
    patron: Patron,
    library: Library,
    code: str,
    reason: str,
    until: date | None,
    everywhere: bool = False,
) -> Block:
    """Keep a reader from borrowing at `library`, or everywhere. Raises Refused, ValueError without a reason."""
    require(actor, BLOCK, at=library.scope)
    if not reason.strip():
        raise ValueError("a block needs a reason")
    with writing(actor) as w:
        placed = Block.objects.create(
            patron=patron,
            code=BlockCode(code),
            reason=reason.strip()[:300],
            library=None if everywhere else library,
            starts=clock.today(),
            until=until,
            placed_by=actor.name,
        )
        w.audit(
            "patrons.blocked",
            target=("patron", ids.encode(patron.pk)),
            at=library.code,
            details={"code": placed.code, "until": until.isoformat() if until else None},
        )
    return placed


def lift_block(*, actor: Actor, block_id: int, patron: Patron) -> None:
    """Let the reader borrow again. A block that is lifted stays so. Raises Refused, Block.DoesNotExist."""
    placed = Block.objects.select_related("library__scope").get(pk=block_id, patron=patron)
    place = placed.library or patron.home_library
    require(actor, BLOCK, at=place.scope)
    with writing(actor) as w:
        lifted = Block.objects.filter(pk=placed.pk, lifted_at=None).update(lifted_at=clock.now(), lifted_by=actor.name)
        if not lifted:
            w.nothing_changed()
            return
        w.audit("patrons.block_lifted", target=("patron", ids.encode(patron.pk)), at=place.code)
