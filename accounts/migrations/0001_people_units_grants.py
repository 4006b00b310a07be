import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import accounts.models
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "This user name is taken."},
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9_.-]+$", "Lower-case letters, digits and . _ - only."
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("name_zh", models.CharField(max_length=40, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                (
                    "email",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="email", verbose_name="e-mail"
                    ),
                ),
                (
                    "email_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                ("email_last4", models.CharField(blank=True, default="", editable=False, max_length=4)),
                ("email_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                (
                    "phone",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="phone", verbose_name="phone"
                    ),
                ),
                (
                    "phone_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                (
                    "phone_last4",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=4),
                ),
                ("phone_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                ("job_title", models.CharField(blank=True, max_length=60, verbose_name="job title")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "Follow the device"), ("light", "Light"), ("dark", "Dark")],
                        default="auto",
                        max_length=6,
                        verbose_name="appearance",
                    ),
                ),
                ("mail_notices", models.BooleanField(default=True, verbose_name="notices also by mail")),
                (
                    "muted_notices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        verbose_name="notices switched off",
                    ),
                ),
                ("daily_digest", models.BooleanField(default=True, verbose_name="daily summary by mail")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("deactivated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reports to",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["username"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("manager", models.F("id")), _negated=True),
                        name="nobody_manages_himself",
                    )
                ],
            },
            bases=(accounts.models.TwoNames, models.Model),
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "Read only"), ("write", "Read and write")],
                        default="read",
                        max_length=5,
                        verbose_name="may",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="OrgUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ("code", models.CharField(max_length=8, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("hq", "Headquarters"), ("branch", "Branch"), ("department", "Department")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("calendar_code", models.CharField(blank=True, max_length=20, verbose_name="calendar")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "executive",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised_units",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="executive in charge",
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headed_units",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="head",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.orgunit",
                        verbose_name="parent unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation unit",
                "verbose_name_plural": "organisation units",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "hq")), fields=("kind",), name="one_headquarters"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "hq"), ("parent__isnull", False), _connector="OR"),
                        name="unit_has_parent",
                    ),
                ],
            },
            bases=(accounts.models.TwoNames, models.Model),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("PM", "Project manager"),
                            ("BM", "Branch manager"),
                            ("AE", "After-sales engineer"),
                            ("DP", "After-sales dispatcher"),
                            ("AM", "After-sales manager"),
                            ("DH", "Department handler"),
                            ("DM", "Department head"),
                            ("SV", "Supervision officer"),
                            ("CO", "CRM officer"),
                            ("FI", "Finance clerk"),
                            ("EX", "Executive"),
                            ("AU", "Auditor"),
                            ("AD", "System administrator"),
                        ],
                        max_length=2,
                        verbose_name="as",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.orgunit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="membership_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("user", "unit", "role"),
                        name="one_open_membership",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("PM", "Project manager"),
                            ("BM", "Branch manager"),
                            ("AE", "After-sales engineer"),
                            ("DP", "After-sales dispatcher"),
                            ("AM", "After-sales manager"),
                            ("DH", "Department handler"),
                            ("DM", "Department head"),
                            ("SV", "Supervision officer"),
                            ("CO", "CRM officer"),
                            ("FI", "Finance clerk"),
                            ("EX", "Executive"),
                            ("AU", "Auditor"),
                            ("AD", "System administrator"),
                        ],
                        max_length=2,
                        verbose_name="role",
                    ),
                ),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("price_l1", "Price approval, level 1"),
                                ("price_l2", "Price approval, level 2"),
                                ("price_l3", "Price approval, level 3"),
                                ("fat_signer", "Factory test sign-off"),
                                ("override_approver", "Exceptional approval"),
                                ("privacy_officer", "Personal data officer"),
                                ("duty_officer", "Duty officer"),
                                ("exam_author", "Exam author"),
                                ("security_admin", "Security grants"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="capabilities",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for approval"),
                            ("active", "In force"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "scope_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="accounts.orgunit",
                        verbose_name="scope: unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "ordering": ["user__username", "role"],
                "indexes": [models.Index(fields=["role", "scope_unit"], name="grant_role_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="grant_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "flags__contained_by",
                                [
                                    "price_l1",
                                    "price_l2",
                                    "price_l3",
                                    "fat_signer",
                                    "override_approver",
                                    "privacy_officer",
                                    "duty_officer",
                                    "exam_author",
                                    "security_admin",
                                ],
                            )
                        ),
                        name="grant_flags_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                models.Q(("approved_by", models.F("granted_by")), _negated=True),
                                models.Q(("approved_by", models.F("user")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grant_second_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "active"]), ("valid_to__isnull", True)),
                        fields=("user", "role", "scope_unit"),
                        name="one_open_grant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BranchRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                (
                    "province_code",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator("^\\d{2}$", "Two digits, as in GB/T 2260.")
                        ],
                        verbose_name="province",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regions",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "ordering": ["province_code", "valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="region_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("province_code", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_to",
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_branch_per_province",
                        violation_error_message="Another branch already serves this province in that time.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="accounts.orgunit",
                verbose_name="unit",
            ),
        ),
        migrations.CreateModel(
            name="RecordAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("collaborator", "Collaborator"),
                            ("assignee", "Assigned work"),
                            ("creator", "Entered by"),
                            ("department", "Department task"),
                            ("related", "Through a related record"),
                            ("former_owner", "Former owner"),
                            ("escalation", "Escalated to"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.orgunit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("user__isnull", False)),
                        fields=["user", "kind", "object_id"],
                        name="access_by_user",
                    ),
                    models.Index(
                        condition=models.Q(("unit__isnull", False)),
                        fields=["unit", "kind", "object_id"],
                        name="access_by_unit",
                    ),
                    models.Index(
                        condition=models.Q(("until__isnull", False)), fields=["until"], name="access_until"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unit__isnull", True), ("user__isnull", False)),
                            models.Q(("unit__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="access_user_or_unit",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "object_id", "user", "unit", "source"),
                        name="one_access_per_reason",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="absent person",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_taken",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acting person",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="delegation_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_user", models.F("to_user")), _negated=True),
                        name="delegation_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", False)), name="delegation_ends"
                    ),
                ],
            },
        ),
    ]
