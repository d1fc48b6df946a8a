from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _


class OverlayRules(models.Model):
    """How a library lets a record from outside change one of its own: field group -> rule (policy.overlay)."""

    library = models.OneToOneField("libraries.Library", on_delete=models.CASCADE, related_name="+")
    rules = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.library_id)


class TakeMode(models.TextChoices):
    NEW = "NEW", _("Biểu ghi mới")
    OVERLAY = "OVERLAY", _("Bổ sung biểu ghi có sẵn")


class Take(models.Model):
    """A record taken from outside: where it came from, the bytes as they were sent, and what was made of them."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("targets.Target", null=True, on_delete=models.SET_NULL, related_name="+")
    target_name = models.CharField(max_length=120)
    target_address = models.CharField(max_length=500)
    raw = models.BinaryField(help_text="zlib of the bytes as sent")
    format = models.CharField(max_length=12)
    encoding = models.CharField(max_length=12)
    mode = models.CharField(max_length=7, choices=TakeMode)
    rules = models.JSONField(default=dict, help_text="the rules in force, for an overlay")
    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(help_text="the revision that this made")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        indexes = [models.Index(fields=["record", "revision"], name="take_of_revision")]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.revision}"
