from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.models.records import Visibility


class ItemStatus(models.TextChoices):
    AVAILABLE = "AVAILABLE", _("Có sẵn")
    REFERENCE_ONLY = "REFERENCE_ONLY", _("Đọc tại chỗ")
    ON_LOAN = "ON_LOAN", _("Đang mượn")
    ON_HOLD_SHELF = "ON_HOLD_SHELF", _("Chờ bạn đọc đến lấy")
    IN_TRANSIT = "IN_TRANSIT", _("Đang chuyển")
    IN_PROCESS = "IN_PROCESS", _("Đang xử lý nghiệp vụ")
    MISSING = "MISSING", _("Không thấy trên giá")
    CLAIMED = "CLAIMED", _("Bạn đọc nói đã trả")
    DAMAGED = "DAMAGED", _("Hư hỏng")
    LOST = "LOST", _("Mất")
    WITHDRAWN = "WITHDRAWN", _("Đã thanh lọc")


# A person, a van or a reader's shelf has the copy: only circulation may change its state.
AWAY = (ItemStatus.ON_LOAN, ItemStatus.IN_TRANSIT, ItemStatus.ON_HOLD_SHELF, ItemStatus.CLAIMED)


class ItemType(models.TextChoices):
    """Kinds of copies that rules of lending tell apart, where the material alone does not (school books, rare books).

    A copy without one of its own is of the material of its record: BOOK, SERIAL, …
    """

    TEXTBOOK = "TEXTBOOK", _("Sách giáo khoa")
    CHILDRENS = "CHILDRENS", _("Sách thiếu nhi")
    REFERENCE = "REFERENCE", _("Sách tra cứu")
    LOCAL = "LOCAL", _("Tài liệu địa chí")
    RARE = "RARE", _("Tài liệu quý hiếm")
    NEW = "NEW", _("Sách mới")
    EQUIPMENT = "EQUIPMENT", _("Thiết bị cho mượn")


class Item(models.Model):
    """One copy that a library holds, with its accession number (số đăng ký cá biệt, Circular 18/2014)."""

    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.PROTECT, related_name="items", db_index=False)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="items")
    branch = models.ForeignKey(
        "libraries.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    accession_number = models.CharField(max_length=80, blank=True)
    source_key = models.CharField(max_length=80, help_text="what names this copy inside its record: tag and place")
    call_number = models.CharField(max_length=200, blank=True)
    shelf = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=14, choices=ItemStatus, db_default=ItemStatus.AVAILABLE)
    item_type = models.CharField(max_length=16, blank=True, db_default="", help_text="empty: by the material")
    visibility = models.CharField(max_length=7, choices=Visibility, db_default=Visibility.PUBLIC)
    price = models.PositiveBigIntegerField(null=True, blank=True, help_text="đồng, as the accession register has it")
    note = models.TextField(blank=True)
    batch = models.ForeignKey(
        "catalogue.Batch",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # as in SourceRecord
    )
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "accession_number"],
                condition=~models.Q(accession_number=""),
                name="item_accession_number",
            ),
            models.UniqueConstraint(fields=["record", "library", "source_key"], name="item_source_key"),
        ]

    def __str__(self) -> str:
        return self.accession_number or self.source_key


class Holding(models.Model):
    """A MARC 21 holdings record (MFHD) of a library for a source record; `text` is its plain statement (866)."""

    record = models.ForeignKey("catalogue.SourceRecord", on_delete=models.PROTECT, related_name="holdings")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="holdings")
    control_number = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    call_number = models.CharField(max_length=200, blank=True)
    original = models.BinaryField()
    dictionary = models.PositiveSmallIntegerField(default=0)
    format = models.CharField(max_length=12)
    encoding = models.CharField(max_length=12)
    digest = models.BinaryField()
    is_active = models.BooleanField(default=True, db_default=True)
    batch = models.ForeignKey("catalogue.Batch", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_default=functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "control_number"], name="holding_control_number")]

    def __str__(self) -> str:
        return f"{self.library_id}:{self.control_number}"
