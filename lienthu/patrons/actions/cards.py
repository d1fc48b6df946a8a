"""Cards: issued, reported lost, replaced. A number stands for one reader for ever."""

from datetime import date

from django.db import IntegrityError, connection, transaction

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.libraries.queries import Library
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Card, CardStatus, Patron
from lienthu.patrons.policy import CARD_FORM, card_number

VALID_YEARS = 5
_PREFIX_LETTERS = 4


class CardTaken(Exception):
    """Somebody has, or had, a card with this number."""


class AlreadyReplaced(Exception):
    """Another desk, or the same page sent twice, gave this reader another card meanwhile."""


class NoActiveCard(Exception):
    """The reader has no card in use."""


def issue_card(
    *, actor: Actor, patron: Patron, library: Library, number: str = "", valid_until: date | None = None
) -> Card:
    """Give a reader without a card one; the next number of the network when none is stated.

    Raises Refused; ValueError for a number of wrong form; CardTaken.
    """
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        return _issue(w, patron, library, number=number, valid_until=valid_until)


def report_lost(*, actor: Actor, patron: Patron, library: Library, reason: str = "") -> Card:
    """Stop the reader's card at once. Raises Refused, NoActiveCard."""
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        return _end(w, patron, library, status="LOST", reason=reason)


def replace_card(
    *,
    actor: Actor,
    patron: Patron,
    library: Library,
    number: str = "",
    reason: str = "",
    replaces: str | None = None,
) -> Card:
    """End the card in use, or the one last lost, and issue another, in one step. Raises as `issue_card`, NoActiveCard.

    Whoever uses the old one meanwhile either did so before this commits, or is told the new number. `replaces`: the
    number that the desk saw last; when there is a newer card by now, AlreadyReplaced is raised with it.
    """
    require(actor, EDIT, at=library.scope)
    with writing(actor) as w:
        Patron.objects.select_for_update().get(pk=patron.pk)
        newest = Card.objects.filter(patron=patron).order_by("-id").first()
        if newest is not None and replaces is not None and newest.number != replaces:
            raise AlreadyReplaced(newest.number)
        old = Card.objects.filter(patron=patron, status=CardStatus.ACTIVE).first()
        if old is not None:
            old = _end(w, patron, library, status="REPLACED", reason=reason)
        else:
            old = Card.objects.filter(patron=patron, status=CardStatus.LOST, replaced_by=None).order_by("-id").first()
        if old is None:
            raise NoActiveCard(patron.pk)
        new = _issue(w, patron, library, number=number, valid_until=old.valid_until)
        Card.objects.filter(pk=old.pk).update(replaced_by=new)
    return new


def _issue(w: Writing, patron: Patron, library: Library, *, number: str, valid_until: date | None) -> Card:
    wanted = card_number(number)
    if wanted and not CARD_FORM.fullmatch(wanted):
        raise ValueError(number)
    today = clock.today()
    card = Card(
        patron=patron,
        number=wanted or _next_number(library),
        library=library,
        issued_on=today,
        valid_until=valid_until or date(today.year + VALID_YEARS, 12, 31),
    )
    try:
        with transaction.atomic():
            card.save()
    except IntegrityError as error:
        raise CardTaken(card.number) from error
    w.audit(
        "patrons.card_issued",
        target=("patron", ids.encode(patron.pk)),
        at=library.code,
        details={"number": card.number} | _home_of(patron, library),
    )
    return card


def _end(w: Writing, patron: Patron, library: Library, *, status: str, reason: str) -> Card:
    card = Card.objects.select_for_update().filter(patron=patron, status=CardStatus.ACTIVE).first()
    if card is None:
        raise NoActiveCard(patron.pk)
    card.status, card.ended_at, card.reason = status, clock.now(), reason[:300]
    card.save()
    w.audit(
        "patrons.card_ended",
        target=("patron", ids.encode(patron.pk)),
        at=library.code,
        details={"number": card.number, "status": str(status)} | _home_of(patron, library),
    )
    return card


def _home_of(patron: Patron, library: Library) -> dict[str, str]:
    """The reader's own library, where another one dealt with the card."""
    return {} if library.pk == patron.home_library_id else {"home": patron.home_library.code}


def _next_number(library: Library) -> str:
    """`TQ-000412`: the network's letters, then a number that only grows. Numbers taken by hand are passed over."""
    prefix = "".join(part for part in library.code.split("-")[1:2] if part.isalnum())[:_PREFIX_LETTERS] or "LT"
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('patrons_card_number')")
            number = f"{prefix}-{cursor.fetchone()[0]:06d}"
            if not Card.objects.filter(number=number).exists():
                return number
