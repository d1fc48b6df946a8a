from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class EditState(models.TextChoices):
    DRAFT = "DRAFT", _("Đang soạn")
    PREVIEWING = "PREVIEWING", _("Đang xem trước")
    PREVIEWED = "PREVIEWED", _("Đã xem trước")
    RUNNING = "RUNNING", _("Đang sửa biểu ghi")
    DONE = "DONE", _("Đã xong")
    STOPPED = "STOPPED", _("Đã dừng giữa chừng")
    REVERTING = "REVERTING", _("Đang hoàn tác")
    REVERTED = "REVERTED", _("Đã hoàn tác")


UNDER_WAY = (EditState.PREVIEWING, EditState.RUNNING, EditState.REVERTING)


class BatchEdit(models.Model):
    """One edit of many records of a library: which records, what steps, how far it is."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=EditState, default=EditState.DRAFT)
    selection = models.JSONField(help_text="{kind: query|list|batch|all, text, batch}")
    steps = models.JSONField(default=list, help_text="policy.steps.Step.packed, in order")
    allow_loss = models.BooleanField(default=False, help_text="records may lose what the required minimum asks for")
    version = models.PositiveIntegerField(default=1, help_text="counts changes of selection and steps")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    not_found = models.JSONField(default=list, help_text="lines of the list without a record: [[line, why]]")
    problem = models.JSONField(null=True, help_text="why a preview or a run could not go on: {code, params}")
    stop_wanted = models.BooleanField(default=False)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=functions.Now())
    phase_at = models.DateTimeField(null=True, help_text="when the preview, the run or the return began")
    finished_at = models.DateTimeField(null=True)
    reverted_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="batchedit_under_way",
                condition=models.Q(state__in=["PREVIEWING", "RUNNING", "REVERTING"]),
            ),
            models.Index(fields=["library", "-id"], name="batchedit_library"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class Outcome(models.TextChoices):
    SELECTED = "SELECTED", _("Chưa xem")
    PLANNED = "PLANNED", _("Sẽ sửa")
    UNCHANGED = "UNCHANGED", _("Không đổi")
    REFUSED = "REFUSED", _("Từ chối")
    CHANGED = "CHANGED", _("Đã sửa")
    SKIPPED = "SKIPPED", _("Bỏ qua vì người khác vừa sửa")
    RESTORED = "RESTORED", _("Đã trả về bản trước")
    KEPT = "KEPT", _("Giữ lại vì đã sửa sau đó")


class EditedRecord(models.Model):
    """One record of an edit: the revision that was seen, what was decided, the revisions before and after."""

    pk = models.CompositePrimaryKey("edit_id", "record_id")
    edit = models.ForeignKey(BatchEdit, on_delete=models.CASCADE, related_name="records", db_index=False)
    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome, db_default=Outcome.SELECTED)
    seen = models.PositiveIntegerField(null=True, help_text="revision at the preview")
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    why = models.JSONField(null=True, help_text="[{code, params}]")
    only_items = models.JSONField(null=True, help_text="ids of the copies that were named; null: all")
    copies = models.JSONField(null=True, help_text="[[item id, accession number, {attribute: [before, after]}]]")

    class Meta:
        indexes = [models.Index(fields=["edit", "outcome", "record"], name="editedrecord_queue")]

    def __str__(self) -> str:
        return f"{self.edit_id}: {self.record_id} {self.outcome}"


class StepTemplate(models.Model):
    """Steps that a library uses again and again, under a name."""

    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    steps = models.JSONField()
    updated_by = models.CharField(max_length=200)
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="step_template_name")]

    def __str__(self) -> str:
        return self.name
