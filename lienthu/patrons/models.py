from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A kind of reader, by which loan rules differ; `parent` is the more general one."""

    code = models.CharField(max_length=32, unique=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.code


class PatronState(models.TextChoices):
    PENDING = "PENDING", _("Chờ xác nhận ở quầy")
    ACTIVE = "ACTIVE", _("Đang dùng")
    CLOSED = "CLOSED", _("Đã đóng")
    MERGED = "MERGED", _("Đã gộp vào bạn đọc khác")
    ERASED = "ERASED", _("Đã xóa dữ liệu cá nhân")


class Patron(models.Model):
    """A reader of the network. Only what a library needs to lend is kept (Law 91/2025/QH15)."""

    home_library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=PatronState, default=PatronState.ACTIVE)
    full_name = models.CharField(max_length=200)
    # Kept by the actions: filing order as Vietnamese lists have it, and the form that searches compare.
    name_sort = models.BinaryField(default=b"")
    name_folded = models.CharField(max_length=400, default="")
    birth_date = models.DateField(null=True)
    group = models.CharField(max_length=120, blank=True, help_text="class, department, unit")
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="vi")
    photo_key = models.CharField(max_length=100, blank=True, db_default="", help_text="in the storage of documents")
    note = models.CharField(max_length=500, blank=True)
    # The identity number sealed with the installation's key, and a keyed digest of it by which duplicates are found.
    identity_sealed = models.BinaryField(null=True)
    identity_mark = models.BinaryField(null=True)
    account = models.OneToOneField("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    keep_history = models.BooleanField(default=False, help_text="the reader asked to keep past loans")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(db_default=Now())
    registered_by = models.CharField(max_length=200)
    # Grows with every change, so that two desks do not overwrite each other.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["home_library", "name_sort", "id"], name="patron_filing"),
            models.Index(fields=["phone"], name="patron_phone", condition=~Q(phone="")),
            models.Index(fields=["identity_mark"], name="patron_identity", condition=Q(identity_mark__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="MERGED") & Q(merged_into__isnull=False))
                | (~Q(state="MERGED") & Q(merged_into__isnull=True)),
                name="patron_merged_somewhere",
            ),
            models.CheckConstraint(condition=~Q(full_name="") | Q(state="ERASED"), name="patron_named"),
        ]

    def __str__(self) -> str:
        return self.full_name


class CardStatus(models.TextChoices):
    ACTIVE = "ACTIVE", _("Đang dùng")
    LOST = "LOST", _("Báo mất")
    REPLACED = "REPLACED", _("Đã đổi thẻ khác")
    RETURNED = "RETURNED", _("Đã thu lại")


class Card(models.Model):
    """A card of a reader. Its number is never used again and never renumbered, whatever becomes of the province."""

    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="cards")
    number = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=8, choices=CardStatus, default=CardStatus.ACTIVE)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron"], condition=Q(status="ACTIVE"), name="card_one_active"),
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z0-9][A-Z0-9./-]{2,39}$"), name="card_number_form"),
        ]

    def __str__(self) -> str:
        return self.number


class Guardianship(models.Model):
    """Who answers for a child: another reader, or somebody known by name and telephone only."""

    child = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="guardians")
    guardian = models.ForeignKey(Patron, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    relation = models.CharField(max_length=60, blank=True)
    consented_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(guardian__isnull=False) | ~Q(name=""), name="guardian_known"),
        ]


class BlockCode(models.TextChoices):
    MANUAL = "MANUAL", _("Thư viện chặn")
    DAMAGE = "DAMAGE", _("Làm hư hỏng, mất tài liệu")
    ADDRESS = "ADDRESS", _("Không liên lạc được")
    RULES = "RULES", _("Vi phạm nội quy")


class Block(models.Model):
    """Why a reader may not borrow, where and until when. It is lifted, never deleted."""

    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="blocks")
    code = models.CharField(max_length=8, choices=BlockCode)
    reason = models.CharField(max_length=300)
    library = models.ForeignKey(
        "libraries.Library", null=True, on_delete=models.PROTECT, related_name="+", help_text="null: everywhere"
    )
    starts = models.DateField()
    until = models.DateField(null=True)
    placed_by = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patron"], name="block_open", condition=Q(lifted_at=None))]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="block_has_reason")]


class Purpose(models.TextChoices):
    CARD = "CARD", _("Cấp thẻ và cho mượn tài liệu")
    HISTORY = "HISTORY", _("Giữ lịch sử mượn của tôi")
    NEWS = "NEWS", _("Gửi tin về sách mới và hoạt động")
    CHILD = "CHILD", _("Trẻ em dùng thư viện")


class Consent(models.Model):
    """One answer of a reader or guardian about one purpose; rows are only added (Law 91/2025/QH15)."""

    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=7, choices=Purpose)
    given = models.BooleanField()
    by = models.CharField(max_length=8, choices=[("SELF", _("Bạn đọc")), ("GUARDIAN", _("Người giám hộ"))])
    how = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())
    recorded_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["patron", "purpose", "-id"], name="consent_latest")]


class SharedCard(models.Model):
    """A library that does not honour cards of the others; all without a row here do."""

    library = models.OneToOneField("libraries.Library", on_delete=models.PROTECT, related_name="+")
    honours = models.BooleanField(default=True)
    since = models.DateField()


class Proxy(models.Model):
    """Who may collect for a reader: another reader, or somebody known by name only. Ended, never deleted."""

    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="proxies")
    collector = models.ForeignKey(Patron, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    until = models.DateField(null=True)
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(collector__isnull=False) | ~Q(name=""), name="proxy_known"),
        ]


class Merge(models.Model):
    """Two records of one person made one. `moved` holds what is needed to take it back exactly."""

    loser = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="+")
    winner = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    moved = models.JSONField()
    at = models.DateTimeField(db_default=Now())
    by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loser"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(loser=models.F("winner")), name="merge_of_two"),
        ]


class Different(models.Model):
    """Two readers who look the same and are not, as somebody at a desk found."""

    first = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="different_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="different_in_order"),
        ]


class RollKind(models.TextChoices):
    CLASSES = "CLASSES", _("Danh sách lớp")
    STAFF = "STAFF", _("Danh sách cán bộ, giáo viên")
    YEAR_END = "YEAR_END", _("Lên lớp cuối năm học")


class RollStatus(models.TextChoices):
    CHECKING = "CHECKING", _("Đang kiểm tra thử")
    CHECKED = "CHECKED", _("Chờ quyết định")
    UNREADABLE = "UNREADABLE", _("Không đọc được")
    RUNNING = "RUNNING", _("Đang ghi")
    DONE = "DONE", _("Đã ghi")
    REVERTING = "REVERTING", _("Đang hoàn tác")
    REVERTED = "REVERTED", _("Đã hoàn tác")


class Roll(models.Model):
    """A list of people of a school or an office, tried, written and taken back as one."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RollKind)
    status = models.CharField(max_length=10, choices=RollStatus, default=RollStatus.CHECKING)
    file_key = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    choices = models.JSONField(default=dict, help_text="encoding; for the year's end which class becomes which")
    problem = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="rows that the present step has worked on")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["library", "-id"], name="roll_of_library")]


class RollOutcome(models.TextChoices):
    NEW = "NEW", _("Mới")
    CHANGED = "CHANGED", _("Cập nhật")
    SAME = "SAME", _("Không đổi")
    REFUSED = "REFUSED", _("Từ chối")


class RollRow(models.Model):
    """One person of a list: what was understood, what came of it, and what stood before."""

    roll = models.ForeignKey(Roll, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row in the file, from 1")
    data = models.JSONField(default=dict, help_text="emptied of personal data when the list is done")
    outcome = models.CharField(max_length=7, choices=RollOutcome)
    reason = models.CharField(max_length=40, blank=True)
    patron = models.ForeignKey(Patron, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(null=True)
    revision = models.PositiveIntegerField(null=True, help_text="of the reader after this row was written")
    written = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roll", "number"], name="roll_row_once")]
