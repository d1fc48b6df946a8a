from django.db import models
from django.db.models import functions


class Event(models.Model):
    """One thing that happened, written in the transaction that made it happen.

    Rows are never changed. Reactions have been queued by the time the row is visible.
    """

    name = models.CharField(max_length=100)
    payload = models.JSONField()
    at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="kernel_event_name")]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"
