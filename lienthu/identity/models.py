from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from lienthu.identity import policy
from lienthu.kernel import ids, text


def _single(number: str | Func) -> Func:
    """The range that holds just this number."""
    return Func(number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _days() -> Func:
    return Func("valid_from", "valid_to", Value("[]"), function="daterange", output_field=DateRangeField())


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of this username however it was typed (case, composed or decomposed marks)."""
        return self.get(username=policy.normalise_username(username or ""))


class Account(AbstractBaseUser):
    """A person who can sign in. What they may do is in their grants."""

    username = models.CharField(_("tên đăng nhập"), max_length=policy.USERNAME_MAX)
    full_name = models.CharField(_("họ và tên"), max_length=200)
    email = models.EmailField(_("thư điện tử"), blank=True, default="")
    is_active = models.BooleanField(_("đang dùng"), default=True)
    # Emergencies only: every permission everywhere. Given by the command line alone.
    is_superuser = models.BooleanField(default=False)
    language = models.CharField(
        _("ngôn ngữ"), max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    created_at = models.DateTimeField(db_default=Now())
    # Kept by save(): order by given name as Vietnamese lists have it, and the form that searches compare.
    name_sort = models.BinaryField(editable=False, default=b"")
    name_folded = models.CharField(max_length=400, editable=False, default="")

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="identity_account_username"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="identity_account_email"),
            models.CheckConstraint(
                condition=Q(username=Func(Lower("username"), function="normalize", output_field=models.CharField())),
                name="identity_account_username_normal",
                violation_error_message=_("Tên đăng nhập phải viết thường."),
            ),
            models.CheckConstraint(condition=~Q(full_name=""), name="identity_account_named"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the keys of the name."""
        given_first = " ".join([*self.full_name.split()[-1:], *self.full_name.split()[:-1]])
        self.name_sort = text.sort_key(given_first)
        self.name_folded = text.folded_key(f"{self.full_name} {self.username}")[:400]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_sort", "name_folded"}
        super().save(*args, **kwargs)

    @property
    def public_id(self) -> str:
        """The identifier in addresses and in the audit trail."""
        return self.public_id_of(self.pk)

    @staticmethod
    def public_id_of(account_id: int | None) -> str:
        """The public identifier of the account with this number; "" for none."""
        return ids.encode(account_id) if account_id is not None else ""

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


def full_name_of(account: Account) -> str:
    """settings.ACCOUNT_USER_DISPLAY: how pages address somebody."""
    return account.full_name


class Scope(models.Model):
    """A place where roles are granted: the province, an agency, a library, a branch. A role holds below it too.

    `path` ("/1/5/17/", own id last) is kept by a trigger of the database, also when a scope moves.
    """

    class Kind(models.TextChoices):
        PROVINCE = "PROVINCE", _("Tỉnh")
        AGENCY = "AGENCY", _("Cơ quan")
        LIBRARY = "LIBRARY", _("Thư viện")
        BRANCH = "BRANCH", _("Điểm phục vụ")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=500, db_collation="C", editable=False, default="")
    # Where the rights and duties of a merged or dissolved scope went.
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    closed_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="identity_scope_code"),
            models.UniqueConstraint(fields=["path"], name="identity_scope_path"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="identity_scope_named"),
            models.CheckConstraint(
                condition=Q(kind__in=["PROVINCE", "AGENCY", "LIBRARY", "BRANCH"]), name="identity_scope_kind"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | ~Q(kind="BRANCH"), name="identity_scope_branch_has_parent"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | (~Q(successor=F("id")) & Q(closed_date__isnull=False)),
                name="identity_scope_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, then read back the path that the database's trigger computed."""
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["path"])

    def within(self, other: "Scope") -> bool:
        """Is this scope `other` or below it?"""
        return self.path.startswith(other.path)


class Grant(models.Model):
    """A role given to an account at a scope, from a day, until a day (both included). Never deleted, only revoked."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    granted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoke_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["account", "valid_from"], name="identity_grant_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="identity_grant_days"
            ),
            # The same role at the same scope is never held twice on one day. Numbers are wrapped in ranges
            # because plain PostgreSQL has no GiST equality without an extension.
            ExclusionConstraint(
                name="identity_grant_once",
                expressions=[
                    (_single("account_id"), RangeOperators.OVERLAPS),
                    (_single("scope_id"), RangeOperators.OVERLAPS),
                    (_single(Func(F("role"), Value(0), function="hashtextextended")), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.scope_id}"

    def active_on(self, day: date) -> bool:
        """Does the grant hold on this day?"""
        if self.revoked_at is not None:
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
