from decimal import Decimal

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.search_fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_company_units"),
        ("accounts", "__first__"),
        ("core", "0002_company_calendar"),
        ("crm", "0001_customers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
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
                ("code", models.CharField(editable=False, max_length=24, unique=True, verbose_name="code")),
                (
                    "order_code",
                    models.CharField(blank=True, editable=False, max_length=24, verbose_name="order code"),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "product_class",
                    models.CharField(
                        choices=[("a", "A · standard"), ("b", "B · modified"), ("c", "C · engineered")],
                        default="a",
                        max_length=1,
                        verbose_name="product class",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("customer", "Customer's inquiry"),
                            ("visit", "Own visit"),
                            ("designer", "Design institute"),
                            ("tender", "Tender notice"),
                            ("dealer", "Dealer"),
                            ("service", "After-sales service"),
                            ("fair", "Trade fair"),
                            ("other", "Other"),
                        ],
                        default="customer",
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="CNY, tax included",
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="expected amount",
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="CNY", editable=False, max_length=3, verbose_name="currency"),
                ),
                (
                    "expected_sign_on",
                    models.DateField(blank=True, null=True, verbose_name="expected signing"),
                ),
                ("need", models.TextField(blank=True, max_length=2000, verbose_name="what is needed")),
                ("next_step", models.CharField(blank=True, max_length=200, verbose_name="next step")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("p01", "Opportunity"),
                            ("p02", "Selection and proposal"),
                            ("p03", "Quotation"),
                            ("p04", "Tender and negotiation"),
                            ("p05", "Contract"),
                            ("p06", "Design"),
                            ("p07", "Scheduling"),
                            ("p08", "Manufacture"),
                            ("p09", "Inspection and factory test"),
                            ("p10", "Delivery"),
                            ("p11", "Installation and commissioning"),
                            ("p12", "Acceptance"),
                            ("p13", "Warranty"),
                            ("p14", "Lifetime service"),
                            ("lost", "Lost"),
                            ("abandoned", "Abandoned"),
                            ("cancelled", "Cancelled"),
                            ("suspended", "Suspended"),
                        ],
                        default="p01",
                        editable=False,
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("stage_entered_at", models.DateTimeField(editable=False)),
                ("stage_due_at", models.DateTimeField(editable=False, null=True)),
                ("stage_alarm_at", models.DateTimeField(editable=False, null=True)),
                ("suspended_stage", models.CharField(blank=True, editable=False, max_length=4)),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                (
                    "loss_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price too high"),
                            ("technical", "Technically not met"),
                            ("lead_time", "Delivery time"),
                            ("qualification", "Qualification or references"),
                            ("service_record", "Service record"),
                            ("payment_terms", "Payment terms"),
                            ("no_funds", "Cancelled or no funds"),
                            ("predecided", "Decided beforehand"),
                            ("slow_follow_up", "Slow follow-up"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=16,
                        verbose_name="reason of loss",
                    ),
                ),
                ("competitor", models.CharField(blank=True, max_length=80, verbose_name="competitor")),
                (
                    "price_gap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="price gap"
                    ),
                ),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "search_terms",
                    core.search_fields.SearchTermsField(codes=["code", "order_code"], names=["title"]),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "creator",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="project manager",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["branch", "state", "-id"], name="project_branch_state"),
                    models.Index(fields=["owner", "state", "-id"], name="project_owner_state"),
                    models.Index(fields=["customer", "-id"], name="project_customer"),
                    django.contrib.postgres.indexes.GinIndex(fields=["search_terms"], name="project_search"),
                    models.Index(fields=["state", "stage_due_at", "id"], name="project_state_due"),
                    models.Index(
                        condition=models.Q(("stage_alarm_at__isnull", False)),
                        fields=["stage_alarm_at"],
                        name="project_alarm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="project_amount_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lost"), _negated=True),
                            models.Q(("loss_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="project_lost_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "suspended"), _negated=True),
                            ("review_on__isnull", False),
                            _connector="OR",
                        ),
                        name="project_suspended_until",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("order_code", ""), _negated=True),
                        fields=("order_code",),
                        name="one_order_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GateSubmission",
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
                ("gate", models.CharField(max_length=4)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("level", models.CharField(max_length=8)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for approval"),
                            ("passed", "Passed"),
                            ("returned", "Returned"),
                            ("conditional", "Released conditionally"),
                            ("void", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("missing", models.CharField(blank=True, max_length=40)),
                ("missing_due_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "waiting")),
                        fields=("project",),
                        name="one_waiting_submission",
                    ),
                    models.UniqueConstraint(fields=("project", "gate", "attempt"), name="one_attempt_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "conditional"), _negated=True),
                            models.Q(
                                models.Q(("missing", ""), _negated=True), ("missing_due_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="condition_names_item_and_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GateEvidence",
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
                ("gate", models.CharField(max_length=4)),
                ("item", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "File"), ("record", "Record"), ("field", "Measured value")],
                        max_length=8,
                    ),
                ),
                ("values", models.JSONField(blank=True, default=dict)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("provided_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "provided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["provided_at", "id"],
                "indexes": [models.Index(fields=["fingerprint"], name="evidence_print")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("project", "gate", "item"),
                        name="one_current_evidence",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("replaced_at__isnull", True), models.Q(("fingerprint", ""), _negated=True)
                        ),
                        fields=("fingerprint",),
                        name="evidence_used_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="file_evidence_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectParty",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("buyer", "Buyer"),
                            ("user", "End user"),
                            ("designer", "Design institute"),
                            ("contractor", "General contractor"),
                            ("dealer", "Dealer"),
                            ("tender_agency", "Tender agency"),
                            ("supervisor", "Supervising engineer"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="part",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="project_parts",
                        to="crm.customer",
                        verbose_name="company",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("role", "buyer")), fields=("project",), name="one_buyer"
                    ),
                    models.UniqueConstraint(
                        fields=("project", "customer", "role"),
                        name="one_party_per_role",
                        violation_error_message="This company already has that part.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectStage",
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
                ("stage", models.CharField(max_length=4)),
                ("entered_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("standard_days", models.PositiveSmallIntegerField(default=0)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["entered_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("project", "stage"),
                        name="one_open_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            ("left_at__gte", models.F("entered_at")),
                            _connector="OR",
                        ),
                        name="stage_left_after_entered",
                    ),
                ],
            },
        ),
    ]
