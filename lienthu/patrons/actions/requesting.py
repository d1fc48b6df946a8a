"""Cards asked for on the net: kept apart until a desk has seen the person, forgotten when nobody comes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.kernel.text import normalise
from lienthu.libraries.queries import Library
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.cards import issue_card
from lienthu.patrons.actions.erasing import wipe
from lienthu.patrons.actions.registering import LooksTheSame, PatronData, fill, likely_same
from lienthu.patrons.models import Card, Consent, Guardianship, Patron, PatronState, Purpose
from lienthu.patrons.policy import CHILD_AGE, age_on, consenting

DAYS_KEPT = 30
"""Days for which a request waits for the person to come to the desk."""


class NotPending(Exception):
    """The request was confirmed, declined or forgotten already."""


class MustAgree(ValueError):
    """Somebody has to agree who did not; `who` is SELF or GUARDIAN, or NAME where the guardian is not named."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed to, by whom. `purposes` without the card itself."""

    by_self: bool
    by_guardian: bool = False
    guardian: str = ""
    guardian_phone: str = ""
    relation: str = ""
    purposes: frozenset[str] = frozenset()


def request_card(*, actor: Actor, library: Library, data: PatronData, agreed: Agreed) -> Patron:
    """Keep what somebody says of themselves until a desk confirms it. Nothing is said about who is known already.

    Raises MustAgree: from 16 years the reader, from 7 to 15 reader and guardian, below the guardian alone.
    """
    age = age_on(data.birth_date, clock.today())
    needed = consenting(age)
    for who, given in (("SELF", agreed.by_self), ("GUARDIAN", agreed.by_guardian)):
        if who in needed and not given:
            raise MustAgree(who)
    if "GUARDIAN" in needed and not agreed.guardian.strip():
        raise MustAgree("NAME")
    with writing(actor) as w:
        patron = Patron(home_library=library, state=PatronState.PENDING, registered_by=actor.name)
        fill(patron, data)
        patron.keep_history = Purpose.HISTORY in agreed.purposes
        patron.save()
        purposes = {str(Purpose(one)) for one in ("CARD", *agreed.purposes)}
        _note_consents(actor, patron, purposes, needed)
        if age is not None and age < CHILD_AGE:
            _note_consents(actor, patron, {str(Purpose.CHILD)}, needed)
            Guardianship.objects.create(
                child=patron,
                name=" ".join(normalise(agreed.guardian).split()),
                phone=agreed.guardian_phone,
                relation=agreed.relation,
                consented_on=clock.today(),
            )
        w.audit("patrons.requested", target=("patron", ids.encode(patron.pk)), at=library.code)
    return patron


def _note_consents(actor: Actor, patron: Patron, purposes: Collection[str], needed: Collection[str]) -> None:
    Consent.objects.bulk_create(
        Consent(patron=patron, purpose=purpose, given=True, by=by, how="WEB", recorded_by=actor.name)
        for purpose in sorted(purposes)
        for by in needed
    )


def confirm(*, actor: Actor, patron: Patron, number: str = "", confirmed_new: bool = False) -> Card:
    """The person stood at the desk: make them a reader, with a card.

    Raises Refused, NotPending, LooksTheSame unless `confirmed_new`, CardTaken, ValueError for a wrong number.
    """
    require(actor, EDIT, at=patron.home_library.scope)
    same = [one for one in likely_same(data_of(patron)) if one.pk != patron.pk]
    if same and not confirmed_new:
        raise LooksTheSame(same)
    with writing(actor) as w:
        _take(patron)
        Patron.objects.filter(pk=patron.pk).update(state=PatronState.ACTIVE, registered_by=actor.name)
        patron.state = PatronState.ACTIVE
        w.audit("patrons.confirmed", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
        return issue_card(actor=actor, patron=patron, library=patron.home_library, number=number)


def decline(*, actor: Actor, patron: Patron) -> None:
    """Nobody is to get this card: keep nothing of the request. Raises Refused, NotPending."""
    require(actor, EDIT, at=patron.home_library.scope)
    with writing(actor) as w:
        _take(patron)
        wipe(w, patron)
        w.audit("patrons.declined", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)


def expire_requests(*, actor: Actor) -> int:
    """Forget requests for which nobody came to the desk in DAYS_KEPT days; how many."""
    due = Patron.objects.filter(
        state=PatronState.PENDING, registered_at__lt=clock.now() - timedelta(days=DAYS_KEPT)
    ).select_related("home_library")
    forgotten = 0
    for patron in due:
        with writing(actor) as w:
            if _forget(w, patron):
                forgotten += 1
            else:
                w.nothing_changed()
    return forgotten


def _forget(w: Writing, patron: Patron) -> bool:
    try:
        _take(patron)
    except NotPending:
        return False
    wipe(w, patron)
    w.audit("patrons.request_expired", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
    return True


def _take(patron: Patron) -> None:
    state = Patron.objects.select_for_update().values_list("state", flat=True).get(pk=patron.pk)
    if state != PatronState.PENDING:
        raise NotPending(patron.pk)


def data_of(patron: Patron) -> PatronData:
    """What is known of a reader, as a form would say it; the identity number stays sealed."""
    return PatronData(
        full_name=patron.full_name,
        category=patron.category.code,
        birth_date=patron.birth_date,
        group=patron.group,
        address=patron.address,
        phone=patron.phone,
        email=patron.email,
        language=patron.language,
        note=patron.note,
    )
