from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class UploadState(models.TextChoices):
    CHECKING = "CHECKING", _("Đang kiểm tra thử")
    CHECKED = "CHECKED", _("Chờ quyết định")
    RUNNING = "RUNNING", _("Đang nhập")
    DONE = "DONE", _("Đã nhập")
    RETURNING = "RETURNING", _("Đang hoàn tác")
    RETURNED = "RETURNED", _("Đã hoàn tác")
    UNREADABLE = "UNREADABLE", _("Không đọc được")


class Upload(models.Model):
    """A file of authority records brought to the desk: tried first, then taken in when a person says so."""

    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.CHECKING)
    file_key = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(help_text="bytes")
    counts = models.JSONField(default=dict, help_text="of the trial, later of the import: read, created, updated …")
    samples = models.JSONField(default=list, help_text="the first records that the trial would take")
    position = models.BigIntegerField(
        default=0, help_text="bytes that are done with; while it is taken back, the last authority"
    )
    problem = models.TextField(blank=True, help_text="why the file could not be read to its end")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="upload_under_way",
                condition=models.Q(state__in=["CHECKING", "RUNNING", "RETURNING"]),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class UploadLeft(models.Model):
    """A record of the file that is not taken, or not as it stands, and why."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="left")
    number = models.PositiveIntegerField(help_text="its place among the records of the file")
    offset = models.BigIntegerField(help_text="bytes before it")
    code = models.CharField(max_length=60)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number} {self.code}"
