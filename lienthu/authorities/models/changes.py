from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class ChangeKind(models.TextChoices):
    RENAME = "RENAME", _("Đổi dạng chuẩn")
    MERGE = "MERGE", _("Gộp hai đề mục")
    SPLIT = "SPLIT", _("Tách đề mục")
    ALIGN = "ALIGN", _("Đưa dạng khác về dạng chuẩn")


class ChangeState(models.TextChoices):
    WAITING = "WAITING", _("Chờ đến lượt")
    RUNNING = "RUNNING", _("Đang sửa biểu ghi")
    DONE = "DONE", _("Đã xong")
    REVERTING = "REVERTING", _("Đang hoàn tác")
    REVERTED = "REVERTED", _("Đã hoàn tác")


class Change(models.Model):
    """A change of the authority file that is carried to the records: which words, where they go, how far it is."""

    kind = models.CharField(max_length=6, choices=ChangeKind)
    state = models.CharField(max_length=9, choices=ChangeState, default=ChangeState.WAITING)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="changes")
    heading_kind = models.CharField(max_length=9)
    old = models.JSONField(help_text="texts of the headings to replace")
    new = models.JSONField(help_text="the form put in their place: {text, indicators, subfields}")
    before = models.JSONField(help_text="state of each authority concerned before: [{id, version, state}]")
    why = models.TextField(blank=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reverted_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="change_under_way",
                condition=models.Q(state__in=["WAITING", "RUNNING", "REVERTING"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class RecordState(models.TextChoices):
    WAITING = "WAITING", _("Chờ sửa")
    CHANGED = "CHANGED", _("Đã sửa")
    UNCHANGED = "UNCHANGED", _("Không còn dùng dạng cũ")
    LOCKED = "LOCKED", _("Trường đã khóa, không sửa")
    REFUSED = "REFUSED", _("Không lưu được")
    RESTORED = "RESTORED", _("Đã trả về bản trước")
    KEPT = "KEPT", _("Giữ lại vì đã có người sửa sau đó")


class ChangedRecord(models.Model):
    """What a change does to one source record: the revision before, the one it made, or why it was left alone."""

    pk = models.CompositePrimaryKey("change_id", "record_id")
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="records", db_index=False)
    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=RecordState, db_default=RecordState.WAITING)
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["change", "state", "record"], name="changedrecord_queue")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.record_id} {self.state}"
