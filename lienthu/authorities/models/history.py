from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class Deed(models.TextChoices):
    CREATED = "CREATED", _("Tạo mới")
    IMPORTED = "IMPORTED", _("Nhập từ tệp")
    EDITED = "EDITED", _("Sửa")
    RENAMED = "RENAMED", _("Đổi dạng chuẩn")
    MERGED = "MERGED", _("Gộp")
    SPLIT = "SPLIT", _("Tách")
    DELETED = "DELETED", _("Đã xóa")
    REVERTED = "REVERTED", _("Trở về như trước")


class Revision(models.Model):
    """The state of an authority after one deed, kept for ever."""

    pk = models.CompositePrimaryKey("authority_id", "number")
    authority = models.ForeignKey(
        "authorities.Authority", on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=8, choices=Deed)
    state = models.JSONField()
    change = models.ForeignKey("authorities.Change", null=True, on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey("authorities.Upload", null=True, on_delete=models.PROTECT, related_name="revisions")
    replaced = models.JSONField(null=True, help_text="number and MARC record that the file's record took the place of")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())

    def __str__(self) -> str:
        return f"{self.authority_id}/{self.number}"


class HeadingName(models.Model):
    """The plain name of a heading, without marks and dates: headings that share one may be one. Derived from it."""

    heading = models.OneToOneField(
        "catalogue.Heading", primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=9)
    name = models.CharField(max_length=300, help_text="folded key without dates; a person's words in any order")
    dates = models.CharField(max_length=60, blank=True, help_text="figures of the dates, if it has any")

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="headingname_alike")]

    def __str__(self) -> str:
        return self.name


class ProposalState(models.TextChoices):
    OPEN = "OPEN", _("Chờ xem")
    ACCEPTED = "ACCEPTED", _("Đã làm theo")
    REFUSED = "REFUSED", _("Không làm theo")


class Proposal(models.Model):
    """What somebody asks the keepers of the shared file to change, in words."""

    authority = models.ForeignKey("authorities.Authority", on_delete=models.CASCADE, related_name="proposals")
    text = models.TextField()
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    answer = models.TextField(blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=functions.Now())
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)
