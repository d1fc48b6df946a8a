from django.db import models


class Entry(models.Model):
    """One line of the trail. Written only by `audit.actions.writing`; nobody changes or removes one.

    The table is made by the migration's own SQL (`managed = False`): it carries triggers that refuse UPDATE, DELETE
    and TRUNCATE, and so must stay out of Django's `flush`. There are no foreign keys: the trail outlives what it names.
    """

    class ActorKind(models.TextChoices):
        PERSON = "PERSON"
        SYSTEM = "SYSTEM"
        VISITOR = "VISITOR"

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    action = models.TextField()
    target_kind = models.TextField()
    target_id = models.TextField()
    scope = models.TextField()
    details = models.JSONField()
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_entry"

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Head(models.Model):
    """The end of the chain: one row, locked for the moment in which entries are appended."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_head"

    def __str__(self) -> str:
        return str(self.seq)
