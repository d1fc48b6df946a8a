"""Guardians, and what readers agreed to."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.kernel.text import normalise
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.owners import owners
from lienthu.patrons.models import Consent, Guardianship, Patron, Purpose
from lienthu.patrons.policy import CONSENT_AGE, age_on


class ChildMustAgree(Exception):
    """A child of seven and more has to agree too."""


def add_guardian(
    *,
    actor: Actor,
    child: Patron,
    name: str,
    phone: str = "",
    relation: str = "",
    child_agreed: bool = False,
) -> Guardianship:
    """Note who answers for a child, with their consent, and the child's own from seven years on.

    Raises Refused; ChildMustAgree (Law 91/2025/QH15).
    """
    require(actor, EDIT, at=child.home_library.scope)
    age = age_on(child.birth_date, clock.today())
    both = age is None or age >= CONSENT_AGE
    if both and not child_agreed:
        raise ChildMustAgree(child.pk)
    with writing(actor) as w:
        made = Guardianship.objects.create(
            child=child,
            name=" ".join(normalise(name).split()),
            phone=phone,
            relation=relation,
            consented_on=clock.today(),
        )
        for by in ("GUARDIAN", "SELF") if both else ("GUARDIAN",):
            Consent.objects.create(
                patron=child, purpose=Purpose.CHILD, given=True, by=by, how="DESK", recorded_by=actor.name
            )
        w.audit("patrons.guardian_added", target=("patron", ids.encode(child.pk)), at=child.home_library.code)
    return made


def record_consent(
    *, actor: Actor, patron: Patron, purpose: str, given: bool, by: str = "SELF", how: str = "DESK"
) -> Consent:
    """Add an answer about one purpose. The one about history decides whether past loans keep the reader's name."""
    if actor.account_id is None or actor.account_id != patron.account_id:
        require(actor, EDIT, at=patron.home_library.scope)
    with writing(actor) as w:
        made = Consent.objects.create(
            patron=patron, purpose=Purpose(purpose), given=given, by=by, how=how, recorded_by=actor.name
        )
        if purpose == Purpose.HISTORY:
            Patron.objects.filter(pk=patron.pk).update(keep_history=given)
            if not given:
                for _name, owner in owners():
                    owner.forget_history(w, patron_id=patron.pk)
        w.audit(
            "patrons.consent_recorded",
            target=("patron", ids.encode(patron.pk)),
            at=patron.home_library.code,
            details={"purpose": purpose, "given": given},
        )
    return made
