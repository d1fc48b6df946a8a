"""The language in which a reader is written to."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, Refused
from lienthu.kernel import ids
from lienthu.patrons.models import Patron

LANGUAGES = ("vi", "en")


def set_language(*, actor: Actor, patron_id: int, language: str) -> None:
    """Chosen by the reader alone; anything unknown is Vietnamese. Raises Refused."""
    patron = Patron.objects.get(pk=patron_id)
    if actor.account_id is None or patron.account_id != actor.account_id:
        raise Refused("patrons.edit", hidden=True)
    wanted = language if language in LANGUAGES else LANGUAGES[0]
    with writing(actor) as w:
        if patron.language == wanted:
            w.nothing_changed()
            return
        Patron.objects.filter(pk=patron_id).update(language=wanted)
        w.audit("patrons.changed", target=("patron", ids.encode(patron_id)), details={"language": wanted})
