"""Registering a reader and changing what is known of them."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.kernel.text import folded_key, normalise, sort_key
from lienthu.libraries.queries import Library
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Category, Consent, Patron, PatronState, Purpose
from lienthu.patrons.policy import CONSENT_AGE, age_on
from lienthu.patrons.sealing import marks, seal

# The name this use has among PostgreSQL's advisory locks.
NAME_LOCK = 4_103


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronData:
    """What a form says of a reader. `identity_number` empty: leave what is known."""

    full_name: str
    category: str
    birth_date: date | None = None
    group: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    language: str = "vi"
    note: str = ""
    identity_number: str = ""


class LooksTheSame(Exception):
    """Readers who seem to be this person; registering goes on only when told so."""

    def __init__(self, patrons: list[Patron]) -> None:
        super().__init__([patron.pk for patron in patrons])
        self.patrons = patrons


class ChangedMeanwhile(Exception):
    """Another desk changed this reader since the form was opened."""


def register(
    *, actor: Actor, library: Library, data: PatronData, consented: bool, confirmed_new: bool = False
) -> Patron:
    """Register a reader of `library`. Raises Refused, LooksTheSame unless `confirmed_new`.

    `consented`: the reader (or a guardian) agreed that their data is kept for lending; without it nothing is kept.
    """
    require(actor, EDIT, at=library.scope)
    if not consented:
        raise ValueError("nothing is kept of a reader who did not agree")
    with writing(actor) as w:
        _one_desk_at_a_time(data)
        if not confirmed_new and (same := likely_same(data)):
            raise LooksTheSame(same)
        patron = Patron(home_library=library, registered_by=actor.name)
        fill(patron, data)
        patron.save()
        age = age_on(data.birth_date, clock.today())
        by = "GUARDIAN" if age is not None and age < CONSENT_AGE else "SELF"
        Consent.objects.create(
            patron=patron, purpose=Purpose.CARD, given=True, by=by, how="DESK", recorded_by=actor.name
        )
        w.audit(
            "patrons.registered",
            target=("patron", ids.encode(patron.pk)),
            at=library.code,
            details={"category": data.category},
        )
    return patron


def _one_desk_at_a_time(data: PatronData) -> None:
    """Two desks, or two clicks, that register one name at one moment: the second sees what the first has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [NAME_LOCK, folded_key(data.full_name)])


def change(*, actor: Actor, patron: Patron, data: PatronData, expected: int) -> Patron:
    """Write what is known of a reader anew. Raises Refused, ChangedMeanwhile."""
    require(actor, EDIT, at=patron.home_library.scope)
    with writing(actor) as w:
        current = Patron.objects.select_for_update().get(pk=patron.pk)
        if current.revision != expected:
            raise ChangedMeanwhile(patron.pk)
        before = {name: getattr(current, name) for name in _PLAIN}
        category = current.category_id
        fill(current, data)
        current.revision += 1
        current.save()
        changed = [name for name in _PLAIN if before[name] != getattr(current, name)]
        if category != current.category_id:
            changed.append("category")
        if data.identity_number:
            changed.append("identity_number")
        # the names of what changed, never the values: the trail keeps no second copy of personal data
        w.audit(
            "patrons.changed",
            target=("patron", ids.encode(patron.pk)),
            at=patron.home_library.code,
            details={"fields": changed},
        )
    return current


_PLAIN = ("full_name", "birth_date", "group", "address", "phone", "email", "language", "note")


def fill(patron: Patron, data: PatronData) -> None:
    """Put what a form says into the row, with the forms by which it is filed and found."""
    for name in _PLAIN:
        setattr(patron, name, getattr(data, name))
    patron.full_name = " ".join(normalise(data.full_name).split())
    patron.phone = phone_digits(data.phone)
    patron.category = Category.objects.get(code=data.category)
    patron.name_sort = sort_key(filing_name(patron.full_name))
    patron.name_folded = folded_key(patron.full_name)
    if data.identity_number:
        patron.identity_sealed = seal(data.identity_number)
        patron.identity_mark = marks(data.identity_number)[0]


def filing_name(full_name: str) -> str:
    """The given name first, as Vietnamese lists are filed."""
    words = full_name.split()
    return " ".join([*words[-1:], *words[:-1]])


def phone_digits(text: str) -> str:
    """A telephone number as it is kept: digits, perhaps a plus."""
    return "".join(sign for sign in text if sign.isdigit() or sign == "+")


def likely_same(data: PatronData) -> list[Patron]:
    """Readers with the same identity number, or with the same name and birth date or telephone."""
    known = Patron.objects.exclude(state__in=(PatronState.MERGED, PatronState.ERASED)).select_related("home_library")
    if data.identity_number and (found := list(known.filter(identity_mark__in=marks(data.identity_number))[:5])):
        return found
    namesakes = known.filter(name_folded=folded_key(data.full_name))
    phone = phone_digits(data.phone)
    return [
        patron
        for patron in namesakes[:50]
        if (data.birth_date and patron.birth_date == data.birth_date) or (phone and patron.phone == phone)
    ][:5]
