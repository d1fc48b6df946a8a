from django.db import models
from django.db.models import functions


class ImportSource(models.Model):
    """A system or a person from whom a library gets files again and again, and how those files are to be read.

    What somebody chose once is proposed the next time; it decides nothing alone, since every file is tried first.
    """

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="import_sources")
    name = models.CharField(max_length=100)
    profile = models.JSONField(default=dict, help_text="encoding, columns, fields: marc.SourceProfile.as_json")
    item_profile = models.CharField(max_length=40, default="auto")
    updated_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="import_source_name")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.name}"
