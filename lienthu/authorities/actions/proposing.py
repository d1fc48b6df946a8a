"""What libraries ask the keepers of the shared file to change."""

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.authorities.access import EDIT, require_edit
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.models import Authority, Proposal, ProposalState
from lienthu.identity.access import Actor, require_anywhere
from lienthu.kernel import clock

LONGEST = 4_000


def propose(*, actor: Actor, authority: Authority, text: str) -> Proposal:
    """Ask for a change of an authority, in words. Who may edit at any library may propose. Raises Refused."""
    require_anywhere(actor, EDIT)
    with writing(actor) as w:
        proposal = Proposal.objects.create(
            authority=authority, text=text[:LONGEST], actor_id=actor.account_id, actor_name=actor.name
        )
        w.audit("authorities.proposed", target=("authority", authority.public_id), details={"text": text[:200]})
    return proposal


def answer(*, actor: Actor, proposal: Proposal, accepted: bool, text: str = "") -> Proposal:
    """Close a proposal: done as asked, or not, with a word why. Raises Refused, NotPossible when it is closed."""
    require_edit(actor)
    with writing(actor) as w:
        state = ProposalState.ACCEPTED if accepted else ProposalState.REFUSED
        closed = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(
            state=state, answer=text[:LONGEST], answered_by=actor.name, answered_at=clock.now()
        )
        if not closed:
            raise NotPossible(_("Đề nghị này đã có người trả lời."))
        w.audit("authorities.answered", target=("proposal", proposal.public_id), details={"state": str(state)})
    proposal.refresh_from_db()
    return proposal
