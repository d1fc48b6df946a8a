from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    SRU11 = "SRU11", "SRU 1.1"
    SRU12 = "SRU12", "SRU 1.2"
    SRU20 = "SRU20", "SRU 2.0"
    Z3950 = "Z3950", "Z39.50"

    @property
    def is_sru(self) -> bool:
        return self.value.startswith("SRU")

    @property
    def sru_version(self) -> str:
        """ "1.1", "1.2", "2.0"."""
        return {"SRU11": "1.1", "SRU12": "1.2", "SRU20": "2.0"}[self.value]


class Charset(models.TextChoices):
    """What bytes a Z39.50 server sends its records in; AUTO goes by the leader and by what the bytes can be."""

    AUTO = "AUTO", _("Tự nhận biết (UTF-8 hoặc MARC-8)")
    UTF8 = "UTF8", "UTF-8"
    MARC8 = "MARC8", "MARC-8"
    LATIN1 = "LATIN1", "ISO 8859-1"
    CP1258 = "CP1258", "Windows-1258"
    TCVN3 = "TCVN3", "TCVN3 (ABC)"
    VNI = "VNI", "VNI"
    VISCII = "VISCII", "VISCII"


class CheckState(models.TextChoices):
    NONE = "NONE", _("Chưa thử")
    WAITING = "WAITING", _("Đang thử")
    GOOD = "GOOD", _("Kết nối tốt")
    BAD = "BAD", _("Không kết nối được")


class Target(models.Model):
    """An outside catalogue that cataloguers may ask.

    `scope` is whose it is: those who manage targets there keep it, the libraries there and below may ask it (only
    `libraries`, when some are named). The secret is encrypted here, or stands in the environment variable
    `secret_name`; it is never shown and never logged.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=5, choices=Kind)
    address = models.CharField(max_length=500, help_text="URL of an SRU server, host name of a Z39.50 server")
    port = models.PositiveIntegerField(null=True, blank=True, help_text="Z39.50 only")
    database = models.CharField(max_length=200, blank=True, help_text="Z39.50 only")
    syntax = models.CharField(max_length=60, help_text="usmarc or xml; for SRU the server's name of its schema")
    charset = models.CharField(max_length=6, choices=Charset, default=Charset.AUTO)
    user = models.CharField(max_length=200, blank=True)
    secret = models.TextField(blank=True, help_text="encrypted, see lienthu.targets.secrets")
    secret_name = models.CharField(max_length=100, blank=True, help_text="environment variable that holds the secret")
    indexes = models.JSONField(default=dict, help_text="index of the form -> attributes of Bib-1, or index of CQL")
    timeout = models.PositiveSmallIntegerField(default=20, help_text="seconds for one answer")
    records = models.PositiveSmallIntegerField(default=20, help_text="most records of one answer")
    priority = models.PositiveSmallIntegerField(default=50, help_text="small ones first, also among equal records")
    scope = models.ForeignKey("identity.Scope", on_delete=models.PROTECT, related_name="+")
    libraries = models.ManyToManyField("libraries.Library", blank=True, related_name="+")
    enabled = models.BooleanField(default=False, db_default=False)
    source = models.URLField(max_length=500, blank=True, help_text="where the address was published")
    check_state = models.CharField(max_length=7, choices=CheckState, default=CheckState.NONE)
    checked_at = models.DateTimeField(null=True)
    check_note = models.JSONField(default=dict, help_text="hits and milliseconds, or code and params of the problem")
    created_at = models.DateTimeField(db_default=functions.Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["priority", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "name"], name="target_name_once_at_a_scope"),
            models.CheckConstraint(
                condition=~models.Q(kind="Z3950") | models.Q(port__isnull=False), name="target_z3950_has_port"
            ),
            models.CheckConstraint(condition=models.Q(timeout__range=(1, 60)), name="target_timeout"),
            models.CheckConstraint(condition=models.Q(records__range=(1, 50)), name="target_records"),
        ]

    def __str__(self) -> str:
        return self.name
