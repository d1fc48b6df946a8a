from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    WAITING = "WAITING", _("Chờ đến lượt")
    RUNNING = "RUNNING", _("Đang chạy")
    DONE = "DONE", _("Xong")
    FAILED = "FAILED", _("Không thành")


class RunKind(models.TextChoices):
    SCHEDULED = "SCHEDULED", _("Theo lịch")
    DESK = "DESK", _("Từ bàn làm việc")
    COMMAND = "COMMAND", _("Bằng lệnh")


class Phase(models.TextChoices):
    COUNTING = "COUNTING", _("Đếm và lấy mã kiểm tra của từng bảng")
    DATABASE = "DATABASE", _("Chép cơ sở dữ liệu")
    WRITING = "WRITING", _("Ghi tệp và tài liệu")
    READING = "READING", _("Đọc lại toàn bộ tệp")
    RESTORING = "RESTORING", _("Phục hồi cơ sở dữ liệu")
    COMPARING = "COMPARING", _("So từng bảng với bản sao lưu")
    TRAIL = "TRAIL", _("Kiểm tra nhật ký")


class Run(models.Model):
    """What a backup and a restore test have in common: work in the background with an outcome."""

    kind = models.CharField(max_length=10, choices=RunKind)
    status = models.CharField(max_length=8, choices=RunStatus, default=RunStatus.WAITING)
    phase = models.CharField(max_length=10, choices=Phase, blank=True)
    done = models.BigIntegerField(default=0, help_text="of the phase: tables or bytes")
    total = models.BigIntegerField(default=0, help_text="of the phase; 0: nobody knows")
    problem = models.JSONField(null=True, help_text="why it failed: code and params")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(db_default=functions.Now(), help_text="last sign of life")

    class Meta:
        abstract = True


class BackupRun(Run):
    """One backup, wherever it was ordered. A finished one names its file as long as that was not removed."""

    folder = models.TextField()
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    encrypted = models.BooleanField(default=False)
    rows = models.BigIntegerField(default=0)
    documents = models.BigIntegerField(default=0)
    document_bytes = models.BigIntegerField(default=0)
    audit_seq = models.BigIntegerField(default=0)
    warnings = models.JSONField(default=list, help_text="documents that were missing or damaged: code and params")
    removed_at = models.DateTimeField(null=True, help_text="when retention removed the file")

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="backup_newest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name or self.status}"


class RestoreTest(Run):
    """One proof that a backup can be restored: it was restored into a throw-away database and compared."""

    backup = models.ForeignKey(BackupRun, on_delete=models.SET_NULL, null=True, related_name="tests")
    path = models.TextField()
    size = models.BigIntegerField(default=0, help_text="bytes")
    tables = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    documents = models.BigIntegerField(default=0)
    audit_entries = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="restore_test_newest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.path} {self.status}"
