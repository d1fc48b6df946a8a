from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class Visibility(models.TextChoices):
    PUBLIC = "PUBLIC", _("Mọi người thấy")
    NETWORK = "NETWORK", _("Chỉ thư viện trong mạng thấy")
    HIDDEN = "HIDDEN", _("Chỉ thư viện này thấy")


class Cluster(models.Model):
    """The union record: one book once, whatever libraries describe it. It is what is indexed and shown.

    `summary` is derived from the source records (see `catalogue.marc.describe`); it is never the only place of a fact.
    """

    title = models.TextField()
    title_sort = models.BinaryField(help_text="ICU vi sort key of the filing title")
    summary = models.JSONField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    is_active = models.BooleanField(default=True, db_default=True)
    visibility = models.CharField(
        max_length=7, choices=Visibility, db_default=Visibility.PUBLIC, help_text="that of its most open source record"
    )
    provenance = models.JSONField(
        null=True, help_text="field -> source records of its values; null when one record gave everything"
    )
    work = models.ForeignKey(
        "catalogue.Work", null=True, on_delete=models.SET_NULL, related_name="clusters", db_index=False
    )
    work_key = models.BigIntegerField(null=True, help_text="hash of author and original title; null when unknown")
    work_fixed = models.BooleanField(db_default=False, help_text="a person chose the work, or that there is none")
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        indexes = [
            models.Index(fields=["title_sort", "id"], name="cluster_title_order", condition=models.Q(is_active=True)),
            models.Index(fields=["-created_at"], name="cluster_newest", condition=models.Q(is_active=True)),
            models.Index(fields=["work_key"], name="cluster_work_key", condition=models.Q(work_key__isnull=False)),
            models.Index(fields=["work"], name="cluster_work", condition=models.Q(work__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class RecordStatus(models.TextChoices):
    ACTIVE = "ACTIVE", _("Đang dùng")
    DELETED = "DELETED", _("Đã rút")


class SourceRecord(models.Model):
    """A record as one library made it, under (library, control number). Its bytes are in its revisions.

    Foreign keys here carry no index where another index or constraint begins with them: imports pay for each.
    """

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="records", db_index=False)
    control_number = models.CharField(max_length=200)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="records")
    status = models.CharField(max_length=10, choices=RecordStatus, db_default=RecordStatus.ACTIVE)
    revision = models.PositiveIntegerField(default=1, help_text="number of the current revision")
    digest = models.BinaryField(help_text="BLAKE2b-128 of the original bytes of the current revision")
    batch = models.ForeignKey(
        "catalogue.Batch",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        # imports are never deleted; checking the same one for each record of a file cost a twentieth of the import
        db_constraint=False,
        help_text="last import that wrote it",
    )
    withdrawal = models.ForeignKey(
        "catalogue.Withdrawal",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="the withdrawal of its whole library that took it out",
    )
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "control_number"], name="record_library_control_number"),
            models.CheckConstraint(condition=~models.Q(control_number=""), name="record_control_number_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}:{self.control_number}"


class Change(models.TextChoices):
    CREATED = "CREATED", _("Nhập mới")
    UPDATED = "UPDATED", _("Cập nhật")
    RESTORED = "RESTORED", _("Khôi phục bản cũ")
    DELETED = "DELETED", _("Rút khỏi mục lục")
    REVERTED = "REVERTED", _("Hoàn tác lần nhập")


class Revision(models.Model):
    """One state of a source record, kept for ever: the original byte for byte, and its MARC content.

    `content` is empty when it can be read from an original in ISO 2709 and UTF-8.
    """

    pk = models.CompositePrimaryKey("record_id", "number")
    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    original = models.BinaryField(help_text="zstd, with the dictionary named in `dictionary`")
    dictionary = models.PositiveSmallIntegerField(default=0)
    format = models.CharField(max_length=12)
    encoding = models.CharField(max_length=12)
    content = models.BinaryField(null=True, help_text="zstd of the storage JSON of the MARC record")
    batch = models.ForeignKey(
        "catalogue.Batch", null=True, on_delete=models.PROTECT, related_name="revisions", db_constraint=False
    )
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())

    def __str__(self) -> str:
        return f"{self.record_id}/{self.number}"


class Identifier(models.Model):
    """A number by which a record may be found again: ISBN, ISSN, LCCN, national number. Evidence, never proof.

    Derived from the record's revision and written with it, like HeadingLink.
    """

    class Kind(models.TextChoices):
        ISBN = "ISBN", "ISBN"
        ISSN = "ISSN", "ISSN"
        LCCN = "LCCN", "LCCN"
        OTHER = "OTHER", _("Số khác")

    pk = models.CompositePrimaryKey("kind", "value", "record_id")
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="identifiers", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["record"], name="identifier_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
