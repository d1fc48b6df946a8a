"""The outbox, the texts and hours of libraries, and how readers want to be told."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    DUE_SOON = "DUE_SOON", _("Sắp đến hạn trả")
    OVERDUE = "OVERDUE", _("Quá hạn trả")
    HOLD = "HOLD", _("Tài liệu đặt mượn")
    CARD = "CARD", _("Thẻ bạn đọc")


class KindName(models.TextChoices):
    DUE_SOON = "DUE_SOON", _("Sắp đến hạn trả")
    OVERDUE_1 = "OVERDUE_1", _("Quá hạn, nhắc lần một")
    OVERDUE_2 = "OVERDUE_2", _("Quá hạn, nhắc lần hai")
    OVERDUE_3 = "OVERDUE_3", _("Quá hạn, nhắc lần cuối")
    RECALLED = "RECALLED", _("Cần trả sớm cho người đang chờ")
    HOLD_READY = "HOLD_READY", _("Tài liệu đặt mượn đã về")
    HOLD_EXPIRING = "HOLD_EXPIRING", _("Sắp hết hạn giữ")
    HOLD_EXPIRED = "HOLD_EXPIRED", _("Đã hết hạn giữ")
    HOLD_CANCELLED = "HOLD_CANCELLED", _("Lượt đặt mượn bị hủy")
    CARD_EXPIRING = "CARD_EXPIRING", _("Thẻ sắp hết hạn")


class Channel(models.TextChoices):
    EMAIL = "EMAIL", _("Thư điện tử")
    SMS = "SMS", _("Tin nhắn SMS")
    PUSH = "PUSH", _("Thông báo trên thiết bị")
    DESK = "DESK", _("Thủ thư gọi hoặc gửi thư")


class State(models.TextChoices):
    WAITING = "WAITING", _("Chờ gửi")
    SENDING = "SENDING", _("Đang gửi")
    SENT = "SENT", _("Đã gửi")
    UNCERTAIN = "UNCERTAIN", _("Không rõ đã đến chưa")
    FAILED = "FAILED", _("Không gửi được")
    SKIPPED = "SKIPPED", _("Không gửi")


class Reason(models.TextChoices):
    """Why something was not sent, or is not known to have been."""

    NO_ADDRESS = "NO_ADDRESS", _("Bạn đọc không có địa chỉ hoặc thiết bị cho cách này")
    SWITCHED_OFF = "SWITCHED_OFF", _("Cách gửi này chưa được cài đặt ở máy chủ")
    TURNED_OFF = "TURNED_OFF", _("Bạn đọc đã tắt cách này")
    OTHER_WAY = "OTHER_WAY", _("Đã có cách khác không tốn tiền")
    NO_CONSENT = "NO_CONSENT", _("Bạn đọc không đồng ý cho dùng thông tin liên lạc")
    NO_LONGER_TRUE = "NO_LONGER_TRUE", _("Không còn đúng khi đến lượt gửi")
    READER_GONE = "READER_GONE", _("Bạn đọc không còn dùng thẻ")
    TOO_OLD = "TOO_OLD", _("Để quá lâu, không còn ích gì")
    REFUSED = "REFUSED", _("Nơi nhận từ chối")
    UNREACHABLE = "UNREACHABLE", _("Không kết nối được với nơi gửi")
    BUSY = "BUSY", _("Nơi gửi đang bận")
    CUT = "CUT", _("Mất kết nối trong khi gửi")
    KILLED = "KILLED", _("Máy chủ dừng trong khi gửi")
    SETTING = "SETTING", _("Cài đặt của cách gửi này có lỗi")


class Template(models.Model):
    """One version of the texts of a kind, for a library or (null) the province. Rows are only added.

    An empty version (`active` false) gives the kind back to the level above.
    """

    library = models.ForeignKey("libraries.Library", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=KindName)
    version = models.PositiveIntegerField()
    active = models.BooleanField(default=True)
    subject_vi = models.CharField(max_length=200, blank=True)
    body_vi = models.TextField(blank=True)
    short_vi = models.CharField(max_length=400, blank=True)
    subject_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    short_en = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "kind", "version"], nulls_distinct=False, name="template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Hours(models.Model):
    """When a library (null: the province) writes to its readers; the values of `policy.Timing`."""

    library = models.ForeignKey("libraries.Library", null=True, on_delete=models.PROTECT, related_name="+")
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    digest_at = models.TimeField()
    due_soon = models.PositiveSmallIntegerField()
    overdue_1 = models.PositiveSmallIntegerField()
    overdue_2 = models.PositiveSmallIntegerField()
    overdue_3 = models.PositiveSmallIntegerField()
    expiring = models.PositiveSmallIntegerField()
    card = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library"], nulls_distinct=False, name="hours_once")]

    def __str__(self) -> str:
        return f"{self.quiet_from}-{self.quiet_until}"


class Preference(models.Model):
    """A reader's own choice about one topic and one channel; without a row the rule decides."""

    patron = models.ForeignKey("patrons.Patron", on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=8, choices=Topic)
    channel = models.CharField(max_length=5, choices=Channel)
    wanted = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patron", "topic", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.topic} {self.channel} {self.wanted}"


class Device(models.Model):
    """A browser of a reader that takes push messages (RFC 8030). Its address is given by the browser's maker."""

    patron = models.ForeignKey("patrons.Patron", on_delete=models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    key = models.CharField(max_length=100, help_text="p256dh, base64url")
    secret = models.CharField(max_length=40, help_text="auth, base64url")
    name = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """Something to tell a reader, written in the transaction of what it tells. `key` makes it one for ever.

    The words are made when it is routed, from the newest texts, in the reader's language. After some days words,
    values and reader go (`notices.purge`); what stays counts.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=KindName)
    patron = models.ForeignKey("patrons.Patron", null=True, on_delete=models.PROTECT, related_name="+")
    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=40, blank=True, help_text="what it speaks of, as loan:17")
    params = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    routed_at = models.DateTimeField(null=True)
    template = models.ForeignKey(Template, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, blank=True, db_default="")
    subject = models.CharField(max_length=200, blank=True, db_default="")
    body = models.TextField(blank=True, db_default="")
    short = models.CharField(max_length=600, blank=True, db_default="")
    read_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="no longer true")
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(routed_at=None), name="notice_to_route"),
            models.Index(fields=["patron", "-id"], condition=Q(patron__isnull=False), name="notice_of_patron"),
            models.Index(fields=["about"], condition=~Q(about="") & Q(withdrawn_at=None), name="notice_about"),
            models.Index(fields=["made_at"], condition=Q(purged_at=None), name="notice_to_purge"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="notice_has_key")]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One notice by one channel. Deliveries of one reader that go out together share a `bundle`.

    WAITING -> SENDING (claimed, committed before anything leaves the machine) -> SENT, WAITING again, FAILED or
    UNCERTAIN.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel)
    state = models.CharField(max_length=9, choices=State)
    reason = models.CharField(max_length=14, choices=Reason, blank=True, db_default="")
    detail = models.CharField(max_length=60, blank=True, db_default="", help_text="a code of the other side")
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    bundle = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["FAILED", "UNCERTAIN", "SKIPPED"]) | ~Q(reason=""), name="delivery_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="WAITING"), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="SENDING"), name="delivery_in_hand"),
            models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="delivery_bundle"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"
