"""Loans, requests, transits, who holds what, and the figures of the statistics. Constraints say what must never be."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

_OPEN = Q(ended_at=None)


class LoanEnd(models.TextChoices):
    RETURNED = "RETURNED", _("Đã trả")
    LOST = "LOST", _("Mất")
    DAMAGED = "DAMAGED", _("Hư hỏng")
    UNDONE = "UNDONE", _("Đã hoàn tác")


class Loan(models.Model):
    """One copy lent to one reader. The reader is unlinked when it ends, unless the reader keeps a history."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    patron_id = models.BigIntegerField(null=True, help_text="the reader, patrons.Patron")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        "libraries.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    category = models.CharField(max_length=32)
    age_band = models.CharField(max_length=8)
    item_type = models.CharField(max_length=16)
    in_library = models.BooleanField(default=False, db_default=False)
    keep = models.BooleanField(default=False, db_default=False, help_text="the reader asked for a history")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_on = models.DateField()
    terms = models.JSONField(help_text="the values of the rules and the rows they came from")
    renewals = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True, help_text="asked back for somebody who waits; due earlier since then")
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=8, blank=True, db_default="", choices=LoanEnd)
    channel = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=_OPEN, name="loan_open_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="loan_ends_later"
            ),
            models.CheckConstraint(condition=~_OPEN | Q(patron_id__isnull=False), name="loan_open_has_reader"),
            models.CheckConstraint(
                condition=_OPEN | Q(keep=True) | Q(patron_id=None), name="loan_ended_forgets_reader"
            ),
        ]
        indexes = [
            models.Index(fields=["patron_id", "started_at"], name="loan_of_reader"),
            models.Index(fields=["library", "due_at"], condition=_OPEN, name="loan_due"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.due_on}"


class HoldState(models.TextChoices):
    PENDING = "PENDING", _("Đang chờ")
    SENT = "SENT", _("Đang chuyển đến nơi nhận")
    READY = "READY", _("Chờ bạn đọc đến lấy")
    FILLED = "FILLED", _("Đã cho mượn")
    CANCELLED = "CANCELLED", _("Đã hủy")
    EXPIRED = "EXPIRED", _("Hết hạn")


OPEN_HOLDS = (HoldState.PENDING, HoldState.SENT, HoldState.READY)
BOUND_HOLDS = (HoldState.SENT, HoldState.READY)


class HoldLevel(models.TextChoices):
    TITLE = "TITLE", _("Bất kỳ ấn bản nào")
    EDITION = "EDITION", _("Ấn bản này")
    COPY = "COPY", _("Đúng bản này")


class HoldGroup(models.Model):
    """One request of several copies, for a class or a reading club. Its parts are requests of their own."""

    name = models.CharField(max_length=120)
    cluster = models.ForeignKey("catalogue.Cluster", on_delete=models.PROTECT, related_name="+")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    wanted = models.PositiveSmallIntegerField()
    needed_by = models.DateField(null=True)
    placed_by = models.BigIntegerField(null=True, help_text="the account")
    placed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["library", "-placed_at"], name="hold_group_of_library")]

    def __str__(self) -> str:
        return f"{self.name} × {self.wanted}"


class Hold(models.Model):
    """One reader's request. `copy` is what is asked for (level COPY), `assigned` the copy that serves it.

    `target` is the copy on a shelf that staff are asked to fetch for it; `passed` are copies that they did not find.
    """

    patron_id = models.BigIntegerField(null=True, help_text="the reader, patrons.Patron")
    level = models.CharField(max_length=7, choices=HoldLevel)
    cluster = models.ForeignKey("catalogue.Cluster", on_delete=models.PROTECT, related_name="+")
    work_id = models.BigIntegerField(null=True, help_text="catalogue.Work, for level TITLE")
    copy = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    pickup_library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    pickup_branch = models.ForeignKey(
        "libraries.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=9, choices=HoldState, db_default=HoldState.PENDING)
    position = models.IntegerField(default=0, db_default=0, help_text="before the order of asking; 0 as a rule")
    assigned = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(null=True)
    passed = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    group = models.ForeignKey(HoldGroup, null=True, on_delete=models.PROTECT, related_name="holds")
    category = models.CharField(max_length=32)
    age_band = models.CharField(max_length=8)
    keep = models.BooleanField(default=False, db_default=False)
    shelf_days = models.PositiveSmallIntegerField()
    placed_at = models.DateTimeField()
    frozen_until = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    ready_at = models.DateTimeField(null=True)
    shelf_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, db_default="")
    channel = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assigned"], condition=Q(state__in=BOUND_HOLDS), name="hold_copy_serves_one"
            ),
            models.UniqueConstraint(
                fields=["target"], condition=Q(target__isnull=False), name="hold_copy_asked_for_once"
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(state=HoldState.PENDING), name="hold_only_waiting_asks"
            ),
            models.UniqueConstraint(
                fields=["patron_id", "cluster", "copy"],
                condition=_OPEN & Q(group=None),
                nulls_distinct=False,
                name="hold_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BOUND_HOLDS, assigned__isnull=False)
                | Q(state=HoldState.PENDING, assigned=None)
                | Q(state__in=[HoldState.FILLED, HoldState.CANCELLED, HoldState.EXPIRED]),
                name="hold_bound_has_copy",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_HOLDS, ended_at=None) | (~Q(state__in=OPEN_HOLDS) & ~_OPEN),
                name="hold_ended_or_not",
            ),
            models.CheckConstraint(condition=~_OPEN | Q(patron_id__isnull=False), name="hold_open_has_reader"),
            models.CheckConstraint(
                condition=_OPEN | Q(keep=True) | Q(patron_id=None), name="hold_ended_forgets_reader"
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "position", "id"], condition=_OPEN, name="hold_queue"),
            models.Index(fields=["work_id"], condition=_OPEN & Q(level="TITLE"), name="hold_of_work"),
            models.Index(fields=["patron_id"], name="hold_of_reader"),
            models.Index(fields=["pickup_library", "state"], condition=_OPEN, name="hold_at_library"),
            models.Index(fields=["id"], condition=Q(state=HoldState.PENDING, target=None), name="hold_without_target"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.cluster_id} {self.state}"


class Purpose(models.TextChoices):
    HOME = "HOME", _("Về thư viện chủ")
    PICKUP = "PICKUP", _("Đến nơi bạn đọc nhận")
    ROTATION = "ROTATION", _("Luân chuyển")


class Transit(models.Model):
    """A copy on its way between two libraries, from the scan that sent it to the scan that received it."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    from_library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    to_library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="transits")
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    received_library = models.ForeignKey(
        "libraries.Library", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item"], condition=_OPEN, name="transit_open_once")]
        indexes = [
            models.Index(fields=["to_library", "sent_at"], condition=_OPEN, name="transit_coming"),
            models.Index(fields=["from_library", "sent_at"], condition=_OPEN, name="transit_going"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.from_library_id} → {self.to_library_id}"


class Stay(models.Model):
    """A copy in a set that travels, kept for some months by another library, where it is at home too, or at a `point`
    that this library looks after: then it does not stand on the library's own shelves."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=160, blank=True, db_default="", help_text="a point without a library")
    since = models.DateTimeField()
    until = models.DateField(help_text="when it is due back; it stays until it is given back")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item"], condition=_OPEN, name="stay_open_once")]

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.library_id}"


class Custody(models.Model):
    """Who holds a copy, since when: a library, a reader's loan, or a transit. Rows are added, and closed once."""

    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    library = models.ForeignKey(
        "libraries.Library", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    transit = models.ForeignKey(Transit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(until=None), name="custody_one_holder"),
            models.CheckConstraint(
                condition=Q(library__isnull=False, loan=None, transit=None)
                | Q(library=None, loan__isnull=False, transit=None)
                | Q(library=None, loan=None, transit__isnull=False),
                name="custody_one_kind",
            ),
        ]
        indexes = [models.Index(fields=["item", "since"], name="custody_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.since}"


class FactEvent(models.TextChoices):
    LOAN = "LOAN", _("Lượt mượn")
    RENEWAL = "RENEWAL", _("Lượt gia hạn")
    RETURN = "RETURN", _("Lượt trả")
    IN_LIBRARY_USE = "IN_LIBRARY_USE", _("Lượt đọc tại chỗ")
    HOLD_PLACED = "HOLD_PLACED", _("Lượt đặt mượn")
    HOLD_READY = "HOLD_READY", _("Tài liệu về nơi nhận")
    HOLD_FILLED = "HOLD_FILLED", _("Lượt đặt mượn được đáp ứng")
    TRANSIT = "TRANSIT", _("Lượt chuyển giữa các thư viện")
    LOST = "LOST", _("Tài liệu mất")
    DAMAGED = "DAMAGED", _("Tài liệu hư hỏng")


class Fact(models.Model):
    """What statistics count (ISO 2789), written at the event and without the person. An undone step counts -1."""

    event = models.CharField(max_length=14, choices=FactEvent)
    on = models.DateField()
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey(
        "libraries.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item_library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=32, blank=True)
    age_band = models.CharField(max_length=8, blank=True)
    item_type = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    count = models.SmallIntegerField(default=1, db_default=1)

    class Meta:
        indexes = [models.Index(fields=["library", "on", "event"], name="fact_of_library")]

    def __str__(self) -> str:
        return f"{self.on} {self.event}"


class Step(models.Model):
    """One thing done at a desk: found again when the same request comes twice, and undone while it is the last one.

    `reader` is kept only for as long as the step can be undone (`circulation.forget_steps`).
    """

    action = models.CharField(max_length=16)
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    library = models.ForeignKey(
        "libraries.Library", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    transit = models.ForeignKey(Transit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    account_id = models.BigIntegerField(null=True)
    reader = models.BigIntegerField(null=True)
    request_key = models.CharField(max_length=80, blank=True)
    result = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_key"], condition=~Q(request_key=""), name="step_request_once")
        ]
        indexes = [
            models.Index(fields=["account_id", "library", "-id"], name="step_last_of_desk"),
            models.Index(fields=["item", "-id"], name="step_last_of_item"),
            models.Index(fields=["at"], condition=Q(reader__isnull=False), name="step_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at}"
