from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """The whole table of rules of one place, valid from a day until the next published edition of that place.

    Only a draft changes; the database refuses every change of what is published. An edition whose day has not come
    may be withdrawn.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Bản thảo")
        PUBLISHED = "PUBLISHED", _("Đã công bố")
        WITHDRAWN = "WITHDRAWN", _("Đã rút trước ngày áp dụng")

    scope = models.ForeignKey("identity.Scope", on_delete=models.PROTECT, related_name="+")
    # 1, 2, 3 … at each place; a draft has none yet.
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True)
    # Why it was made: the decision, the meeting, the law.
    reason = models.CharField(max_length=500, blank=True)
    # Grows with every change of a draft, so that two people do not overwrite each other.
    revision = models.PositiveIntegerField(default=0)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    started_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "-valid_from", "-number"], name="loanrules_edition_valid")]
        constraints = [
            models.UniqueConstraint(fields=["scope"], condition=Q(state="DRAFT"), name="loanrules_one_draft"),
            models.UniqueConstraint(fields=["scope", "number"], name="loanrules_edition_number"),
            models.CheckConstraint(
                condition=Q(state="DRAFT", number=None, published_at=None)
                | Q(~Q(state="DRAFT"), number__gte=1, valid_from__isnull=False, published_at__isnull=False),
                name="loanrules_edition_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_id} {self.number or self.state} {self.valid_from or ''}"


class Rule(models.Model):
    """One row: for a reader category and an item type (or ANY) the values it gives; the others fall through."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rules")
    category = models.CharField(max_length=32)
    item_type = models.CharField(max_length=16)
    # Name of the value -> value, as policy.values reads it.
    values = models.JSONField()
    # Names of values that no place below may change.
    locks = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Why, with its source: "Luật 46/2019/QH14, Điều 42".
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "category", "item_type"], name="loanrules_rule_once"),
            models.CheckConstraint(
                condition=Q(category__regex=r"^[A-Z0-9_]{1,32}$", item_type__regex=r"^[A-Z0-9_]{1,16}$"),
                name="loanrules_rule_codes",
            ),
            models.CheckConstraint(condition=~Q(values={}), name="loanrules_rule_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.category} × {self.item_type}"


class Version(models.Model):
    """One row: a number that is new after every publication, by which processes know that their copy is old.

    It comes from a sequence, so that a number of a transaction that was taken back is never used again.
    """

    id = models.SmallAutoField(primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="loanrules_one_version")]

    def __str__(self) -> str:
        return str(self.number)
