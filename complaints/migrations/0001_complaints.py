import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.search_fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_company_units"),
        ("accounts", "__first__"),
        ("crm", "0001_customers"),
        ("projects", "0001_projects"),
        ("service", "0001_pumps_tickets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
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
                (
                    "code",
                    models.CharField(editable=False, max_length=24, unique=True, verbose_name="case no."),
                ),
                (
                    "complainant",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="name", verbose_name="complainant"
                    ),
                ),
                ("internal", models.BooleanField(default=False, verbose_name="inside the company")),
                ("anonymous", models.BooleanField(default=False, verbose_name="anonymous")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                            ("on_site", "On site"),
                            ("survey", "Low survey score"),
                            ("regulator", "Regulator's letter"),
                            ("media", "Media"),
                            ("internal", "Inside the company"),
                        ],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("slow_response", "Slow response"),
                            ("no_show", "Did not come"),
                            ("attitude", "Attitude"),
                            ("skill", "Lack of skill"),
                            ("overcharge", "Overcharged"),
                            ("parts_late", "Spare parts late"),
                            ("repeat_fault", "Fault comes back"),
                            ("late_delivery", "Late delivery"),
                            ("assembly", "Assembly quality"),
                            ("finish", "Finish"),
                            ("wrong_parts", "Wrong or missing parts"),
                            ("missed_defect", "Missed defect"),
                            ("false_report", "False report"),
                            ("wrong_selection", "Wrong selection"),
                            ("wrong_documents", "Wrong documents"),
                            ("slow_answer", "Slow answer"),
                            ("damage", "Goods damaged"),
                            ("wrong_goods", "Wrong goods"),
                            ("broken_promise", "Broken promise"),
                            ("passing_buck", "Passing the buck"),
                            ("unreachable", "Unreachable"),
                            ("opaque_price", "Opaque price"),
                            ("private_dealing", "Private dealing"),
                            ("invoice", "Invoice"),
                            ("reconciliation", "Reconciliation"),
                            ("bought_in", "Bought-in part"),
                            ("performance", "Under-performance"),
                            ("safety", "Safety"),
                            ("integrity", "Integrity"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="category",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("s1", "S1 Major"),
                            ("s2", "S2 Serious"),
                            ("s3", "S3 Normal"),
                            ("s4", "S4 Minor"),
                        ],
                        max_length=2,
                        verbose_name="severity",
                    ),
                ),
                ("severity_confirmed", models.BooleanField(default=False, editable=False)),
                ("grade_reasons", models.JSONField(default=list, editable=False)),
                ("facts_at_receipt", models.JSONField(default=dict, editable=False)),
                (
                    "claim_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="claim, CNY"
                    ),
                ),
                ("facts", models.TextField(max_length=4000, verbose_name="what happened")),
                (
                    "wanted",
                    models.CharField(blank=True, max_length=500, verbose_name="what the complainant wants"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("calendar_code", models.CharField(blank=True, editable=False, max_length=20)),
                ("run", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rejections", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rung", models.CharField(blank=True, editable=False, max_length=6)),
                (
                    "investigation",
                    models.TextField(blank=True, max_length=4000, verbose_name="investigation"),
                ),
                ("containment", models.TextField(blank=True, max_length=2000, verbose_name="containment")),
                (
                    "upheld",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Upheld"), ("partly", "Partly upheld"), ("no", "Not upheld")],
                        max_length=6,
                        verbose_name="finding",
                    ),
                ),
                (
                    "remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("apology", "Letter of apology"),
                            ("repair", "Free repair or parts"),
                            ("replacement", "Replacement"),
                            ("reduction", "Price reduction"),
                            ("warranty", "Longer warranty"),
                            ("loss", "Freight or loss payment"),
                            ("credit", "Service credit"),
                            ("visit", "Executive visit"),
                        ],
                        max_length=12,
                        verbose_name="remedy",
                    ),
                ),
                ("reply", models.TextField(blank=True, max_length=4000, verbose_name="answer")),
                (
                    "reply_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                            ("on_site", "On site"),
                            ("survey", "Low survey score"),
                            ("regulator", "Regulator's letter"),
                            ("media", "Media"),
                            ("internal", "Inside the company"),
                        ],
                        max_length=10,
                        verbose_name="answered by",
                    ),
                ),
                ("lessons", models.TextField(blank=True, max_length=2000, verbose_name="lessons")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("triaged", "Graded"),
                            ("acknowledged", "Acknowledged"),
                            ("investigating", "Investigating"),
                            ("waiting_complainant", "Waiting for the complainant"),
                            ("proposed", "Answer proposed"),
                            ("sv_review", "Supervision reviews"),
                            ("answered", "Answered"),
                            ("accepted", "Answer accepted"),
                            ("rejected", "Answer rejected"),
                            ("verifying", "Verifying"),
                            ("closed", "Closed"),
                            ("closed_unresolved", "Closed unresolved"),
                            ("withdrawn", "Withdrawn"),
                            ("duplicate", "Duplicate"),
                        ],
                        default="registered",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("search_terms", core.search_fields.SearchTermsField(codes=["code"])),
                (
                    "complainant_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                ("complainant_last4", models.CharField(blank=True, default="", editable=False, max_length=4)),
                (
                    "complainant_masked",
                    models.CharField(blank=True, default="", editable=False, max_length=80),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "cosigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "creator",
                    models.ForeignKey(
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
                        related_name="complaints",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "departments",
                    models.ManyToManyField(
                        related_name="+", to="accounts.orgunit", verbose_name="departments concerned"
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handler",
                    ),
                ),
                (
                    "lead_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="responsible department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="project manager",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="projects.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "respondents",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="persons concerned",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="supervision officer",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="service.ticket",
                        verbose_name="ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="complaint_received"),
                    models.Index(fields=["branch", "-received_at", "-id"], name="complaint_branch"),
                    models.Index(fields=["owner", "-received_at", "-id"], name="complaint_owner"),
                    models.Index(fields=["lead_department", "state"], name="complaint_department"),
                    models.Index(fields=["customer", "-received_at"], name="complaint_customer"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_terms"], name="complaint_search"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("triage", "Grading"),
                            ("acknowledge", "Acknowledgement"),
                            ("contain", "Containment"),
                            ("interim", "Interim update"),
                            ("answer", "Final answer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("run", models.PositiveSmallIntegerField(default=0)),
                ("start", models.DateTimeField()),
                ("minutes", models.PositiveIntegerField()),
                ("used", models.PositiveIntegerField(default=0)),
                ("always_open", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("next_level_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=["next_level_at"],
                        name="complaint_next_level",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "kind", "run"), name="one_clock_per_run")
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=24)),
                ("position", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "code"), name="one_step_per_case")
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clock", models.CharField(max_length=20)),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("rung_0", "L0"),
                            ("rung_1", "L1"),
                            ("rung_2", "L2"),
                            ("rung_3", "L3"),
                            ("rung_4", "L4"),
                            ("rung_5", "L5"),
                        ],
                        max_length=6,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="complaints.complaint",
                    ),
                ),
                ("recipients", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["due_at", "rung"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "clock", "rung"), name="one_escalation_per_rung"
                    )
                ],
            },
        ),
    ]
