"""Titles that readers keep for themselves, in lists with names. Nobody else sees them."""

from django.db import models
from django.db.models.functions import Now

from lienthu.kernel import ids


class ReadingList(models.Model):
    """One list of one reader."""

    patron = models.ForeignKey("patrons.Patron", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron", "name"], name="reading_list_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="reading_list_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class ListedTitle(models.Model):
    """A title in a list. `title` is what it was called then, for when the catalogue has it no more."""

    list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="titles")
    cluster = models.ForeignKey("catalogue.Cluster", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    note = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "cluster"], name="listed_once")]

    def __str__(self) -> str:
        return self.title
