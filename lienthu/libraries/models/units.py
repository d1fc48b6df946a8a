from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# The words that belong to the name; they are not translated.
KIND_WORDS = {
    "PROVINCE": "Tỉnh",
    "CENTRAL_CITY": "Thành phố",
    "CITY": "Thành phố",
    "TOWN": "Thị xã",
    "URBAN_DISTRICT": "Quận",
    "RURAL_DISTRICT": "Huyện",
    "WARD": "Phường",
    "TOWNSHIP": "Thị trấn",
    "RURAL_COMMUNE": "Xã",
    "SPECIAL_ZONE": "Đặc khu",
}


class Unit(models.Model):
    """One administrative unit during the time in which it had this code, name and parent.

    Codes are those of the General Statistics Office; a code may be borne by different units one after the other,
    so that only code and date together name a unit.
    """

    class Level(models.TextChoices):
        PROVINCE = "PROVINCE", _("Cấp tỉnh")
        DISTRICT = "DISTRICT", _("Cấp huyện")
        COMMUNE = "COMMUNE", _("Cấp xã")

    class Kind(models.TextChoices):
        PROVINCE = "PROVINCE", _("Tỉnh")
        CENTRAL_CITY = "CENTRAL_CITY", _("Thành phố trực thuộc Trung ương")
        CITY = "CITY", _("Thành phố")
        TOWN = "TOWN", _("Thị xã")
        URBAN_DISTRICT = "URBAN_DISTRICT", _("Quận")
        RURAL_DISTRICT = "RURAL_DISTRICT", _("Huyện")
        WARD = "WARD", _("Phường")
        TOWNSHIP = "TOWNSHIP", _("Thị trấn")
        RURAL_COMMUNE = "RURAL_COMMUNE", _("Xã")
        SPECIAL_ZONE = "SPECIAL_ZONE", _("Đặc khu")

    code = models.CharField(max_length=5)
    level = models.CharField(max_length=8, choices=Level)
    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(max_length=100)
    name_sort = models.BinaryField(max_length=400)
    # Toneless and folded, without its kind: "Xã Hoà An" -> "hoa an".
    name_folded = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # Null: the source does not say since when; null at the end: still valid. `valid_to` is the last day.
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area_km2 = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "level", "valid_from"], nulls_distinct=False, name="libraries_unit_code_and_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="libraries_unit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(level="PROVINCE", parent=None) | (~Q(level="PROVINCE") & Q(parent__isnull=False)),
                name="libraries_unit_has_parent",
            ),
        ]
        indexes = [models.Index(fields=["name_folded"], name="libraries_unit_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its kind, as it is written in every language: "Phường Minh Xuân"."""
        return f"{KIND_WORDS[self.kind]} {self.name}"


class Succession(models.Model):
    """One line of what became of a unit: many-to-many, because units are merged and split at the same time."""

    class Event(models.TextChoices):
        MERGE = "MERGE", _("Sáp nhập")
        SPLIT = "SPLIT", _("Chia tách")
        TRANSFER = "TRANSFER", _("Chuyển sang đơn vị cấp trên khác")
        RENAME = "RENAME", _("Đổi tên đơn vị")
        DISSOLVE = "DISSOLVE", _("Kết thúc hoạt động")

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="origins")
    event = models.CharField(max_length=8, choices=Event)
    # The first day of the new order.
    date = models.DateField()
    # Only a part of the predecessor went here.
    partial = models.BooleanField(default=False)
    # Of the lines of one predecessor exactly one is the main one: it receives figures that cannot be divided.
    main = models.BooleanField(default=True)
    # The measured part of the predecessor (0 to 1) where somebody has measured it; the sources do not state it.
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    note = models.CharField(max_length=300, blank=True)
    legal_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], nulls_distinct=False, name="libraries_succession_once"
            ),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(main=True), name="libraries_succession_one_main"
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1), name="libraries_succession_share"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) | Q(event="DISSOLVE"), name="libraries_succession_has_successor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
