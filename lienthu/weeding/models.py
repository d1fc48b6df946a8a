"""Weedings of a library, the copies proposed, what was objected, and what happened."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import clock, ids
from lienthu.weeding.policy import DOSSIER_YEARS, public_until, years_after


class State(models.TextChoices):
    DRAFT = "DRAFT", _("Đang lập danh mục")
    PUBLISHED = "PUBLISHED", _("Đang công khai danh mục")
    DECIDED = "DECIDED", _("Đã có quyết định")
    WITHDRAWING = "WITHDRAWING", _("Đang đưa ra khỏi kho")
    DONE = "DONE", _("Đã thanh lọc xong")
    RETURNING = "RETURNING", _("Đang lấy lại vào kho")
    RETURNED = "RETURNED", _("Đã lấy lại vào kho")
    DISCARDED = "DISCARDED", _("Đã bỏ")


OPEN_STATES = (State.DRAFT, State.PUBLISHED, State.DECIDED, State.WITHDRAWING, State.RETURNING)
PUBLIC_STATES = (State.PUBLISHED, State.DECIDED, State.WITHDRAWING, State.DONE)
WORKING = (State.WITHDRAWING, State.RETURNING)


class Weeding(models.Model):
    """One weeding (đợt thanh lọc) of a library. Its dossier is never deleted."""

    name = models.CharField(max_length=160)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    council = models.JSONField(default=list, help_text="[[name, office], …]; the first is the chair")
    state = models.CharField(max_length=11, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=80, blank=True, db_default="", help_text="the number of the decision")
    decided_on = models.DateField(null=True)
    held = models.PositiveIntegerField(null=True, help_text="copies that the library held at the decision")
    worker = models.BigIntegerField(null=True, help_text="the account for which the job works")
    done_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["library", "state"], name="weeding_of_library"),
            models.Index(fields=["state", "-published_at"], name="weeding_public"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)

    @property
    def decidable_from(self) -> date | None:
        """The first day of a decision; None before publication."""
        return public_until(self.published_at.astimezone(clock.VIETNAM).date()) if self.published_at else None

    @property
    def kept_until(self) -> date | None:
        """The day until which the dossier must be kept at least; None while the weeding is not done."""
        return years_after(self.done_at.astimezone(clock.VIETNAM).date(), DOSSIER_YEARS) if self.done_at else None


class Piece(models.Model):
    """One copy that is proposed, why, and what became of it."""

    weeding = models.ForeignKey(Weeding, on_delete=models.PROTECT, related_name="pieces")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    open = models.BooleanField(default=True, db_default=True, help_text="belongs to no other weeding meanwhile")
    reason = models.CharField(max_length=7, help_text="policy.Reason; `value` says how much")
    value = models.CharField(max_length=14, blank=True, db_default="")
    note = models.CharField(max_length=400, blank=True, db_default="")
    added_at = models.DateTimeField()
    kept_out = models.CharField(max_length=400, blank=True, db_default="", help_text="why it stays in stock after all")
    before = models.CharField(max_length=14, blank=True, db_default="", help_text="its state before it was withdrawn")
    withdrawn_at = models.DateTimeField(null=True)
    left_out = models.BooleanField(default=False, db_default=False, help_text="in use when it should have gone")
    returned_at = models.DateTimeField(null=True)
    not_returned = models.BooleanField(default=False, db_default=False, help_text="somebody had changed it meanwhile")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["weeding", "item"], name="piece_once_in_weeding"),
            models.UniqueConstraint(fields=["item"], condition=Q(open=True), name="piece_in_one_open_weeding"),
        ]

    def __str__(self) -> str:
        return f"{self.weeding_id}: {self.item_id}"


class Objection(models.Model):
    """What somebody said against the public list; `piece` if it is about one copy."""

    weeding = models.ForeignKey(Weeding, on_delete=models.PROTECT, related_name="objections")
    piece = models.ForeignKey(Piece, null=True, on_delete=models.PROTECT, related_name="objections")
    who = models.CharField(max_length=200)
    what = models.CharField(max_length=2000)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.weeding_id}: {self.who}"


class Happening(models.Model):
    """One line of a weeding's history."""

    weeding = models.ForeignKey(Weeding, on_delete=models.PROTECT, related_name="happenings")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
