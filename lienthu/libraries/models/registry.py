from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class Library(models.Model):
    """One library of the network, known to the whole country by its code (TCVN 11645:2016, ISO 15511 ISIL)."""

    class Kind(models.TextChoices):
        """Law 46/2019/QH14, Article 9, with the public libraries told apart by the level that runs them."""

        PROVINCIAL = "PROVINCIAL", _("Thư viện tỉnh")
        DISTRICT = "DISTRICT", _("Thư viện cấp huyện (trước 01/07/2025)")
        COMMUNE = "COMMUNE", _("Thư viện cấp xã")
        UNIVERSITY = "UNIVERSITY", _("Thư viện đại học")
        SCHOOL = "SCHOOL", _("Thư viện trường học")
        SPECIALISED = "SPECIALISED", _("Thư viện chuyên ngành")
        COMMUNITY = "COMMUNITY", _("Thư viện cộng đồng")
        PRIVATE = "PRIVATE", _("Thư viện tư nhân")
        ARMED_FORCES = "ARMED_FORCES", _("Thư viện lực lượng vũ trang")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Đang hoạt động")
        MERGED = "MERGED", _("Đã sáp nhập")
        TRANSFERRED = "TRANSFERRED", _("Đã chuyển giao")
        DISSOLVED = "DISSOLVED", _("Đã giải thể")

    scope = models.OneToOneField("identity.Scope", on_delete=models.PROTECT, related_name="library")
    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=11, choices=Status, default=Status.ACTIVE)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name_sort = models.BinaryField(max_length=800)
    # Vietnamese and English name, toneless and folded.
    name_folded = models.CharField(max_length=420)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    unit = models.ForeignKey("libraries.Unit", null=True, on_delete=models.PROTECT, related_name="libraries")
    address = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    about = models.TextField(blank=True)
    # ISO 639-3 codes of the languages in which this library holds collections of its own.
    collection_languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    founded_date = models.DateField(null=True)
    founding_decision = models.CharField(max_length=200, blank=True)
    closed_on_holidays = models.BooleanField(default=True)
    # Shown in the public registry. Some libraries (armed forces) serve their own people only.
    listed = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            # ISO 15511: codes that differ in case only name the same library.
            models.UniqueConstraint(Upper("code"), name="libraries_library_code_any_case"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^VN-[A-Za-z0-9/:-]{1,13}$"), name="libraries_library_code"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="libraries_library_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="libraries_library_is_not_its_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"


class Branch(models.Model):
    """A place where a library serves people: a branch, a mobile point, a bookcase."""

    class Kind(models.TextChoices):
        BRANCH = "BRANCH", _("Cơ sở")
        READING_ROOM = "READING_ROOM", _("Phòng đọc")
        MOBILE = "MOBILE", _("Điểm phục vụ lưu động")
        POST_CULTURE = "POST_CULTURE", _("Điểm Bưu điện – Văn hóa xã")
        BOOKCASE = "BOOKCASE", _("Tủ sách")
        KIOSK = "KIOSK", _("Trạm mượn trả tự động")

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="branches")
    scope = models.OneToOneField("identity.Scope", on_delete=models.PROTECT, related_name="branch")
    code = models.CharField(max_length=16)
    kind = models.CharField(max_length=12, choices=Kind)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("libraries.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    # A closed service point stays, because items and loans refer to it.
    closed_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "code"], name="libraries_branch_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9-]{1,16}$"), name="libraries_branch_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.code} {self.name_vi}"


class Service(models.Model):
    """One entry of the catalogue of services: data, so that a service is added without code."""

    code = models.CharField(max_length=30, unique=True)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name_vi


class LibraryService(models.Model):
    """A service that a library offers, with what its readers should know about it."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="offers")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "service"], name="libraries_service_once")]

    def __str__(self) -> str:
        return f"{self.library_id} {self.service_id}"


class LifecycleEvent(models.Model):
    """One thing that happened to a library as an institution. Rows are never changed."""

    class Kind(models.TextChoices):
        FOUNDED = "FOUNDED", _("Thành lập")
        RENAMED = "RENAMED", _("Đổi tên thư viện")
        MERGED = "MERGED", _("Sáp nhập")
        TRANSFERRED = "TRANSFERRED", _("Chuyển giao")
        DISSOLVED = "DISSOLVED", _("Giải thể")
        REOPENED = "REOPENED", _("Hoạt động trở lại")

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=11, choices=Kind)
    date = models.DateField()
    document_number = models.CharField(max_length=100, blank=True)
    old_name = models.CharField(max_length=200, blank=True)
    new_name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    successors = models.ManyToManyField(
        Library, through="LifecycleSuccessor", through_fields=("event", "library"), related_name="takeovers"
    )

    class Meta:
        indexes = [models.Index(fields=["library", "date"], name="libraries_event_history")]

    def __str__(self) -> str:
        return f"{self.library_id} {self.kind} {self.date}"


class LifecycleSuccessor(models.Model):
    """Which library continues another one. The first in order is where the old code leads."""

    event = models.ForeignKey(LifecycleEvent, on_delete=models.CASCADE, related_name="succession")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="successor_of")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "library"], name="libraries_successor_once"),
            models.UniqueConstraint(fields=["event", "order"], name="libraries_successor_order"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.library_id}"
