import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, verbose_name="tên đăng nhập")),
                ("full_name", models.CharField(max_length=200, verbose_name="họ và tên")),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="thư điện tử")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("is_superuser", models.BooleanField(default=False)),
                (
                    "language",
                    models.CharField(
                        choices=[("vi", "Tiếng Việt"), ("en", "English")],
                        default="vi",
                        max_length=5,
                        verbose_name="ngôn ngữ",
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("username",), name="identity_account_username"),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="identity_account_email",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "username",
                                models.Func(
                                    django.db.models.functions.text.Lower("username"),
                                    function="normalize",
                                    output_field=models.CharField(),
                                ),
                            )
                        ),
                        name="identity_account_username_normal",
                        violation_error_message="Tên đăng nhập phải viết thường.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("full_name", ""), _negated=True), name="identity_account_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PROVINCE", "Tỉnh"),
                            ("AGENCY", "Cơ quan"),
                            ("LIBRARY", "Thư viện"),
                            ("BRANCH", "Điểm phục vụ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=300)),
                ("path", models.CharField(db_collation="C", default="", editable=False, max_length=500)),
                ("closed_date", models.DateField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="identity.scope",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="identity.scope",
                    ),
                ),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=("code",), name="identity_scope_code"),
                    models.UniqueConstraint(fields=("path",), name="identity_scope_path"),
                    models.CheckConstraint(
                condition=models.Q(models.Q(("code", ""), _negated=True), models.Q(("name", ""), _negated=True)),
                name="identity_scope_named",
            ),
                    models.CheckConstraint(
                condition=models.Q(("kind__in", ["PROVINCE", "AGENCY", "LIBRARY", "BRANCH"])),
                name="identity_scope_kind",
            ),
                    models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", False), models.Q(("kind", "BRANCH"), _negated=True), _connector="OR"
                ),
                name="identity_scope_branch_has_parent",
            ),
                    models.CheckConstraint(
                condition=models.Q(
                    ("successor__isnull", True),
                    models.Q(models.Q(("successor", models.F("id")), _negated=True), ("closed_date__isnull", False)),
                    _connector="OR",
                ),
                name="identity_scope_successor",
            ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("granted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoke_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="identity.scope"
                    ),
                ),
            ],
            options={
                'indexes': [
                    models.Index(fields=["account", "valid_from"], name="identity_grant_account"),
                ],
                'constraints': [
                    models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="identity_grant_days",
            ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                expressions=[
                    (
                        models.Func(
                            "account_id",
                            "account_id",
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            "scope_id",
                            "scope_id",
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.Func(models.F("role"), models.Value(0), function="hashtextextended"),
                            models.Func(models.F("role"), models.Value(0), function="hashtextextended"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identity_grant_once",
            ),
                ],
            },
        ),
    ]
