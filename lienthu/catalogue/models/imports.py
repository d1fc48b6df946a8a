from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class BatchStatus(models.TextChoices):
    UPLOADED = "UPLOADED", _("Đã tải lên")
    CHECKING = "CHECKING", _("Đang kiểm tra thử")
    CHECKED = "CHECKED", _("Đã kiểm tra, chờ nhập")
    RUNNING = "RUNNING", _("Đang nhập")
    DONE = "DONE", _("Đã nhập xong")
    UNREADABLE = "UNREADABLE", _("Không đọc được tệp")
    REVERTING = "REVERTING", _("Đang hoàn tác")
    REVERTED = "REVERTED", _("Đã hoàn tác")


class Batch(models.Model):
    """One import of one file for one library; it can be resumed after any death and taken back whole."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="imports")
    file_key = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField()
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=12, blank=True)
    encoding = models.CharField(max_length=12, blank=True)
    item_profile = models.CharField(max_length=40, default="auto")
    mapping = models.JSONField(null=True, help_text="columns of a table -> MARC; null for MARC files")
    status = models.CharField(max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED)
    counts = models.JSONField(default=dict, help_text="read, created, updated, merged, unchanged, rejected, items, …")
    dry_run = models.JSONField(null=True, help_text="counts and samples of the last trial")
    done_offset = models.BigIntegerField(default=0, help_text="where the rest of the file begins")
    done_number = models.BigIntegerField(default=0, help_text="number of the last record done")
    problem = models.JSONField(null=True, help_text="why the whole file could not be read: code and params")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(db_default=functions.Now(), help_text="last progress")

    class Meta:
        indexes = [models.Index(fields=["library", "-id"], name="batch_library")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class RejectionKind(models.TextChoices):
    RECORD = "RECORD", _("Biểu ghi bị từ chối")
    ITEM = "ITEM", _("Bản tài liệu bị từ chối")


class Rejection(models.Model):
    """A record, or one copy of a record, that was not taken: where it stood, its bytes, and why."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rejections")
    kind = models.CharField(max_length=6, choices=RejectionKind, default=RejectionKind.RECORD)
    number = models.BigIntegerField(help_text="place in the file, from 1")
    offset = models.BigIntegerField(help_text="byte offset in the file; row number for tables")
    length = models.BigIntegerField(default=0)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    raw = models.BinaryField(help_text="its bytes, up to 64 KiB; the whole file is kept beside")

    class Meta:
        indexes = [models.Index(fields=["batch", "number"], name="rejection_order")]

    def __str__(self) -> str:
        return f"{self.batch_id}#{self.number} {self.code}"


class Unchanged(models.Model):
    """A record that a running import met and left as it was; needed to see a second copy in the same file."""

    pk = models.CompositePrimaryKey("batch_id", "record_id")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.record_id}"
