"""The money of readers as an append-only ledger in whole đồng, with what papers and pages need beside it.

Every entry has lines whose sum is zero; every balance is a sum of lines. The database refuses changes (migration 0001).
Amounts on the debit side are positive: what is owed, what lies in the drawer. What the library owes a reader (deposit,
credit) and what it earned are negative.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ChargeKind(models.TextChoices):
    FINE = "FINE", _("Trả quá hạn")
    REPLACEMENT = "REPLACEMENT", _("Đền tài liệu mất")
    DAMAGE = "DAMAGE", _("Đền tài liệu hư hỏng")
    CARD = "CARD", _("Làm thẻ")
    DEPOSIT = "DEPOSIT", _("Đặt cọc")
    COPY = "COPY", _("Sao chụp, in")
    POSTAGE = "POSTAGE", _("Cước gửi")
    OTHER = "OTHER", _("Khoản khác")


class EntryKind(models.TextChoices):
    CHARGE = "CHARGE", _("Ghi khoản phải nộp")
    PAYMENT = "PAYMENT", _("Thu tiền")
    WAIVER = "WAIVER", _("Miễn")
    REFUND = "REFUND", _("Hoàn tiền thừa")
    DEPOSIT_IN = "DEPOSIT_IN", _("Nhận đặt cọc")
    DEPOSIT_OUT = "DEPOSIT_OUT", _("Trả đặt cọc")
    REVERSAL = "REVERSAL", _("Hủy một bút toán")
    DRAWER_OPEN = "DRAWER_OPEN", _("Mở ngăn kéo")
    DRAWER_CLOSE = "DRAWER_CLOSE", _("Đóng ngăn kéo")


class Method(models.TextChoices):
    NONE = "", ""
    CASH = "CASH", _("Tiền mặt")
    TRANSFER = "TRANSFER", _("Chuyển khoản")
    DEPOSIT = "DEPOSIT", _("Trừ vào đặt cọc")
    CREDIT = "CREDIT", _("Trừ vào tiền thừa")


class Account(models.TextChoices):
    OWED = "OWED", _("Bạn đọc còn nợ")
    DEPOSIT = "DEPOSIT", _("Đặt cọc của bạn đọc")
    CREDIT = "CREDIT", _("Tiền thừa của bạn đọc")
    CASH = "CASH", _("Tiền trong ngăn kéo")
    BANK = "BANK", _("Tài khoản ngân hàng")
    SAFE = "SAFE", _("Quỹ của thư viện")
    INCOME = "INCOME", _("Khoản thu")
    FORGIVEN = "FORGIVEN", _("Đã miễn")
    DIFFERENCE = "DIFFERENCE", _("Chênh lệch khi kiểm đếm")


class Drawer(models.Model):
    """A cash drawer from its opening to its closing by one person; counts are {denomination: pieces}."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField()
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField(db_default=Now())
    opening_count = models.JSONField()
    opening = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True, db_default="")
    closing_count = models.JSONField(null=True)
    counted = models.BigIntegerField(null=True)
    expected = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "account_id"], condition=Q(closed_at=None), name="fees_one_open_drawer"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, counted=None, expected=None)
                | Q(closed_at__isnull=False, counted__gte=0, expected__isnull=False),
                name="fees_drawer_closed_whole",
            ),
            models.CheckConstraint(condition=Q(opening__gte=0), name="fees_drawer_opening"),
        ]
        indexes = [models.Index(fields=["library", "opened_at"], name="fees_drawer_of_day")]

    def __str__(self) -> str:
        return f"{self.library_id} {self.opened_by} {self.opened_at}"

    @property
    def difference(self) -> int:
        """What was counted beyond what the ledger expects; negative: money is missing."""
        return (self.counted or 0) - (self.expected or 0)


class Entry(models.Model):
    """One thing that happened to money. `key` makes it happen once; `on` is the day in Việt Nam."""

    kind = models.CharField(max_length=12, choices=EntryKind)
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    patron_id = models.BigIntegerField(null=True, help_text="the reader, patrons.Patron")
    amount = models.BigIntegerField()
    method = models.CharField(max_length=8, choices=Method, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())
    on = models.DateField()
    by = models.CharField(max_length=200)
    account_id = models.BigIntegerField(null=True)
    drawer = models.ForeignKey(Drawer, null=True, on_delete=models.PROTECT, related_name="entries")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField(max_length=300, blank=True, db_default="")
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="fees_entry_amount"),
            models.CheckConstraint(condition=~Q(key=""), name="fees_entry_key"),
            models.CheckConstraint(
                condition=Q(kind="REVERSAL", reverses__isnull=False) | (~Q(kind="REVERSAL") & Q(reverses=None)),
                name="fees_entry_reverses",
            ),
            models.CheckConstraint(condition=~Q(kind__in=["WAIVER"]) | ~Q(reason=""), name="fees_waiver_has_reason"),
        ]
        indexes = [
            models.Index(fields=["library", "on", "id"], name="fees_entry_of_day"),
            models.Index(fields=["patron_id", "-id"], name="fees_entry_of_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.amount}"


class Charge(models.Model):
    """What a reader has to pay. Its lines in OWED sum up to what is still open of it."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="charge")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    patron_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=ChargeKind)
    amount = models.BigIntegerField()
    on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fees_charge_amount")]
        indexes = [models.Index(fields=["patron_id"], name="fees_charge_of_reader")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Line(models.Model):
    """One side of an entry. `patron_id` stands on OWED, DEPOSIT and CREDIT, `charge` on OWED."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=10, choices=Account)
    amount = models.BigIntegerField()
    patron_id = models.BigIntegerField(null=True)
    charge = models.ForeignKey(Charge, null=True, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="fees_line_amount"),
            models.CheckConstraint(
                condition=Q(account="OWED", patron_id__isnull=False, charge__isnull=False)
                | Q(account__in=["DEPOSIT", "CREDIT"], patron_id__isnull=False, charge=None)
                | (~Q(account__in=["OWED", "DEPOSIT", "CREDIT"]) & Q(patron_id=None)),
                name="fees_line_whose",
            ),
        ]
        indexes = [models.Index(fields=["patron_id"], condition=Q(patron_id__isnull=False), name="fees_line_of_reader")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Because(models.Model):
    """Why a charge was made, for people: which book, how many days, which rule. What names the book is forgotten
    some time after the charge is settled (`fees.forget_books`); the ledger itself names none."""

    charge = models.OneToOneField(Charge, primary_key=True, on_delete=models.PROTECT, related_name="because")
    facts = models.JSONField()
    forgotten_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.charge_id)


class Series(models.TextChoices):
    IN = "IN", _("Phiếu thu")
    OUT = "OUT", _("Phiếu chi")


class Receipt(models.Model):
    """A paper for money that came in or went out: numbers without a gap for each library, year and series."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="receipt")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=3, choices=Series)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "series", "year", "number"], name="fees_receipt_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="fees_receipt_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.number}/{self.year}"

    @property
    def shown(self) -> str:
        """The number as papers carry it: PT-2026-000012, PC-2026-000003."""
        return f"{'PT' if self.series == Series.IN else 'PC'}-{self.year}-{self.number:06d}"


class ReceiptCounter(models.Model):
    """The last number that was given; its row is locked from the giving to the commit."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=3, choices=Series)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "series", "year"], name="fees_one_counter")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class PriceList(models.Model):
    """What a library asks for its priced services from a day on, until its next list begins. Never changed.

    Of two lists that begin on one day the later number holds. A list without lines says: nothing is priced.
    """

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    basis = models.CharField(max_length=300, help_text="the resolution or decision that allows it")
    basis_on = models.DateField()
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="fees_list_number"),
            models.CheckConstraint(condition=Q(basis_on__lte=F("valid_from")), name="fees_list_after_basis"),
            models.CheckConstraint(condition=~Q(basis=""), name="fees_list_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.number} {self.valid_from}"


class Price(models.Model):
    """One priced service. For REPLACEMENT the amount is asked for each lost copy."""

    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ChargeKind)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    unit_vi = models.CharField(max_length=60)
    unit_en = models.CharField(max_length=60)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="fees_price_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_price_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.name_vi} {self.amount}"


class BankAccount(models.Model):
    """Where transfers to a library go, as VietQR needs it; a new row ends the one before."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    bin = models.CharField(max_length=6, help_text="the bank, NAPAS BIN")
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=120)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library"], condition=Q(ended_at=None), name="fees_one_bank_account"),
            models.CheckConstraint(
                condition=Q(bin__regex="^[0-9]{6}$", number__regex="^[0-9A-Za-z]{1,19}$"), name="fees_bank_account_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bin} {self.number}"


class Demand(models.Model):
    """A transfer that is asked for: the note of the transfer carries its reference, so that it is known again."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    patron_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.CharField(max_length=200)
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="demand")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fees_demand_amount")]
        indexes = [models.Index(fields=["patron_id", "library"], name="fees_demand_of_reader")]

    def __str__(self) -> str:
        return f"{self.pk} {self.amount}"


class TransferState(models.TextChoices):
    PAID = "PAID", _("Đã ghi thu")
    DOUBTFUL = "DOUBTFUL", _("Cần xem")
    SET_ASIDE = "SET_ASIDE", _("Không phải khoản của thư viện")


class Transfer(models.Model):
    """A line of the bank's statement. `bank_reference` is known once for each library, however often it is imported."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    bank_reference = models.CharField(max_length=80)
    on = models.DateField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=TransferState)
    doubt = models.CharField(max_length=16, blank=True, db_default="")
    demand = models.ForeignKey(Demand, null=True, on_delete=models.PROTECT, related_name="transfers")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="transfer")
    imported_at = models.DateTimeField(db_default=Now())
    imported_by = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=200, blank=True, db_default="")
    decision = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "bank_reference"], name="fees_transfer_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_transfer_amount"),
            models.CheckConstraint(
                condition=Q(state="PAID", entry__isnull=False) | (~Q(state="PAID") & Q(entry=None)),
                name="fees_transfer_paid",
            ),
        ]
        indexes = [models.Index(fields=["library", "state", "-on"], name="fees_transfer_to_see")]

    def __str__(self) -> str:
        return f"{self.bank_reference} {self.amount}"
