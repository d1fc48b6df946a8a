from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class SearchState(models.TextChoices):
    WAITING = "WAITING", _("Chờ đến lượt")
    RUNNING = "RUNNING", _("Đang hỏi các nguồn")
    DONE = "DONE", _("Xong")


class Search(models.Model):
    """One question of a cataloguer to several targets; thrown away after a day."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    library = models.ForeignKey("libraries.Library", on_delete=models.CASCADE, related_name="+")
    question = models.JSONField()
    overlay_record = models.ForeignKey(
        "catalogue.SourceRecord",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="the record for which a better one is looked for",
    )
    state = models.CharField(max_length=7, choices=SearchState, default=SearchState.WAITING)
    created_at = models.DateTimeField(db_default=functions.Now())
    started_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-created_at"], name="search_of_account")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class AnswerState(models.TextChoices):
    WAITING = "WAITING", _("Đang chờ")
    DONE = "DONE", _("Đã trả lời")
    FAILED = "FAILED", _("Không trả lời được")


class Answer(models.Model):
    """What one target answered. Without a target it is our own union catalogue."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="answers")
    target = models.ForeignKey("targets.Target", null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=AnswerState, default=AnswerState.WAITING)
    hits = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(null=True)
    problem = models.JSONField(default=dict, help_text="code and params, see lienthu.targets.problems")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "target"], name="answer_of_target_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.search_id}/{self.target_id}"


class Found(models.Model):
    """One record of an answer: the bytes as they were sent, and what they say."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="found")
    place = models.PositiveSmallIntegerField(help_text="its place in the answer, from 1")
    raw = models.BinaryField()
    format = models.CharField(max_length=12, help_text="iso2709, marcxml, mods, dc")
    encoding = models.CharField(max_length=12)
    content = models.BinaryField(help_text="storage JSON of the MARC record")
    summary = models.JSONField()
    quality = models.PositiveSmallIntegerField(help_text="0 to 100, see policy.quality")
    evidence = models.BinaryField(help_text="packed evidence of catalogue.matching")
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="same", help_text="first record of its group"
    )
    cluster = models.ForeignKey(
        "catalogue.Cluster", null=True, on_delete=models.SET_NULL, related_name="+", help_text="ours, when we have it"
    )
    unsure = models.BooleanField(default=False, help_text="`cluster` may be another edition: a person has to look")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "place"], name="found_place_once")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)
