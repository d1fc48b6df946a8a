"""How a reader wants to be told: topics and channels, devices, what was read."""

from collections.abc import Mapping

from django.db import transaction

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.kernel import clock, ids
from lienthu.kernel.fetching import FetchRefused
from lienthu.kernel.fetching.addresses import parse
from lienthu.notices.access import own_notices, own_patron
from lienthu.notices.models import Device, Preference
from lienthu.notices.policy import CHANNELS, TOPICS
from lienthu.notices.ports.webpush import BadSubscription, subscription

MOST_DEVICES = 10
_LONGEST_ENDPOINT = 1_000


class NoCard(Exception):
    """This account belongs to no reader."""


class BadDevice(ValueError):
    """What a browser gave is no subscription."""


def _patron(actor: Actor) -> int:
    patron_id = own_patron(actor)
    if patron_id is None:
        raise NoCard
    return patron_id


def choose(*, actor: Actor, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Set what the reader wants: (topic, channel) -> yes or no. Raises NoCard."""
    patron_id, now = _patron(actor), clock.now()
    rows = [
        Preference(patron_id=patron_id, topic=topic, channel=channel, wanted=yes, at=now)
        for (topic, channel), yes in wanted.items()
        if topic in TOPICS and channel in CHANNELS
    ]
    with writing(actor) as w:
        Preference.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["patron", "topic", "channel"],
            update_fields=["wanted", "at"],
        )
        off = [f"{one.topic}:{one.channel}" for one in rows if not one.wanted]
        w.audit("notices.preferences_changed", target=("patron", ids.encode(patron_id)), details={"off": off})


def add_device(*, actor: Actor, endpoint: str, key: str, secret: str, name: str = "") -> Device:
    """Note a browser that takes push messages; the same one again belongs to who signed in last.

    Raises NoCard; BadDevice for keys that are none, addresses that are not https, too many devices.
    """
    patron_id = _patron(actor)
    try:
        subscription(endpoint, key, secret)
        address = parse(endpoint)
    except (BadSubscription, FetchRefused):
        raise BadDevice from None
    if address.scheme != "https" or len(endpoint) > _LONGEST_ENDPOINT:
        raise BadDevice
    with writing(actor) as w, transaction.atomic():
        if Device.objects.filter(patron=patron_id).exclude(endpoint=endpoint).count() >= MOST_DEVICES:
            raise BadDevice
        made, _new = Device.objects.update_or_create(
            endpoint=endpoint, defaults={"patron_id": patron_id, "key": key, "secret": secret, "name": name[:80]}
        )
        w.audit("notices.device_added", target=("patron", ids.encode(patron_id)))
    return made


def remove_device(*, actor: Actor, number: int) -> None:
    """Forget a device of one's own. Raises NoCard, Device.DoesNotExist."""
    patron_id = _patron(actor)
    with writing(actor) as w:
        Device.objects.get(pk=number, patron=patron_id).delete()
        w.audit("notices.device_removed", target=("patron", ids.encode(patron_id)))


def mark_read(*, actor: Actor) -> int:
    """The reader has seen everything there is; how many were new. Raises NoCard."""
    return own_notices(_patron(actor)).filter(read_at=None).update(read_at=clock.now())
