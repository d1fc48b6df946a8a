from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import functions

WHOLE = ""
"""The set that is no set: every item has one row under it."""


class Entry(models.Model):
    """An item as harvesters of one set see it: since when, and whether it is there or gone.

    A row is never deleted, so that a deletion can be told at any time later. All rows of an item are stamped together.
    """

    pk = models.CompositePrimaryKey("cluster_id", "set_spec")
    cluster_id = models.BigIntegerField()
    set_spec = models.CharField(max_length=16, blank=True, help_text="the code of a library; empty for all together")
    changed_at = models.DateTimeField(help_text="later than every stamp that was given before")
    is_deleted = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["set_spec", "changed_at", "cluster_id"], name="oaipmh_entry_order")]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.set_spec}"


class Pending(models.Model):
    """Union records that changed and are not stamped yet; filled in the transaction that changed them."""

    cluster_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=functions.Now())

    def __str__(self) -> str:
        return f"{self.pk}: {len(self.cluster_ids)}"
