from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.harvesting.policy import ACTIVE
from lienthu.kernel import ids


class RunKind(models.TextChoices):
    HARVEST = "HARVEST", _("Thu hoạch")
    WITHDRAW = "WITHDRAW", _("Rút cả nguồn")
    RESTORE = "RESTORE", _("Đưa biểu ghi trở lại")


class RunState(models.TextChoices):
    QUEUED = "QUEUED", _("Đang chờ đến lượt")
    COLLECTING = "COLLECTING", _("Đang lấy dữ liệu")
    WAITING = "WAITING", _("Tạm nghỉ, sẽ thử lại")
    IMPORTING = "IMPORTING", _("Đang nhập vào mục lục")
    WORKING = "WORKING", _("Đang làm")
    DONE = "DONE", _("Xong")
    STOPPED = "STOPPED", _("Dừng vì lỗi")


class Run(models.Model):
    """One run over a source. Everything that a killed one needs to go on is here and in its pages."""

    source = models.ForeignKey("harvesting.Source", on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=8, choices=RunKind, default=RunKind.HARVEST)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    full = models.BooleanField(
        default=False, help_text="asks for everything; what is no longer there counts as deleted"
    )
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    batch = models.ForeignKey("catalogue.Batch", null=True, on_delete=models.PROTECT, related_name="+")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(db_default=functions.Now(), help_text="last progress")
    finished_at = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True, help_text="when a waiting run goes on")
    tries = models.PositiveSmallIntegerField(default=0, help_text="requests that failed in a row")
    identified = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, help_text="from when the list asks")
    by_day = models.BooleanField(default=False, help_text="the source refused a time of day")
    list_number = models.PositiveIntegerField(default=0, help_text="lists begun anew because a token was lost")
    token = models.TextField(blank=True)
    collected = models.BooleanField(default=False, help_text="the list came to its end")
    complete_size = models.BigIntegerField(null=True, help_text="how many records the source says there are")
    list_records = models.BigIntegerField(default=0, help_text="records of the list in force")
    empty_pages = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    stale_pages = models.PositiveSmallIntegerField(default=0, help_text="pages in a row without anything new")
    server_time = models.DateTimeField(null=True, help_text="by the source's clock, at the beginning")
    ascending = models.BooleanField(default=True, help_text="datestamps have come in order so far")
    highest = models.DateTimeField(null=True, help_text="latest datestamp met")
    counts = models.JSONField(default=dict, help_text="pages, records, deleted, withdrawn, restored, missing, on_loan")
    notes = models.JSONField(default=list, help_text="what was odd: [code, params]")
    problem = models.JSONField(null=True, help_text="why it stopped: code and params")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state__in=sorted(ACTIVE)), name="run_one_active_per_source"
            )
        ]
        indexes = [models.Index(fields=["source", "-id"], name="run_history")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.pk}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class Page(models.Model):
    """One answer as it came. Its bytes lie in the documents, compressed with zstandard."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()
    list_number = models.PositiveIntegerField(default=0)
    token = models.TextField(blank=True, help_text="what was asked with")
    token_digest = models.BinaryField(max_length=16)
    file_key = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the bytes as they came")
    records = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    broken = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="page_number_once")]
        indexes = [models.Index(fields=["run", "token_digest"], name="page_token")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"
