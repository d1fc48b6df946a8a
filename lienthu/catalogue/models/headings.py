from django.db import models
from django.utils.translation import gettext_lazy as _


class HeadingKind(models.TextChoices):
    PERSON = "PERSON", _("Tên người")
    CORPORATE = "CORPORATE", _("Cơ quan, tổ chức")
    MEETING = "MEETING", _("Hội nghị")
    TITLE = "TITLE", _("Nhan đề đồng nhất")
    TOPIC = "TOPIC", _("Chủ đề")
    PLACE = "PLACE", _("Địa danh")
    GENRE = "GENRE", _("Thể loại")


class Heading(models.Model):
    """An access point as records use it; the same words in any case and tone-mark spelling are one heading."""

    kind = models.CharField(max_length=9, choices=HeadingKind)
    text = models.TextField()
    key = models.CharField(max_length=300, help_text="exact search key of the text, cut")
    sort = models.BinaryField(help_text="ICU vi sort key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "kind"], name="heading_key_kind")]
        indexes = [models.Index(fields=["kind", "sort", "id"], name="heading_order")]

    def __str__(self) -> str:
        return self.text


class HeadingLink(models.Model):
    """A record uses a heading in a MARC field (tag 100, 650, …).

    Derived from the record's revision and written with it; records and headings are never deleted, only marked. So the
    database does not check each of the million links on the way in: that alone costs a tenth of an import.
    """

    pk = models.CompositePrimaryKey("heading_id", "record_id", "tag")
    heading = models.ForeignKey(
        Heading, on_delete=models.PROTECT, related_name="links", db_index=False, db_constraint=False
    )
    record = models.ForeignKey(
        "catalogue.SourceRecord",
        on_delete=models.CASCADE,
        related_name="heading_links",
        db_index=False,
        db_constraint=False,
    )
    tag = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["record"], name="headinglink_record")]

    def __str__(self) -> str:
        return f"{self.tag}: {self.heading_id}"
