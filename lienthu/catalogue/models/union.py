from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.models.records import Cluster, SourceRecord
from lienthu.kernel import ids


class MatchRecord(models.Model):
    """What the matching rules know of an active source record; derived from its revision, made again at any time."""

    record = models.OneToOneField(
        SourceRecord, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    version = models.SmallIntegerField(help_text="matching.VERSION that made it")
    evidence = models.BinaryField()
    keys = ArrayField(models.BigIntegerField(), help_text="its rows of MatchKey")

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"


class MatchKey(models.Model):
    """A blocking key of a record: two records that share none are never compared."""

    pk = models.CompositePrimaryKey("key", "record_id")
    key = models.BigIntegerField()
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.key}: {self.record_id}"


class Verdict(models.TextChoices):
    SAME = "SAME", _("Cùng một tài liệu")
    DIFFERENT = "DIFFERENT", _("Khác nhau")


class Decision(models.Model):
    """A person said that two records are the same document, or are not. No rule, import or rematch changes it.

    What the rules decide is not kept here: what they joined is in Merge, what they doubt is in ReviewPair, and that two
    records differ can be told again from their evidence.
    """

    left = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    reasons = models.JSONField(default=list, help_text="what the rules had found: [{code, weight, left, right, veto}]")
    at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="decision_pair"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="decision_order"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.verdict} {self.right_id}"


class PairState(models.TextChoices):
    OPEN = "OPEN", _("Chờ xem")
    DECIDED = "DECIDED", _("Đã quyết định")
    GONE = "GONE", _("Không còn")


class ReviewPair(models.Model):
    """Two records that the rules cannot tell apart or together: a person looks at them."""

    left = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=PairState, db_default=PairState.OPEN)
    at = models.DateTimeField(db_default=functions.Now())
    later_at = models.DateTimeField(null=True, help_text="when somebody put it off; such pairs come last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="reviewpair_pair"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="reviewpair_order"),
        ]
        indexes = [models.Index(fields=["-score", "id"], name="reviewpair_queue", condition=models.Q(state="OPEN"))]

    def __str__(self) -> str:
        return f"{self.left_id} ? {self.right_id}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class MergeKind(models.TextChoices):
    JOINED = "JOINED", _("Tự gộp khi biểu ghi vào")
    MOVED = "MOVED", _("Tự chuyển khi biểu ghi đổi")
    MERGED = "MERGED", _("Gộp")
    SPLIT = "SPLIT", _("Tách")
    UNMERGED = "UNMERGED", _("Bỏ gộp")


class Merge(models.Model):
    """One deed that changed which records stand together; its moves say how, so that it can be undone exactly."""

    kind = models.CharField(max_length=8, choices=MergeKind)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    reasons = models.JSONField(default=list)
    beside = models.ForeignKey(
        SourceRecord,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="the record that the reasons compare with",
    )
    batch = models.ForeignKey("catalogue.Batch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=functions.Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["batch"], name="merge_batch", condition=models.Q(batch__isnull=False))]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class MergeMove(models.Model):
    """A record went from one union record to another; `from_cluster` is empty when it had just come."""

    pk = models.CompositePrimaryKey("merge_id", "record_id")
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves", db_index=False)
    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="moves")
    from_cluster = models.ForeignKey(Cluster, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="+", db_index=False)
    revision = models.PositiveIntegerField(help_text="of the record at that time")

    def __str__(self) -> str:
        return f"{self.record_id}: {self.from_cluster_id} -> {self.to_cluster_id}"


class FieldLock(models.Model):
    """A person chose the value of a field of the union record; no later import changes it.

    The value is given, or it is whatever `record` says now.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="locks")
    field = models.CharField(max_length=20, help_text="key of the summary")
    value = models.JSONField(null=True)
    record = models.ForeignKey(SourceRecord, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "field"], name="fieldlock_field")]

    def __str__(self) -> str:
        return f"{self.cluster_id}.{self.field}"


class LocalNote(models.Model):
    """A note of a library beside a union record, or beside one of its records; imports never touch it."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="local_notes")
    record = models.ForeignKey(SourceRecord, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())

    def __str__(self) -> str:
        return self.text[:60]


class Work(models.Model):
    """What editions and translations have in common. Made when a second union record shares the key, or by hand."""

    title = models.TextField()
    key = models.BigIntegerField(null=True, unique=True)

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)
