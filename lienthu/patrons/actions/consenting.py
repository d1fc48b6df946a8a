"""Guardians, and what readers agreed to."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.kernel.text import normalise
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.owners import owners
from lienthu.patrons.models import Consent, Guardianship, Patron, PatronState, Purpose
from lienthu.patrons.policy import ADULT_AGE, CONSENT_AGE, age_on
from lienthu.patrons.queries import hold_patron


class ChildMustAgree(Exception):
    """A child of seven and more has to agree too."""


class NoGuardian(ValueError):
    """The child itself, a minor or a reader who left cannot answer for a child; nor can nobody."""


def add_guardian(
    *,
    actor: Actor,
    child: Patron,
    name: str = "",
    phone: str = "",
    relation: str = "",
    child_agreed: bool = False,
    guardian: Patron | None = None,
) -> Guardianship:
    """Note who answers for a child, with their consent, and the child's own from seven years on.

    Noted twice it is noted once. `guardian`, a reader, sees the child's loans with their own; somebody else is known by
    name and telephone only.
    Raises Refused; ChildMustAgree (Law 91/2025/QH15); NoGuardian for the child itself, a minor, or nobody.
    """
    require(actor, EDIT, at=child.home_library.scope)
    named = "" if guardian else " ".join(normalise(name).split())
    if not _can_answer(guardian, child) if guardian else not named:
        raise NoGuardian(child.pk)
    age = age_on(child.birth_date, clock.today())
    both = age is None or age >= CONSENT_AGE
    if both and not child_agreed:
        raise ChildMustAgree(child.pk)
    with writing(actor) as w:
        hold_patron(child.pk)
        same = Guardianship.objects.filter(child=child, guardian=guardian, name=named, ended_at=None).first()
        if same is not None:
            w.nothing_changed()
            return same
        made = Guardianship.objects.create(
            child=child,
            guardian=guardian,
            name=named,
            phone="" if guardian else phone,
            relation=relation,
            consented_on=clock.today(),
        )
        for by in ("GUARDIAN", "SELF") if both else ("GUARDIAN",):
            Consent.objects.create(
                patron=child, purpose=Purpose.CHILD, given=True, by=by, how="DESK", recorded_by=actor.name
            )
        w.audit("patrons.guardian_added", target=("patron", ids.encode(child.pk)), at=child.home_library.code)
    return made


def _can_answer(guardian: Patron, child: Patron) -> bool:
    """Who is of age can; where no birth date is known the desk has seen to it."""
    age = age_on(guardian.birth_date, clock.today())
    return guardian.pk != child.pk and guardian.state == PatronState.ACTIVE and (age is None or age >= ADULT_AGE)


def end_guardianship(*, actor: Actor, child: Patron, guardianship_id: int) -> None:
    """This person answers no more for the child; ending twice is ending once. Raises Refused, DoesNotExist."""
    require(actor, EDIT, at=child.home_library.scope)
    noted = Guardianship.objects.get(pk=guardianship_id, child=child)
    with writing(actor) as w:
        if not Guardianship.objects.filter(pk=noted.pk, ended_at=None).update(ended_at=clock.now()):
            w.nothing_changed()
            return
        w.audit("patrons.guardian_ended", target=("patron", ids.encode(child.pk)), at=child.home_library.code)


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
