import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
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
    ]

    operations = [
        migrations.CreateModel(
            name="Pump",
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
                ("code", models.CharField(max_length=24, unique=True, verbose_name="number")),
                ("serial", models.CharField(max_length=40, unique=True, verbose_name="serial number")),
                ("position", models.CharField(blank=True, max_length=40, verbose_name="position no.")),
                ("model", models.CharField(max_length=40, verbose_name="model")),
                (
                    "flow",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="flow, m³/h"
                    ),
                ),
                (
                    "head",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="head, m"
                    ),
                ),
                ("speed", models.PositiveIntegerField(blank=True, null=True, verbose_name="speed, r/min")),
                (
                    "motor_kw",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="motor, kW"
                    ),
                ),
                (
                    "efficiency",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=4, null=True, verbose_name="efficiency"
                    ),
                ),
                (
                    "npshr",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="NPSHr, m"
                    ),
                ),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="made on")),
                ("delivered_on", models.DateField(blank=True, null=True, verbose_name="delivered on")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="accepted on")),
                ("warranty_until", models.DateField(blank=True, null=True, verbose_name="warranty until")),
                (
                    "running_hours",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="running hours"),
                ),
                ("standby", models.BooleanField(default=False, verbose_name="has a standby pump")),
                (
                    "criticality",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1 The plant stops"), (2, "2 Output falls"), (3, "3 Hardly noticed")],
                        default=2,
                        verbose_name="criticality",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_stock", "In stock"),
                            ("in_transit", "In transit"),
                            ("installing", "Being installed"),
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("scrapped", "Scrapped"),
                            ("moved", "Moved"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("public_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("code_generation", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "search_terms",
                    core.search_fields.SearchTermsField(
                        codes=["serial", "code", "position"], names=["model"]
                    ),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pumps",
                        to="crm.customer",
                        verbose_name="customer",
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
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pumps",
                        to="crm.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "pump",
                "verbose_name_plural": "pumps",
                "ordering": ["code"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_terms"], name="pump_search"
                    ),
                    models.Index(fields=["branch", "-id"], name="pump_branch"),
                    models.Index(fields=["owner", "-id"], name="pump_owner"),
                    models.Index(fields=["customer", "-id"], name="pump_customer"),
                    models.Index(fields=["model", "-id"], name="pump_model"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                ("code", models.CharField(max_length=24, unique=True, verbose_name="number")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("consult", "Consulting"),
                            ("repair", "Repair"),
                            ("install", "Installation"),
                            ("parts", "Spare parts"),
                            ("maintain", "Maintenance"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                            ("on_site", "On site"),
                            ("qr", "QR code"),
                            ("auto", "System"),
                        ],
                        default="phone",
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("symptom", models.CharField(blank=True, max_length=4, verbose_name="symptom")),
                ("description", models.TextField(blank=True, max_length=4000, verbose_name="description")),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("i1", "Total stop, safety or environment"),
                            ("i2", "Severe, no standby pump"),
                            ("i3", "Partial, standby pump runs"),
                            ("i4", "No effect on operation"),
                        ],
                        max_length=2,
                        verbose_name="impact",
                    ),
                ),
                ("safety_flag", models.BooleanField(default=False, verbose_name="danger to people or water")),
                ("tier_snapshot", models.CharField(max_length=12, verbose_name="tier at receipt")),
                ("tier_rank", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "priority",
                    models.CharField(
                        choices=[("p1", "P1"), ("p2", "P2"), ("p3", "P3"), ("p4", "P4")],
                        max_length=2,
                        verbose_name="priority",
                    ),
                ),
                ("priority_reasons", models.JSONField(default=list, editable=False)),
                ("priorities", models.JSONField(default=list, editable=False)),
                ("run", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("run_started_at", models.DateTimeField(editable=False)),
                ("received_at", models.DateTimeField(verbose_name="received")),
                (
                    "response_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="response due"),
                ),
                (
                    "onsite_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="on site due"),
                ),
                (
                    "restore_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="restore due"),
                ),
                (
                    "resolve_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="resolve due"),
                ),
                ("travel_km", models.PositiveIntegerField(default=0, verbose_name="way to the site, km")),
                ("calendar_code", models.CharField(blank=True, editable=False, max_length=20)),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="agreed day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("accepted", "Accepted"),
                            ("assigned", "Assigned"),
                            ("in_progress", "In progress"),
                            ("waiting_parts", "Waiting for parts"),
                            ("waiting_customer", "Waiting for the customer"),
                            ("waiting_window", "Waiting for a shutdown window"),
                            ("resolved", "Resolved"),
                            ("pending_confirm", "Customer to confirm"),
                            ("pending_callback", "Call-back due"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("reopened", "Reopened"),
                        ],
                        default="new",
                        editable=False,
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        blank=True,
                        choices=[("remote", "Remote"), ("travel", "Travelling"), ("on_site", "On site")],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("diagnosis", models.TextField(blank=True, max_length=1000, verbose_name="first diagnosis")),
                ("answer_due_at", models.DateTimeField(editable=False, null=True)),
                ("resolved_at", models.DateTimeField(editable=False, null=True)),
                ("confirm_asked_at", models.DateTimeField(editable=False, null=True)),
                ("confirm_nudges", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("next_nudge_at", models.DateTimeField(editable=False, null=True)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "confirm_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signature", "Signature on the report"),
                            ("link", "Tracking link"),
                            ("recorded_call", "Recorded call"),
                        ],
                        editable=False,
                        max_length=14,
                    ),
                ),
                ("callback_required", models.BooleanField(default=False, editable=False)),
                ("callback_due_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "close_kind",
                    models.CharField(
                        blank=True,
                        choices=[("confirmed", "Confirmed"), ("unconfirmed", "Closed unconfirmed")],
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("reopen_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "difficulty",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="difficulty"),
                ),
                ("historical", models.BooleanField(default=False, editable=False)),
                ("source_ref", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                ("tracking_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("tracking_generation", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "search_terms",
                    core.search_fields.SearchTermsField(codes=["code", "source_ref"], names=["description"]),
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
                        related_name="tickets",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "creator",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="tickets",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "engineer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_tickets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="engineer",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="service.ticket",
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
                    "pumps",
                    models.ManyToManyField(
                        blank=True, related_name="tickets", to="service.pump", verbose_name="pumps"
                    ),
                ),
                (
                    "repeat_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="service.ticket",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("historical", False),
                            models.Q(("state__in", ["closed", "cancelled"]), _negated=True),
                        ),
                        fields=["priority", "tier_rank", "response_due_at", "id"],
                        name="ticket_queue",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_terms"], name="ticket_search"
                    ),
                    models.Index(fields=["branch", "-id"], name="ticket_branch"),
                    models.Index(fields=["owner", "-id"], name="ticket_owner"),
                    models.Index(fields=["engineer", "-id"], name="ticket_engineer"),
                    models.Index(fields=["customer", "-id"], name="ticket_customer"),
                    models.Index(fields=["state", "-id"], name="ticket_state"),
                    models.Index(fields=["-received_at", "-id"], name="ticket_received"),
                    models.Index(
                        condition=models.Q(("historical", False)),
                        fields=["closed_at"],
                        name="ticket_closed_at",
                    ),
                    models.Index(
                        condition=models.Q(("state", "assigned")),
                        fields=["answer_due_at"],
                        name="ticket_answer_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "pending_confirm")),
                        fields=["next_nudge_at"],
                        name="ticket_nudge",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["assigned", "in_progress"]), _negated=True),
                            ("engineer__isnull", False),
                            ("historical", True),
                            _connector="OR",
                        ),
                        name="worked_ticket_has_engineer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceReport",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("returned", "Sent back"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("remote", models.BooleanField(default=False, verbose_name="solved from afar")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                ("symptom", models.CharField(max_length=4, verbose_name="symptom")),
                (
                    "cause_class",
                    models.CharField(
                        choices=[
                            ("d", "D Design or selection"),
                            ("c", "C Casting or material"),
                            ("m", "M Machining or assembly"),
                            ("b", "B Bought-in part"),
                            ("t", "T Transport or storage"),
                            ("i", "I Installation, foundation, piping"),
                            ("u", "U Operating conditions"),
                            ("p", "P Poor maintenance"),
                            ("w", "W Natural wear"),
                            ("e", "E Power and electrical"),
                            ("x", "X Unknown"),
                        ],
                        max_length=1,
                        verbose_name="cause",
                    ),
                ),
                (
                    "actions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, verbose_name="what was done"
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(400),
                        ],
                        verbose_name="hours worked",
                    ),
                ),
                ("summary", models.TextField(blank=True, max_length=4000, verbose_name="in words")),
                ("readings", models.JSONField(blank=True, default=dict)),
                ("parts_text", models.TextField(blank=True, max_length=1000, verbose_name="parts used")),
                ("old_part_returned", models.BooleanField(default=False, verbose_name="old part taken back")),
                (
                    "safety_checks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list
                    ),
                ),
                (
                    "advice",
                    models.TextField(blank=True, max_length=1000, verbose_name="advice to the customer"),
                ),
                ("charges", models.CharField(blank=True, max_length=300, verbose_name="charge items")),
                ("signer_name", models.CharField(blank=True, max_length=60, verbose_name="signed by")),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("next_visit_on", models.DateField(blank=True, null=True, verbose_name="next visit")),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
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
                    "engineer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pump",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="service.pump",
                        verbose_name="pump",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "service report",
                "verbose_name_plural": "service reports",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            ("arrived_at__isnull", True),
                            ("left_at__gte", models.F("arrived_at")),
                            _connector="OR",
                        ),
                        name="report_leaves_after_arrival",
                        violation_error_message="Leaving cannot be earlier than arriving.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeReport",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be checked"),
                            ("accepted", "Became a ticket"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("symptom", models.CharField(max_length=4, verbose_name="symptom")),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("i1", "Total stop, safety or environment"),
                            ("i2", "Severe, no standby pump"),
                            ("i3", "Partial, standby pump runs"),
                            ("i4", "No effect on operation"),
                        ],
                        max_length=2,
                        verbose_name="impact",
                    ),
                ),
                ("safety_flag", models.BooleanField(default=False, verbose_name="danger to people or water")),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="description")),
                ("reporter_name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "reporter_phone",
                    core.fields.PersonalField(
                        companions=False, default="", kind="phone", verbose_name="phone"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("peer_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("tracking_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                (
                    "reporter_phone_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                (
                    "reporter_phone_last4",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=4),
                ),
                (
                    "reporter_phone_masked",
                    models.CharField(blank=True, default="", editable=False, max_length=80),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.orgunit"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pump",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intake_reports",
                        to="service.pump",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intake_reports",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "public fault report",
                "verbose_name_plural": "public fault reports",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["received_at"],
                        name="intake_waiting",
                    ),
                    models.Index(fields=["peer_digest", "received_at"], name="intake_peer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reached", models.BooleanField(default=True, verbose_name="customer reached")),
                ("fixed", models.BooleanField(default=True, verbose_name="the fault is gone")),
                (
                    "attitude",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="engineer's manner, 1–5",
                    ),
                ),
                ("cost_explained", models.BooleanField(default=True, verbose_name="costs were explained")),
                (
                    "visit_verified",
                    models.BooleanField(default=True, verbose_name="the visit really took place"),
                ),
                ("open_points", models.TextField(blank=True, max_length=1000, verbose_name="still open")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("signature", "Signature on the report"),
                            ("link", "Tracking link"),
                            ("recorded_call", "Recorded call"),
                        ],
                        default="recorded_call",
                        max_length=14,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="TicketAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("taken", "Taken"),
                            ("declined", "Declined"),
                            ("returned", "Returned unanswered"),
                            ("replaced", "Given to somebody else"),
                            ("finished", "Finished"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("planned_start", models.DateTimeField(null=True)),
                ("planned_end", models.DateTimeField(null=True)),
                ("travelled_at", models.DateTimeField(null=True)),
                ("eta", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("accuracy", models.PositiveIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engineer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["offered_at"],
                "indexes": [
                    models.Index(fields=["engineer", "planned_start"], name="assignment_engineer_day")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer__in", ["offered", "taken"])),
                        fields=("ticket",),
                        name="one_open_assignment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clock_no", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "Response"),
                            ("onsite", "On site"),
                            ("restore", "Restore"),
                            ("resolve", "Resolve"),
                        ],
                        max_length=8,
                    ),
                ),
                ("start", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("voided", models.BooleanField(default=False)),
                ("remaining", models.DurationField(default=datetime.timedelta(0))),
                ("provisional", models.BooleanField(default=False)),
                ("levels", models.JSONField(default=list)),
                ("steps", models.JSONField(default=list)),
                ("next_level_at", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["clock_no"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_level_at__isnull", False)),
                        fields=["next_level_at"],
                        name="clock_next_level",
                    ),
                    models.Index(fields=["kind", "due_at"], name="clock_kind_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "clock_no"), name="one_clock_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEscalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clock_no", models.PositiveSmallIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "level"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "clock_no", "level"), name="one_ticket_escalation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("row", models.PositiveIntegerField()),
                ("activity", models.CharField(max_length=80)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "row"],
                "indexes": [
                    models.Index(fields=["ticket", "at", "row"], name="event_ticket_at"),
                    models.Index(fields=["agent", "at"], name="event_agent_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("ticket", "row"), name="one_event_per_line")],
            },
        ),
        migrations.CreateModel(
            name="TicketPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Waiting for the customer"),
                            ("window", "Waiting for a shutdown window"),
                            ("parts", "Waiting for parts"),
                            ("force_majeure", "Force majeure"),
                        ],
                        max_length=14,
                    ),
                ),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="proof")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected on")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end__isnull", True)), fields=("ticket",), name="one_open_pause"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                        ),
                        name="pause_ends_after_start",
                    ),
                ],
            },
        ),
    ]
