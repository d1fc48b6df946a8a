from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.models.records import Visibility

DEFAULT_TRUST = 50


class Sharing(models.Model):
    """How a library takes part in the union catalogue. A library without a row shares everything, with middle trust."""

    library = models.OneToOneField(
        "libraries.Library", primary_key=True, on_delete=models.CASCADE, related_name="sharing"
    )
    visibility = models.CharField(max_length=7, choices=Visibility, default=Visibility.PUBLIC)
    trust = models.PositiveSmallIntegerField(
        default=DEFAULT_TRUST, help_text="0 to 100; of two equally good descriptions the more trusted one is shown"
    )
    position = models.BigIntegerField(
        null=True, help_text="the last union record brought in line with a change; null: all of them are"
    )

    class Meta:
        indexes = [
            models.Index(fields=["library"], name="sharing_under_way", condition=models.Q(position__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.visibility}"


class WithdrawalState(models.TextChoices):
    RUNNING = "RUNNING", _("Đang rút")
    DONE = "DONE", _("Đã rút")
    RESTORING = "RESTORING", _("Đang đưa trở lại")
    RESTORED = "RESTORED", _("Đã đưa trở lại")


class Withdrawal(models.Model):
    """All records of one library taken out of the catalogue at once; they can come back as they were."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=WithdrawalState, default=WithdrawalState.RUNNING)
    records = models.PositiveIntegerField(default=0, help_text="withdrawn so far")
    restored = models.PositiveIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library"], condition=~models.Q(state="RESTORED"), name="withdrawal_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.state}"
