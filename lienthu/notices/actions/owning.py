"""What the outbox keeps of readers, for the readers' room (`patrons.actions.owners.Owner`)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing
from lienthu.notices.actions.forgetting import forget_notices
from lienthu.notices.models import Channel, Device, KindName, Notice, Preference, Topic
from lienthu.patrons.actions import Section


def hold_still(*, patron_id: int) -> None:
    """A notice that is made meanwhile follows the loan it is about."""


def against_merging(*, loser: int, winner: int) -> list[str]:
    """Nothing speaks against it."""
    return []


def move(w: Writing, *, loser: int, winner: int) -> dict[str, list[int]]:
    """Messages, devices, and the choices that the winner has not made."""
    made = set(Preference.objects.filter(patron=winner).values_list("topic", "channel"))
    choices = [one.pk for one in Preference.objects.filter(patron=loser) if (one.topic, one.channel) not in made]
    moved = {
        "notices": list(Notice.objects.filter(patron=loser).values_list("pk", flat=True)),
        "devices": list(Device.objects.filter(patron=loser).values_list("pk", flat=True)),
        "preferences": choices,
    }
    _give(moved, giver=loser, taker=winner)
    return moved


def move_back(w: Writing, *, moved: Any, loser: int, winner: int) -> None:
    """The same rows, as far as the winner still has them."""
    _give(moved, giver=winner, taker=loser)


def _give(moved: dict[str, list[int]], *, giver: int, taker: int) -> None:
    for model, name in ((Notice, "notices"), (Device, "devices"), (Preference, "preferences")):
        model.objects.filter(pk__in=moved[name], patron=giver).update(patron=taker)


def open_matters(*, patron_id: int) -> list[str]:
    """Nothing has to be settled."""
    return []


def about(*, patron_id: int) -> list[Section]:
    """Messages as long as they are kept, choices, devices."""
    notices = Notice.objects.filter(patron=patron_id, purged_at=None).order_by("pk")
    choices = Preference.objects.filter(patron=patron_id).order_by("topic", "channel")
    devices = Device.objects.filter(patron=patron_id).order_by("pk")
    return [
        Section(
            "notices",
            _("Tin nhắn"),
            (("at", _("Lúc")), ("kind", _("Loại")), ("subject", _("Tiêu đề")), ("body", _("Nội dung"))),
            tuple((one.made_at, str(KindName(one.kind).label), one.subject, one.body) for one in notices),
        ),
        Section(
            "notice_choices",
            _("Cách nhận thông báo"),
            (("topic", _("Về việc")), ("channel", _("Cách gửi")), ("wanted", _("Muốn nhận"))),
            tuple(
                (
                    str(Topic(one.topic).label),
                    str(Channel(one.channel).label),
                    _("có") if one.wanted else _("không"),
                )
                for one in choices
            ),
        ),
        Section(
            "devices",
            _("Thiết bị nhận thông báo"),
            (("name", _("Tên")), ("at", _("Thêm lúc"))),
            tuple((one.name, one.added_at) for one in devices),
        ),
    ]


def forget_history(w: Writing, *, patron_id: int) -> None:
    """Messages about what is over speak of books that were read."""
    forget_notices(Notice.objects.filter(patron=patron_id, purged_at=None).filter(Q(withdrawn_at__isnull=False)))


def forget(w: Writing, *, patron_id: int) -> None:
    """Everything."""
    forget_notices(Notice.objects.filter(patron=patron_id))
    Device.objects.filter(patron=patron_id).delete()
    Preference.objects.filter(patron=patron_id).delete()
