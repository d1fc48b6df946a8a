"""What librarians decide about single deliveries: send again, count as sent, told by telephone or letter."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.notices.access import SEND, get_delivery
from lienthu.notices.models import Channel, Delivery, State

_AGAIN = (State.FAILED, State.UNCERTAIN)
_UNSETTLED = (State.UNCERTAIN, State.FAILED)


class NotNow(Exception):
    """The delivery is not in a state where this can be done; `state` is the one it is in."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def send_again(*, actor: Actor, number: int) -> Delivery:
    """Send once more what failed or is uncertain; the person takes it upon them that it may arrive twice.

    Raises Refused by way of Delivery.DoesNotExist for what the actor may not see; NotNow.
    """
    return _decide(
        actor, number, "notices.sent_again", _AGAIN, state=State.WAITING, tries=0, due_at=clock.now(), ended_at=None
    )


def count_as_sent(*, actor: Actor, number: int) -> Delivery:
    """Somebody found out that it arrived. Raises as send_again."""
    return _decide(actor, number, "notices.marked", _UNSETTLED, state=State.SENT, ended_at=clock.now())


def told(*, actor: Actor, number: int) -> Delivery:
    """The reader was called or written to. Raises as send_again."""
    found = get_delivery(actor, number, SEND)
    if found.channel != Channel.DESK:
        raise NotNow(found.state)
    return _decide(actor, number, "notices.told", (State.WAITING,), state=State.SENT, ended_at=clock.now())


def _decide(actor: Actor, number: int, action: str, allowed: tuple[object, ...], **values: object) -> Delivery:
    with writing(actor) as w:
        found = get_delivery(actor, number, SEND)
        done = Delivery.objects.filter(pk=found.pk, state__in=allowed, notice__purged_at=None).update(
            **values, reason="", detail="", ended_by=actor.name
        )
        if not done:
            raise NotNow(found.state)
        w.audit(
            action,
            target=("notice", found.notice_id),
            at=found.notice.library.code,
            details={"channel": found.channel, "was": found.state},
        )
    found.refresh_from_db()
    return found
