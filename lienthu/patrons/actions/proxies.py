"""Who may collect for a reader."""

from datetime import date

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.kernel.text import normalise
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Patron, Proxy


def note_proxy(
    *,
    actor: Actor,
    patron: Patron,
    name: str = "",
    phone: str = "",
    collector: Patron | None = None,
    until: date | None = None,
) -> Proxy:
    """Note that somebody may collect for this reader, who asked for it. Raises Refused, ValueError without a name."""
    require(actor, EDIT, at=patron.home_library.scope)
    named = " ".join(normalise(name).split())
    if (collector is None and not named) or (collector is not None and collector.pk == patron.pk):
        raise ValueError("a proxy is somebody else, with a name")
    with writing(actor) as w:
        made = Proxy.objects.create(
            patron=patron,
            collector=collector,
            name="" if collector else named,
            phone="" if collector else phone,
            until=until,
            noted_by=actor.name,
        )
        w.audit("patrons.proxy_noted", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
    return made


def end_proxy(*, actor: Actor, patron: Patron, proxy_id: int) -> None:
    """Let nobody collect any more by this note; ending twice is ending once. Raises Refused, Proxy.DoesNotExist."""
    require(actor, EDIT, at=patron.home_library.scope)
    noted = Proxy.objects.get(pk=proxy_id, patron=patron)
    with writing(actor) as w:
        if not Proxy.objects.filter(pk=noted.pk, ended_at=None).update(ended_at=clock.now()):
            w.nothing_changed()
            return
        w.audit("patrons.proxy_ended", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
