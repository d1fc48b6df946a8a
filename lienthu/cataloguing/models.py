from enum import StrEnum

from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _


class DraftForm(StrEnum):
    """In which form a draft was worked on last."""

    MARC = "MARC"
    PLAIN = "PLAIN"


_FORMS = [(DraftForm.MARC.value, _("MARC 21")), (DraftForm.PLAIN.value, _("Biểu mẫu đơn giản"))]


class Draft(models.Model):
    """A record as one person left it at the desk: paper of their own, not yet a fact of the catalogue.

    `base_revision` is the revision that the person began with; None for a new record. `content` is a packed sheet.
    """

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey("catalogue.SourceRecord", null=True, on_delete=models.CASCADE, related_name="+")
    base_revision = models.PositiveIntegerField(null=True)
    form = models.CharField(max_length=5, choices=_FORMS, default=DraftForm.MARC.value)
    title = models.CharField(max_length=300, blank=True)
    content = models.JSONField()
    copies = models.JSONField(default=dict, help_text="what the simple form says of copies to come")
    origin = models.BigIntegerField(null=True, help_text="the record that a new one was derived from")
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "record"], condition=models.Q(record__isnull=False), name="draft_of_a_record"
            )
        ]
        indexes = [models.Index(fields=["account", "-updated_at"], name="draft_newest")]

    def __str__(self) -> str:
        return self.title or str(self.pk)


class SavedForm(models.Model):
    """A page for a new record that was saved: sent again, it finds its record instead of making another."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(help_text="of the page and of what it said")
    record_id = models.BigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="form_saved_once")]

    def __str__(self) -> str:
        return str(self.key)


class OwnTemplate(models.Model):
    """A template that a library saved for itself."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    content = models.JSONField(help_text="a packed sheet")
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="own_template_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """Its name in addresses, beside the templates of the product."""
        return f"rieng-{self.pk}"


class NumberSeries(models.Model):
    """How a library numbers its copies (số đăng ký cá biệt): a prefix and so many digits, as TQ.000123."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=40, blank=True)
    digits = models.PositiveSmallIntegerField(default=6)
    first = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "prefix", "digits"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}{'0' * self.digits}"
