"""Rounds of stock-taking: what should be there, what was scanned, and what became of what was not found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class State(models.TextChoices):
    COUNTING = "COUNTING", _("Đang kiểm kê")
    CLOSING = "CLOSING", _("Đang kết thúc")
    CLOSED = "CLOSED", _("Đã kết thúc")
    RETURNING = "RETURNING", _("Đang hoàn tác")
    RETURNED = "RETURNED", _("Đã hoàn tác")
    DISCARDED = "DISCARDED", _("Đã bỏ")


class Round(models.Model):
    """One stock-taking of a library, or of one of its branches, or of the shelves whose name begins with `shelf`."""

    name = models.CharField(max_length=160)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "libraries.Branch", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shelf = models.CharField(max_length=200, blank=True, db_default="")
    basis = models.CharField(max_length=300, blank=True, db_default="", help_text="the decision that ordered it")
    council = models.JSONField(default=list, help_text="[[name, role], …] for the minutes")
    state = models.CharField(max_length=9, choices=State, default=State.COUNTING, db_default=State.COUNTING)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True, help_text="the account for which the job works")
    counts = models.JSONField(default=dict, help_text="copies by outcome, kept when the round is closed")
    done = models.IntegerField(default=0, db_default=0, help_text="copies that the closing has dealt with")

    class Meta:
        indexes = [models.Index(fields=["library", "-opened_at"], name="round_of_library")]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)

    @property
    def place(self) -> str:
        """What is counted, in words."""
        parts = [self.library.name_vi, self.branch.name_vi if self.branch else "", self.shelf]
        return ", ".join(part for part in parts if part)


class Expected(models.Model):
    """A copy that should be there, as the catalogue had it when the round began. Marked when it is closed."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="expected", db_index=False)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=14)
    spared = models.CharField(max_length=300, blank=True, db_default="", help_text="why it is not marked as missing")
    outcome = models.CharField(max_length=14, blank=True, db_default="", help_text="kept when the round is closed")
    marked = models.CharField(max_length=14, blank=True, db_default="", help_text="what the closing made of it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "item"], name="expected_once")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.item_id}"


class Scan(models.Model):
    """A number that was scanned, once in a round whoever scanned it and how often."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scans", db_index=False)
    number = models.CharField(max_length=80)
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(help_text="when it was scanned, which may be before it was sent")
    by = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True, db_default="", help_text="the shelf that was being counted")
    branch = models.ForeignKey(
        "libraries.Branch",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="where it was scanned, when that was said",
    )
    outcome = models.CharField(max_length=14, blank=True, db_default="", help_text="kept when the round is closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="scan_once"),
            models.UniqueConstraint(fields=["round", "item"], condition=Q(item__isnull=False), name="scan_item_once"),
        ]
        indexes = [models.Index(fields=["round", "-id"], name="scan_newest")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.number}"
