from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import functions


class PendingIndex(models.Model):
    """Union records whose index entry is out of date; filled in the transaction that changed them.

    The indexer deletes a row only after the search engine has committed, so a killed indexer loses nothing. A `calm`
    row may wait some seconds for others: a copy was lent or returned, which only the filter of what is available sees.
    """

    cluster_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=functions.Now())
    calm = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.id}: {len(self.cluster_ids)}"
