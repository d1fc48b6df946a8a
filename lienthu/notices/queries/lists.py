"""Figures of the outbox, and the real example that a text is shown on."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count

from lienthu.kernel import clock
from lienthu.notices.models import Delivery, Device, Notice, Preference


def counts_by_state(library_ids: list[int], *, channel: str = "") -> Mapping[str, int]:
    """How many deliveries of these libraries are in each state."""
    rows = Delivery.objects.filter(notice__library_id__in=library_ids)
    rows = rows.filter(channel=channel) if channel else rows.exclude(channel="DESK")
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def example_params(kind: str, library_id: int | None) -> dict[str, object] | None:
    """The values of the newest notice of a kind, for a preview; without the reader."""
    rows = Notice.objects.filter(kind=kind, purged_at=None).exclude(params={}).order_by("-pk")
    if library_id is not None:
        rows = rows.filter(library_id=library_id)
    found = rows.values_list("params", flat=True).first()
    return {name: value for name, value in found.items() if name not in ("reader", "card")} if found else None


def sample_params() -> dict[str, object]:
    """Values for a preview where nothing of the kind has been told yet: a well-known book, days near today."""
    today = clock.today()
    return {
        "title": "Truyện Kiều",
        "due_on": (today + timedelta(days=2)).isoformat(),
        "until": (today + timedelta(days=5)).isoformat(),
        "days": 7,
        "card": "TQ-000412",
    }


def unread_count(patron_id: int) -> int:
    """How many messages a reader has not opened."""
    return Notice.objects.filter(
        patron_id=patron_id, routed_at__isnull=False, read_at=None, withdrawn_at=None, purged_at=None
    ).count()


def preferences_of(patron_ids: list[int]) -> Mapping[tuple[int, str], dict[str, bool]]:
    """The choices of readers: (reader, topic) -> channel -> wanted."""
    found: dict[tuple[int, str], dict[str, bool]] = {}
    for patron, topic, channel, wanted in Preference.objects.filter(patron__in=patron_ids).values_list(
        "patron_id", "topic", "channel", "wanted"
    ):
        found.setdefault((patron, topic), {})[channel] = wanted
    return found


def devices_of(patron_id: int) -> list[Device]:
    """The devices of a reader, oldest first."""
    return list(Device.objects.filter(patron_id=patron_id).order_by("pk"))
