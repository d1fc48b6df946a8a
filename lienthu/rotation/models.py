"""Sets that travel, their copies, and what happened to each set."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class State(models.TextChoices):
    DRAFT = "DRAFT", _("Đang lập")
    SENT = "SENT", _("Đã giao, chờ nhận")
    THERE = "THERE", _("Đang ở điểm luân chuyển")
    RETURNING = "RETURNING", _("Đang trả về")
    CLOSED = "CLOSED", _("Đã kết thúc")
    DISCARDED = "DISCARDED", _("Đã bỏ")


OPEN_STATES = (State.DRAFT, State.SENT, State.THERE, State.RETURNING)
TRAVELLING = (State.SENT, State.THERE, State.RETURNING)


class RotationSet(models.Model):
    """Copies of one library that another library, or a point without a library, keeps for some months."""

    name = models.CharField(max_length=160)
    owner = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=160, blank=True, db_default="", help_text="a point without a library")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True, help_text="the account")
    received_by = models.BigIntegerField(null=True, help_text="the account")
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="next_journeys")
    told_for = models.DateField(null=True, help_text="the reminder that was given last, by its day")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(owner=F("host")) | ~Q(point=""), name="rotation_goes_somewhere_else"),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="rotation_of_owner"),
            models.Index(fields=["host", "state"], name="rotation_of_host"),
            models.Index(fields=["due_on"], condition=Q(state__in=["SENT", "THERE"]), name="rotation_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)

    @property
    def moves(self) -> bool:
        """Does it go to another library? Else to a point that the owner looks after itself."""
        return self.owner_id != self.host_id

    @property
    def place(self) -> str:
        """Where it stays, in words."""
        return f"{self.point} ({self.host.name_vi})" if self.point else self.host.name_vi


class Piece(models.Model):
    """One copy in a set: what was counted at each of the four handovers, and why something is missing."""

    set = models.ForeignKey(RotationSet, on_delete=models.CASCADE, related_name="pieces")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    open = models.BooleanField(default=True, db_default=True, help_text="belongs to no other set meanwhile")
    added_at = models.DateTimeField()
    left_out = models.CharField(max_length=400, blank=True, db_default="", help_text="why it did not go along")
    sent = models.BooleanField(default=False, db_default=False)
    arrived_at = models.DateTimeField(null=True)
    why_not_arrived = models.CharField(max_length=400, blank=True, db_default="")
    back_at = models.DateTimeField(null=True, help_text="handed back by the host")
    why_not_back = models.CharField(max_length=400, blank=True, db_default="")
    home_at = models.DateTimeField(null=True)
    why_not_home = models.CharField(max_length=400, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["set", "item"], name="piece_once_in_set"),
            models.UniqueConstraint(fields=["item"], condition=Q(open=True), name="piece_in_one_open_set"),
        ]

    def __str__(self) -> str:
        return f"{self.set_id}: {self.item_id}"


class Happening(models.Model):
    """One line of a set's history."""

    set = models.ForeignKey(RotationSet, on_delete=models.CASCADE, related_name="happenings")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["set", "id"], name="happening_of_set")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class LetterState(models.TextChoices):
    WAITING = "WAITING", _("Chờ gửi")
    SENDING = "SENDING", _("Đang gửi")
    SENT = "SENT", _("Đã gửi")
    UNCERTAIN = "UNCERTAIN", _("Không rõ đã tới chưa")
    FAILED = "FAILED", _("Không gửi được")
    SKIPPED = "SKIPPED", _("Không còn cần gửi")


class Letter(models.Model):
    """One reminder of a set to one person: WAITING -> SENDING (committed before it leaves) -> how it went.

    Only what surely did not arrive waits again; what may have arrived is never sent a second time.
    """

    set = models.ForeignKey(RotationSet, on_delete=models.CASCADE, related_name="letters", db_index=False)
    day = models.DateField(help_text="the day of the plan that it is about")
    account_id = models.BigIntegerField()
    state = models.CharField(
        max_length=9, choices=LetterState, default=LetterState.WAITING, db_default=LetterState.WAITING
    )
    detail = models.CharField(max_length=60, blank=True, db_default="", help_text="a code of the other side")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "day", "account_id"], name="letter_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state__in=["WAITING", "SENDING"]), name="letter_due")
        ]

    def __str__(self) -> str:
        return f"{self.set_id} {self.day} {self.state}"
