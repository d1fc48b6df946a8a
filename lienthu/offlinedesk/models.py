"""Devices that may work without network, what they sent, byte for byte, and every event of it, done once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class Device(models.Model):
    """One browser on one machine, enrolled by a librarian at a library. Its keys are sealed with the installation's."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "libraries.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=100)
    key_sealed = models.BinaryField()
    recovery_sealed = models.BinaryField(help_text="opens the copy on the device when its PIN is forgotten")
    enrolled_by = models.BigIntegerField(help_text="identity.Account: in whose name its events are done")
    enrolled_name = models.CharField(max_length=200)
    enrolled_at = models.DateTimeField(db_default=Now())
    until = models.DateField()
    copy_days = models.PositiveSmallIntegerField(help_text="days without network after which the copy is erased")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(null=True)
    # The chain as far as it is known here: the last number, its digest, and when that event happened.
    last_number = models.PositiveIntegerField(default=0)
    head = models.BinaryField(default=b"")
    last_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["library", "-id"], name="offline_device_of_library")]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="offline_device_named")]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class Problem(models.TextChoices):
    NONE = "", _("Nguyên vẹn")
    UNREADABLE = "UNREADABLE", _("Có dòng không đọc được")
    BAD_SEAL = "BAD_SEAL", _("Có dòng bị sửa")
    BROKEN_CHAIN = "BROKEN_CHAIN", _("Chuỗi bị đứt")
    GAP = "GAP", _("Thiếu dòng")
    FORKED = "FORKED", _("Hai nội dung cho một số thứ tự")


class Received(models.Model):
    """One body as it came, whole, sealed at rest. What follows `problem_at` in it was not applied."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="received", db_index=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True, help_text="who brought it as a file; empty: the device itself")
    body_sealed = models.BinaryField(null=True, help_text="null once it is forgotten")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    first_number = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=12, blank=True, choices=Problem)
    problem_at = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["device", "-id"], name="offline_received_of_device")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.at}"


class EventKind(models.TextChoices):
    CHECKOUT = "CHECKOUT", _("Ghi mượn")
    CHECKIN = "CHECKIN", _("Ghi trả")
    RENEW = "RENEW", _("Gia hạn")


class EventState(models.TextChoices):
    PENDING = "PENDING", _("Chờ ghi vào hệ thống")
    DONE = "DONE", _("Đã ghi")
    NOTED = "NOTED", _("Đã ghi, có điều cần biết")
    PAST = "PAST", _("Không cần ghi nữa")
    REFUSED = "REFUSED", _("Không ghi được")
    ASKS = "ASKS", _("Cần người quyết định")


CONFLICTS = (EventState.NOTED, EventState.PAST, EventState.REFUSED, EventState.ASKS)
OPEN_CONFLICTS = (EventState.NOTED, EventState.REFUSED, EventState.ASKS)


class Event(models.Model):
    """One line of a device's log: there is one of each number, and it is done once."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events", db_index=False)
    received = models.ForeignKey(Received, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    digest = models.BinaryField()
    kind = models.CharField(max_length=8, choices=EventKind)
    card = models.CharField(max_length=80, blank=True, help_text="empty once it is forgotten")
    copy = models.CharField(max_length=80)
    device_at = models.CharField(max_length=40)
    at = models.DateTimeField(help_text="by the server's clock")
    doubt = models.CharField(max_length=6, blank=True)
    promised = models.CharField(max_length=10, blank=True, help_text="the due day that the desk named")
    state = models.CharField(max_length=7, choices=EventState, default=EventState.PENDING)
    title = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    steps = models.JSONField(default=list)
    notices = models.JSONField(default=list, help_text="[code, params] of each sentence")
    done_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "number"], name="offline_event_once")]
        indexes = [
            models.Index(fields=["device", "number"], condition=Q(state="PENDING"), name="offline_event_pending"),
            models.Index(
                fields=["device", "state"],
                condition=Q(settled_at=None, state__in=["NOTED", "REFUSED", "ASKS"]),
                name="offline_event_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id}:{self.number}"
