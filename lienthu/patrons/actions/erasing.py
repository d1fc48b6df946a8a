"""Forgetting a reader: on their request, or because an online request was never confirmed."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.patrons.access import EDIT
from lienthu.patrons.actions.owners import hold_still, owners
from lienthu.patrons.actions.photos import forget_file
from lienthu.patrons.models import (
    Block,
    Card,
    CardStatus,
    Consent,
    Guardianship,
    Merge,
    Patron,
    PatronState,
    Proxy,
    RollRow,
)


class OpenMatters(Exception):
    """What has to be settled before the reader can be forgotten; `sentences` say what."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


def open_matters(patron: Patron) -> list[str]:
    """Why this reader cannot be forgotten yet: things lent, money owed, a child answered for."""
    found = [sentence for _name, owner in owners() for sentence in owner.open_matters(patron_id=patron.pk)]
    wards = Guardianship.objects.filter(guardian=patron, ended_at=None, child__state=PatronState.ACTIVE)
    found += [
        _("Đang là người giám hộ của %(name)s.") % {"name": name}
        for name in wards.values_list("child__full_name", flat=True)
    ]
    return found


def erase(*, actor: Actor, patron: Patron) -> None:
    """Forget a reader whom nothing binds any more, as they ask. Numbers of cards stay taken, figures stay.

    Raises Refused, OpenMatters (nothing is changed then).
    """
    if actor.account_id is None or actor.account_id != patron.account_id:
        require(actor, EDIT, at=patron.home_library.scope)
    with writing(actor) as w:
        hold_still(patron.pk)
        Patron.objects.select_for_update().get(pk=patron.pk)
        if sentences := open_matters(patron):
            raise OpenMatters(sentences)
        for one in (patron, *Patron.objects.filter(merged_into=patron)):
            for _name, owner in owners():
                owner.forget(w, patron_id=one.pk)
            wipe(w, one)
        w.audit("patrons.erased", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)


def wipe(w: Writing, patron: Patron) -> None:
    """Take everything personal out of a reader's rows; what others may point at stays, without a person."""
    transaction.on_commit(partial(forget_file, patron.photo_key))
    plain = dict.fromkeys(("full_name", "name_folded", "group", "address", "phone", "email", "note", "photo_key"), "")
    Patron.objects.filter(pk=patron.pk).update(
        **plain,
        state=PatronState.ERASED,
        merged_into=None,
        name_sort=b"",
        birth_date=None,
        identity_sealed=None,
        identity_mark=None,
        account=None,
        keep_history=False,
    )
    Card.objects.filter(patron=patron).update(reason="")
    Card.objects.filter(patron=patron, status=CardStatus.ACTIVE).update(
        status=CardStatus.RETURNED, ended_at=clock.now()
    )
    Guardianship.objects.filter(child=patron).delete()
    Guardianship.objects.filter(guardian=patron).delete()
    Proxy.objects.filter(patron=patron).delete()
    Proxy.objects.filter(collector=patron).delete()
    Block.objects.filter(patron=patron).update(reason="–")
    # that somebody agreed, and when, is the library's proof; who it was is gone with the row above
    Consent.objects.filter(patron=patron, recorded_by=patron.full_name).update(recorded_by="")
    Merge.objects.filter(winner=patron).update(reason="–", moved={}, undone_by="")
    RollRow.objects.filter(patron=patron).update(data={}, before=None)
