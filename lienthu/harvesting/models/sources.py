from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class Numbering(models.TextChoices):
    CONTROL_NUMBER = "CONTROL_NUMBER", _("Số kiểm soát (trường 001) của biểu ghi")
    IDENTIFIER = "IDENTIFIER", _("Định danh OAI của biểu ghi")


class Source(models.Model):
    """A repository that is harvested for one library: its records become source records of that library."""

    name = models.CharField(max_length=120, unique=True)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    base_url = models.CharField(max_length=500)
    prefix = models.CharField(max_length=60)
    set_spec = models.CharField(max_length=300, blank=True)
    numbering = models.CharField(max_length=14, choices=Numbering, default=Numbering.CONTROL_NUMBER)
    every_hours = models.PositiveIntegerField(default=24)
    enabled = models.BooleanField(default=True)
    auth_variable = models.CharField(max_length=100, blank=True, help_text="environment variable with user:password")
    repository_name = models.CharField(max_length=200, blank=True)
    granularity = models.CharField(max_length=20, blank=True)
    earliest = models.DateTimeField(null=True)
    keeps_deleted = models.CharField(max_length=20, blank=True, help_text="no, transient or persistent")
    synced_to = models.DateTimeField(null=True, help_text="complete up to this moment, by the server's clock")
    succeeded_at = models.DateTimeField(null=True, help_text="when the last complete run began, by our clock")
    tried_at = models.DateTimeField(null=True, help_text="when the last run was started")
    withdrawn = models.BooleanField(default=False, help_text="all its records were taken out of the catalogue")
    created_at = models.DateTimeField(db_default=functions.Now())

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class Entry(models.Model):
    """What a source has under one OAI identifier, as last heard."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="entries", db_index=False)
    identifier = models.CharField(max_length=500)
    control_number = models.CharField(max_length=200, blank=True)
    datestamp = models.DateTimeField(null=True)
    deleted = models.BooleanField(default=False)
    run = models.ForeignKey("harvesting.Run", on_delete=models.PROTECT, related_name="+", help_text="heard last in")
    list_number = models.PositiveIntegerField(default=0)
    page_number = models.PositiveIntegerField(default=0)
    withdrawn_by = models.ForeignKey(
        "harvesting.Run",
        null=True,
        on_delete=models.PROTECT,
        related_name="withdrawn",
        help_text="the run that took its record out of the catalogue",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="entry_source_identifier")]

    def __str__(self) -> str:
        return self.identifier
