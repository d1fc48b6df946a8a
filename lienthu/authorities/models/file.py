from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import ids


class Kind(models.TextChoices):
    """What an authority stands for; the same names as the kinds of headings in the catalogue."""

    PERSON = "PERSON", _("Tên người")
    CORPORATE = "CORPORATE", _("Cơ quan, tổ chức")
    MEETING = "MEETING", _("Hội nghị")
    TITLE = "TITLE", _("Nhan đề đồng nhất")
    TOPIC = "TOPIC", _("Chủ đề")
    PLACE = "PLACE", _("Địa danh")
    GENRE = "GENRE", _("Thể loại")


class Status(models.TextChoices):
    ACTIVE = "ACTIVE", _("Đang dùng")
    MERGED = "MERGED", _("Đã gộp")
    DELETED = "DELETED", _("Đã xóa")


class Authority(models.Model):
    """One person, body, subject or place under one preferred form, whatever forms records use.

    `text`, `sort` and the three search columns are derived from its forms and written with them.
    """

    kind = models.CharField(max_length=9, choices=Kind)
    status = models.CharField(max_length=7, choices=Status, default=Status.ACTIVE, db_default=Status.ACTIVE)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    version = models.PositiveIntegerField(default=1, help_text="number of its newest revision")
    text = models.TextField(help_text="the preferred form")
    sort = models.BinaryField(help_text="ICU vi sort key of the preferred form")
    exact = models.TextField(help_text="exact search keys of all forms")
    toneless = models.TextField()
    folded = models.TextField()
    dates = models.CharField(max_length=200, blank=True, help_text="of life or activity, in words")
    note = models.TextField(blank=True, help_text="for everybody to read (680)")
    sources = models.TextField(blank=True, help_text="where it was found (670), one a line")
    agency = models.CharField(max_length=40, blank=True, help_text="who numbered the imported record (003)")
    number = models.CharField(max_length=60, blank=True, help_text="number of the imported record (001)")
    marc = models.JSONField(null=True, help_text="the imported MARC 21 authority record, as MARC-in-JSON")
    digest = models.BinaryField(null=True, help_text="BLAKE2b-128 of the imported bytes")
    is_edited = models.BooleanField(default=False, help_text="a person changed it after its import")
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"], condition=~models.Q(number=""), name="authority_number"
            ),
        ]
        indexes = [
            models.Index(fields=["sort", "id"], name="authority_order", condition=models.Q(status="ACTIVE")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def public_id(self) -> str:
        return ids.encode(self.pk)


class Form(models.Model):
    """A form of an authority: the preferred one, or another that leads to it (see from). Records use its heading."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="forms")
    heading = models.ForeignKey("catalogue.Heading", on_delete=models.PROTECT, related_name="+")
    is_preferred = models.BooleanField()
    indicators = models.CharField(max_length=2, default="  ")
    subfields = models.JSONField(help_text="[[code, value], …] without punctuation at the end")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "heading"], name="form_heading"),
            models.UniqueConstraint(
                fields=["authority"], condition=models.Q(is_preferred=True), name="form_one_preferred"
            ),
            models.UniqueConstraint(
                fields=["heading"], condition=models.Q(is_preferred=True), name="form_heading_preferred"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.subfields}"


class RelationKind(models.TextChoices):
    BROADER = "BROADER", _("Khái niệm rộng hơn")
    RELATED = "RELATED", _("Liên quan")


class Relation(models.Model):
    """See also: `other` is the broader of the two, or they are related (then `authority` has the smaller number)."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="inverse_relations")
    kind = models.CharField(max_length=7, choices=RelationKind)
    upload = models.ForeignKey(
        "authorities.Upload", null=True, on_delete=models.PROTECT, related_name="+", help_text="the file that stated it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "other", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~models.Q(authority=models.F("other")), name="relation_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.kind} {self.other_id}"
