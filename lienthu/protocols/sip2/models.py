"""Machines that speak SIP2: self-check stations, return chutes, sorters, gates, reading-room controls."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from lienthu.protocols.sip2.charsets import CHARSETS, UTF_8

LOGIN_FORM = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$"


class Permit(models.TextChoices):
    """What a machine may do, one by one."""

    CHECKOUT = "CHECKOUT", _("Ghi mượn")
    CHECKIN = "CHECKIN", _("Ghi trả")
    RENEW = "RENEW", _("Gia hạn")
    READERS = "READERS", _("Hỏi về bạn đọc")
    HOLD = "HOLD", _("Đặt mượn, hủy đặt mượn")
    FEES = "FEES", _("Thu tiền")
    BLOCK = "BLOCK", _("Chặn và bỏ chặn bạn đọc")
    OFFLINE = "OFFLINE", _("Gửi việc đã làm lúc mất mạng")
    HOLD_READER = "HOLD_READER", _("Biết bạn đọc nào đang chờ bản được trả")


class Detection(models.TextChoices):
    """Sequence numbers and checksums."""

    AUTO = "AUTO", _("Theo máy: máy gửi thì trả lời có")
    REQUIRED = "REQUIRED", _("Bắt buộc")
    OFF = "OFF", _("Không dùng")


class LineEnd(models.TextChoices):
    CR = "CR", _("CR (theo chuẩn)")
    CRLF = "CRLF", _("CR LF")


class Terminal(models.Model):
    """One machine of one library. It is never deleted, only switched off: the trail names it."""

    library = models.ForeignKey("libraries.Library", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("libraries.Branch", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    login = models.CharField(max_length=40, unique=True)
    password_hash = models.CharField(max_length=120)
    permits = ArrayField(models.CharField(max_length=12, choices=Permit))
    needs_pin = models.BooleanField(default=False, help_text="readers prove themselves with their password")
    charset = models.CharField(max_length=8, choices=[(code, code) for code in CHARSETS], default=UTF_8)
    delimiter = models.CharField(max_length=1, default="|")
    line_end = models.CharField(max_length=4, choices=LineEnd, default=LineEnd.CR)
    detection = models.CharField(max_length=8, choices=Detection, default=Detection.AUTO)
    addresses = ArrayField(
        models.CharField(max_length=50), default=list, help_text="networks it may come from; none: any"
    )
    needs_tls = models.BooleanField(default=False)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    # What it did last; not in the trail, where every sign-in of a machine would bury what people do.
    seen_at = models.DateTimeField(null=True)
    seen_from = models.CharField(max_length=45, blank=True)
    seen_message = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["library", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(login__regex=LOGIN_FORM), name="sip2_terminal_login"),
            models.CheckConstraint(condition=~Q(name=""), name="sip2_terminal_named"),
            models.CheckConstraint(condition=Q(delimiter__regex=r"^[!-/:-@\[-`{-~]$"), name="sip2_terminal_delimiter"),
        ]

    def __str__(self) -> str:
        return self.name
