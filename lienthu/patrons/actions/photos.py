"""A reader's photograph: taken in, replaced, removed."""

import io

from django.db import transaction

from lienthu.audit.actions import Writing, writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids, storage
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Patron
from lienthu.patrons.photos import redrawn


def set_photo(*, actor: Actor, patron: Patron, sent: bytes) -> None:
    """Keep a photograph, drawn anew, in place of the one before. Raises Refused, photos.UnusablePhoto."""
    require(actor, EDIT, at=patron.home_library.scope)
    stored = storage.save_stream(io.BytesIO(redrawn(sent)))
    with writing(actor) as w:
        _put(w, patron, stored.key)


def remove_photo(*, actor: Actor, patron: Patron) -> None:
    """Keep no photograph of this reader. Raises Refused."""
    require(actor, EDIT, at=patron.home_library.scope)
    with writing(actor) as w:
        _put(w, patron, "")


def _put(w: Writing, patron: Patron, key: str) -> None:
    before = Patron.objects.select_for_update().values_list("photo_key", flat=True).get(pk=patron.pk)
    Patron.objects.filter(pk=patron.pk).update(photo_key=key)
    patron.photo_key = key
    transaction.on_commit(lambda: forget_file(before))
    w.audit(
        "patrons.changed",
        target=("patron", ids.encode(patron.pk)),
        at=patron.home_library.code,
        details={"fields": ["photo"]},
    )


def forget_file(key: str) -> None:
    """Remove a photograph that no reader has any more."""
    if key and not Patron.objects.filter(photo_key=key).exists():
        storage.remove(key)
