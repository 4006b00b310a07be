"""The first twenty steps as one: a new database is made at once, one that has gone part of the way goes on by the old ones."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.search_fields
import crm.match_keys
import crm.name_keys


class Migration(migrations.Migration):
    replaces = [
        ("crm", "0001_customers"),
        ("crm", "0002_parties_in_full"),
        ("crm", "0003_care_cadence"),
        ("crm", "0004_match_keys"),
        ("crm", "0005_fill_match_keys"),
        ("crm", "0006_import_kinds_and_profiles"),
        ("crm", "0007_promises_and_care"),
        ("crm", "0008_handovers"),
        ("crm", "0009_customer_merges"),
        ("crm", "0010_territories_and_pool"),
        ("crm", "0011_activity_score"),
        ("crm", "0012_customer_value"),
        ("crm", "0013_tags_and_segments"),
        ("crm", "0014_visit_confirmations"),
        ("crm", "0015_calendar_feed_reads"),
        ("crm", "0016_consents"),
        ("crm", "0017_customer_boards"),
        ("crm", "0018_privacy_requests"),
        ("crm", "0019_morning_digests"),
        ("crm", "0020_projects_without_user"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0004_list_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
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
                    models.CharField(editable=False, max_length=24, unique=True, verbose_name="customer no."),
                ),
                ("name", models.CharField(max_length=100, verbose_name="full name")),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="short name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                (
                    "former_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        verbose_name="former names",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("end_user", "End user"),
                            ("epc", "EPC contractor"),
                            ("design_institute", "Design institute"),
                            ("dealer", "Dealer"),
                            ("supplier", "Supplier"),
                            ("regulator", "Regulator"),
                            ("internal_dept", "Internal department"),
                            ("tender_agency", "Tender agency"),
                            ("supervisor", "Site supervisor"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("end_user", "End user"),
                                ("epc", "EPC contractor"),
                                ("design_institute", "Design institute"),
                                ("dealer", "Dealer"),
                                ("supplier", "Supplier"),
                                ("regulator", "Regulator"),
                                ("internal_dept", "Internal department"),
                                ("tender_agency", "Tender agency"),
                                ("supervisor", "Site supervisor"),
                                ("other", "Other"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="further kinds",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("municipal_water", "Municipal water"),
                            ("wastewater", "Wastewater"),
                            ("power", "Power"),
                            ("petrochemical", "Petrochemical"),
                            ("chemical", "Chemical"),
                            ("metallurgy", "Metallurgy"),
                            ("mining", "Mining"),
                            ("building_hvac", "Building & HVAC"),
                            ("fire", "Fire protection"),
                            ("irrigation", "Irrigation"),
                            ("pulp_paper", "Pulp & paper"),
                            ("pharma_food", "Pharma & food"),
                            ("marine", "Marine"),
                            ("other", "Other industry"),
                        ],
                        max_length=16,
                        verbose_name="industry",
                    ),
                ),
                (
                    "industry_text",
                    models.CharField(blank=True, max_length=60, verbose_name="industry as given"),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("central_soe", "Central state-owned"),
                            ("local_soe", "Local state-owned"),
                            ("private", "Private"),
                            ("foreign", "Foreign"),
                            ("institution", "Public institution"),
                            ("government", "Government"),
                        ],
                        max_length=12,
                        verbose_name="ownership",
                    ),
                ),
                (
                    "enterprise_size",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("large", "Large"),
                            ("medium", "Medium"),
                            ("small", "Small"),
                            ("micro", "Micro"),
                        ],
                        max_length=6,
                        verbose_name="size",
                    ),
                ),
                ("province_code", models.CharField(blank=True, max_length=2, verbose_name="province")),
                ("city_code", models.CharField(blank=True, max_length=6, verbose_name="city")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="social credit code")),
                ("website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                ("switchboard", models.CharField(blank=True, max_length=30, verbose_name="switchboard")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fair", "Fair"),
                            ("designer", "Recommended by a designer"),
                            ("referral", "Referred by a customer"),
                            ("tender_site", "Tender website"),
                            ("website", "Our website"),
                            ("call", "Call"),
                            ("qr", "QR code"),
                            ("import", "Import"),
                            ("other", "Other source"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        verbose_name="tags",
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=2000, verbose_name="notes")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("vip", "VIP"),
                            ("professional", "Professional"),
                            ("standard", "Standard"),
                            ("na", "No tier"),
                        ],
                        default="na",
                        editable=False,
                        max_length=12,
                        verbose_name="tier",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("acquaintance", "Acquaintance"),
                            ("reserved", "Reserved"),
                            ("stable", "Stable"),
                            ("wavering", "Wavering"),
                            ("consolidated", "Consolidated"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                ("stage_since", models.DateTimeField(editable=False, null=True)),
                ("stage_reason", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "risk_score",
                    models.DecimalField(
                        decimal_places=2, editable=False, max_digits=5, null=True, verbose_name="churn risk"
                    ),
                ),
                (
                    "strength",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="relationship strength",
                    ),
                ),
                (
                    "clv5",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=14,
                        null=True,
                        verbose_name="five-year value",
                    ),
                ),
                (
                    "pool_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("queue", "Waiting for assignment"),
                            ("pool", "In the pool"),
                            ("care", "Care queue"),
                        ],
                        default="",
                        editable=False,
                        max_length=6,
                        verbose_name="pool",
                    ),
                ),
                ("pool_entered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("dormant", "Dormant"),
                            ("lost", "Lost"),
                            ("blacklist", "Blacklisted"),
                        ],
                        default="active",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "last_contact_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last contact"),
                ),
                (
                    "last_verified_contact_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last two-way contact"),
                ),
                (
                    "next_follow_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next step due"),
                ),
                (
                    "needs_completion",
                    models.BooleanField(default=False, editable=False, verbose_name="needs completion"),
                ),
                (
                    "historical",
                    models.BooleanField(default=False, editable=False, verbose_name="history only"),
                ),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("name_keys", crm.name_keys.NameKeysField()),
                (
                    "search_terms",
                    core.search_fields.SearchTermsField(
                        codes=["code", "uscc", "former_codes"],
                        names=["name", "short_name", "name_en", "former_names"],
                    ),
                ),
                ("bank_account", models.CharField(blank=True, max_length=40, verbose_name="bank account")),
                ("bank_name", models.CharField(blank=True, max_length=80, verbose_name="bank")),
                (
                    "competitors",
                    models.TextField(blank=True, max_length=1000, verbose_name="competitors there"),
                ),
                (
                    "completeness",
                    models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="completeness"),
                ),
                ("completeness_at", models.DateTimeField(editable=False, null=True)),
                (
                    "completeness_gaps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        editable=False,
                        verbose_name="what lacks",
                    ),
                ),
                (
                    "credit_days",
                    models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="credit days"),
                ),
                (
                    "credit_hold",
                    models.BooleanField(default=False, editable=False, verbose_name="credit hold"),
                ),
                (
                    "credit_limit",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=14,
                        null=True,
                        verbose_name="credit limit",
                    ),
                ),
                ("district", models.CharField(blank=True, max_length=40, verbose_name="district")),
                ("email_domain", models.CharField(blank=True, max_length=80, verbose_name="e-mail domain")),
                ("invoice_title", models.CharField(blank=True, max_length=100, verbose_name="invoice title")),
                ("is_group", models.BooleanField(default=False, verbose_name="head of a group")),
                (
                    "preferences",
                    models.TextField(blank=True, max_length=1000, verbose_name="preferences and taboos"),
                ),
                ("status_since", models.DateTimeField(editable=False, null=True)),
                ("tax_no", models.CharField(blank=True, max_length=20, verbose_name="tax no.")),
                (
                    "contact_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="contact due by"),
                ),
                (
                    "contact_every_days",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="own rhythm (days)"
                    ),
                ),
                (
                    "former_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), blank=True, default=list, editable=False
                    ),
                ),
                ("match_keys", crm.match_keys.MatchKeysField()),
                ("verified_uscc", models.CharField(blank=True, editable=False, max_length=18)),
                (
                    "assignment_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("one_to_one", "One to one"),
                            ("one_to_many", "By region"),
                            ("care_pool", "Care desk"),
                        ],
                        db_default="",
                        default="",
                        editable=False,
                        max_length=12,
                        verbose_name="served",
                    ),
                ),
                (
                    "assignment_reason",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=12),
                ),
                (
                    "claim_due_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="first contact after claim by"
                    ),
                ),
                (
                    "owned_since",
                    models.DateTimeField(editable=False, null=True, verbose_name="with this owner since"),
                ),
                (
                    "placed_by_rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("named", "named account"),
                            ("parent", "owner of the parent company"),
                            ("channel", "list of design institutes and agents"),
                            ("city_industry", "territory of city and industry"),
                            ("city", "territory of the city"),
                            ("industry", "territory of the industry in the province"),
                            ("province", "territory of the province"),
                            ("branch", "queue of the province's branch"),
                        ],
                        db_default="",
                        default="",
                        editable=False,
                        max_length=14,
                    ),
                ),
                (
                    "pool_due_limit",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=12),
                ),
                (
                    "pool_due_on",
                    models.DateField(editable=False, null=True, verbose_name="goes to the pool on"),
                ),
                (
                    "pool_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "Newly taken up, no territory"),
                            ("unassigned_import", "Unassigned import"),
                            ("no_follow_up", "No follow-up"),
                            ("no_opportunity", "No opportunity"),
                            ("no_deal", "No deal"),
                            ("returned", "Returned by the owner"),
                            ("leaver", "Owner left"),
                            ("claim_lapsed", "Claimed and not worked"),
                            ("became_vip", "Became a key account"),
                        ],
                        db_default="",
                        default="",
                        editable=False,
                        max_length=20,
                        verbose_name="reason in the pool",
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "department",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="crm.customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsidiaries",
                        to="crm.customer",
                        verbose_name="parent company",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="executive sponsor",
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="as_customer",
                        to="accounts.orgunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_terms"], name="customer_search"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_keys"], name="customer_name_keys"
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["branch", "next_follow_at", "id"],
                        name="customer_branch_next",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["owner", "next_follow_at", "id"],
                        name="customer_owner_next",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["branch", "-last_contact_at", "-id"],
                        name="customer_branch_last",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["owner", "-last_contact_at", "-id"],
                        name="customer_owner_last",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["next_follow_at", "id"],
                        name="customer_next",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["-last_contact_at", "-id"],
                        name="customer_last",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["branch", "-id"],
                        name="customer_branch_new",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True), models.Q(("pool_status", ""), _negated=True)
                        ),
                        fields=["branch", "-pool_entered_at", "-id"],
                        name="customer_pool",
                    ),
                    models.Index(fields=["name"], name="customer_name"),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["completeness_at", "id"],
                        name="customer_completeness",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["tags"], name="customer_tags"
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["branch", "contact_due_at", "id"],
                        name="customer_branch_due",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["owner", "contact_due_at", "id"],
                        name="customer_owner_due",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["contact_due_at", "id"],
                        name="customer_due",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["match_keys"], name="customer_match_keys"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True), models.Q(("pool_status", ""), _negated=True)
                        ),
                        fields=["-pool_entered_at", "-id"],
                        name="customer_pools",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True), ("pool_due_on__isnull", False)),
                        fields=["pool_due_on", "branch"],
                        name="customer_pool_due",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True), ("claim_due_at__isnull", False)),
                        fields=["claim_due_at"],
                        name="customer_claim_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("deleted_at__isnull", True), models.Q(("uscc", ""), _negated=True)
                        ),
                        fields=("uscc",),
                        name="one_customer_per_uscc",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner__isnull", True), ("pool_status", ""), _connector="OR"),
                        name="customer_owned_or_pooled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completeness__isnull", True), ("completeness__lte", 100), _connector="OR"
                        ),
                        name="completeness_to_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False),
                            models.Q(("pool_status", ""), _negated=True),
                            ("department__isnull", False),
                            ("unit__isnull", False),
                            ("historical", True),
                            ("deleted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="customer_never_without_anybody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted_at", models.DateTimeField(null=True)),
                ("rules", models.JSONField(default=dict)),
                ("customers", models.PositiveIntegerField(default=0)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "count of the boards",
            },
        ),
        migrations.CreateModel(
            name="CustomerFacts",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="crm.customer",
                    ),
                ),
                ("open_projects", models.PositiveIntegerField(null=True)),
                ("open_project_amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("quoted_at", models.DateTimeField(null=True)),
                ("last_project_at", models.DateTimeField(null=True)),
                ("projects_at", models.DateTimeField(null=True)),
                ("signed_amount_24m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("orders_36m", models.PositiveIntegerField(null=True)),
                ("last_order_on", models.DateField(null=True)),
                ("first_acceptance_on", models.DateField(null=True)),
                ("contracts_at", models.DateTimeField(null=True)),
                ("billed_24m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("overdue_24m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("overdue_amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("payments_at", models.DateTimeField(null=True)),
                ("pumps_in_service", models.PositiveIntegerField(null=True)),
                ("pumps_in_warranty", models.PositiveIntegerField(null=True)),
                ("pumps_at", models.DateTimeField(null=True)),
                ("tickets_total", models.PositiveIntegerField(null=True)),
                ("open_tickets", models.PositiveIntegerField(null=True)),
                ("last_ticket_at", models.DateTimeField(null=True)),
                ("tickets_at", models.DateTimeField(null=True)),
                ("sla_breach_ratio_12m", models.FloatField(null=True)),
                ("sla_at", models.DateTimeField(null=True)),
                ("complaints_total", models.PositiveIntegerField(null=True)),
                ("open_complaints", models.PositiveIntegerField(null=True)),
                ("open_severe_complaints", models.PositiveIntegerField(null=True)),
                ("complaint_points_12m", models.FloatField(null=True)),
                ("complaints_at", models.DateTimeField(null=True)),
                ("answers_total", models.PositiveIntegerField(null=True)),
                ("csat_mean_12m", models.FloatField(null=True)),
                ("csat_answers_24m", models.PositiveIntegerField(null=True)),
                ("last_csat", models.FloatField(null=True)),
                ("last_nps", models.SmallIntegerField(null=True)),
                ("surveys_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("big_order_on", models.DateField(null=True)),
                ("competitor_on", models.DateField(null=True)),
                ("competitor_replaced_on", models.DateField(null=True)),
                ("competitor_tender_on", models.DateField(null=True)),
                ("competitor_twice_on", models.DateField(null=True)),
                ("complaints_resolved_12m", models.PositiveIntegerField(null=True)),
                ("csat_mean_24m", models.FloatField(null=True)),
                ("equipment_36m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("failure_baseline", models.FloatField(null=True)),
                ("failure_rate_12m", models.FloatField(null=True)),
                ("first_order_on", models.DateField(null=True)),
                ("frame_ended_on", models.DateField(null=True)),
                ("influenced_12m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("margin_ratio", models.FloatField(null=True)),
                ("onsite_tickets_12m", models.PositiveIntegerField(null=True)),
                ("open_project_expected", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("order_gap_days", models.FloatField(null=True)),
                ("orders_total", models.PositiveIntegerField(null=True)),
                ("payment_disputed", models.BooleanField(null=True)),
                ("qualified_at", models.DateTimeField(null=True)),
                ("s1_upheld_on", models.DateField(null=True)),
                ("service_36m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("service_hours_12m", models.FloatField(null=True)),
                ("signed_amount_12m", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("strategic", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("strategic_until", models.DateTimeField(null=True)),
                ("tendered_at", models.DateTimeField(null=True)),
                ("terminated_on", models.DateField(null=True)),
                ("projects_without_user", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "customer facts",
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
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
                ("generation", models.PositiveIntegerField(default=0)),
                ("token_digest", models.CharField(max_length=64, null=True, unique=True)),
                ("last_read_at", models.DateTimeField(null=True)),
                ("reads", models.PositiveIntegerField(db_default=0, default=0)),
                ("reads_since", models.DateTimeField(null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("dept", models.CharField(blank=True, max_length=40, verbose_name="department")),
                (
                    "mobile",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="phone", verbose_name="mobile"
                    ),
                ),
                (
                    "phone",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="phone", verbose_name="landline"
                    ),
                ),
                (
                    "wechat",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="wechat", verbose_name="WeChat"
                    ),
                ),
                (
                    "email",
                    core.fields.PersonalField(
                        blank=True, companions=False, default="", kind="email", verbose_name="e-mail"
                    ),
                ),
                (
                    "decision_role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("influencer", "Influencer"),
                            ("user", "User"),
                            ("purchaser", "Purchaser"),
                            ("technical", "Technical evaluator"),
                            ("gatekeeper", "Gatekeeper"),
                            ("unknown", "Role unknown"),
                        ],
                        default="unknown",
                        max_length=14,
                        verbose_name="decision role",
                    ),
                ),
                (
                    "attitude",
                    models.CharField(
                        choices=[
                            ("supporter", "Supporter"),
                            ("neutral", "Neutral"),
                            ("opponent", "Opponent"),
                            ("unknown", "Attitude unknown"),
                        ],
                        default="unknown",
                        max_length=9,
                        verbose_name="attitude",
                    ),
                ),
                ("influence", models.PositiveSmallIntegerField(default=3, verbose_name="influence (1–5)")),
                ("is_primary", models.BooleanField(default=False, verbose_name="primary contact")),
                ("left_at", models.DateField(blank=True, null=True, verbose_name="left on")),
                (
                    "verified_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last verified"),
                ),
                ("last_contact_at", models.DateTimeField(editable=False, null=True)),
                (
                    "do_not_contact",
                    models.BooleanField(default=False, verbose_name="does not want to be contacted"),
                ),
                ("contact_removed", models.BooleanField(default=False, editable=False)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("search_terms", core.search_fields.SearchTermsField(people=["name"])),
                (
                    "mobile_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                (
                    "mobile_last4",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=4),
                ),
                ("mobile_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                (
                    "phone_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                (
                    "phone_last4",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=4),
                ),
                ("phone_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                (
                    "wechat_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                ("wechat_last4", models.CharField(blank=True, default="", editable=False, max_length=4)),
                ("wechat_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                (
                    "email_hash",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                ("email_last4", models.CharField(blank=True, default="", editable=False, max_length=4)),
                ("email_masked", models.CharField(blank=True, default="", editable=False, max_length=80)),
                ("birthday", models.CharField(blank=True, max_length=5, verbose_name="birthday (month-day)")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fair", "Fair"),
                            ("designer", "Recommended by a designer"),
                            ("referral", "Referred by a customer"),
                            ("tender_site", "Tender website"),
                            ("website", "Our website"),
                            ("call", "Call"),
                            ("qr", "QR code"),
                            ("import", "Import"),
                            ("other", "Other source"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                ("mail_domain", crm.match_keys.MailDomainField()),
                (
                    "legal_hold",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="kept because of"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="crm.contact",
                    ),
                ),
                (
                    "reports_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="crm.contact",
                        verbose_name="reports to",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="predecessors",
                        to="crm.contact",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_terms"], name="contact_search"
                    ),
                    models.Index(fields=["customer", "-is_primary", "id"], name="contact_customer"),
                    models.Index(
                        condition=models.Q(("mail_domain", ""), _negated=True),
                        fields=["mail_domain"],
                        name="contact_mail_domain",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True), ("is_primary", True)),
                        fields=("customer",),
                        name="one_primary_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("influence__gte", 1), ("influence__lte", 5)),
                        name="contact_influence_1_to_5",
                        violation_error_message="Influence is a number from 1 to 5.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Contract and service"),
                            ("survey", "Satisfaction surveys"),
                            ("marketing", "Offers and invitations"),
                            ("share_third_party", "Passing on to third parties"),
                            ("recording", "Recording of calls"),
                        ],
                        max_length=17,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("paper", "Signed paper"),
                            ("email", "E-mail"),
                            ("wechat", "WeChat message"),
                            ("form", "Form on the web"),
                            ("spoken", "By word of mouth"),
                            ("notice", "Privacy notice given"),
                        ],
                        max_length=7,
                        verbose_name="how",
                    ),
                ),
                (
                    "text_version",
                    models.CharField(blank=True, max_length=20, verbose_name="version of the text"),
                ),
                ("at", models.DateTimeField(verbose_name="given on")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="proof")),
                (
                    "withdrawn_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="withdrawn on"),
                ),
                (
                    "withdrawn_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("paper", "Signed paper"),
                            ("email", "E-mail"),
                            ("wechat", "WeChat message"),
                            ("form", "Form on the web"),
                            ("spoken", "By word of mouth"),
                            ("notice", "Privacy notice given"),
                        ],
                        editable=False,
                        max_length=7,
                        verbose_name="withdrawn by",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "indexes": [models.Index(fields=["contact", "purpose", "-at"], name="consent_of_contact")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            ("withdrawn_at__gte", models.F("at")),
                            _connector="OR",
                        ),
                        name="consent_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "notice"), _negated=True),
                            ("purpose", "service"),
                            _connector="OR",
                        ),
                        name="notice_is_for_service",
                        violation_error_message="A notice only informs; this purpose needs a consent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
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
                    "kind",
                    models.CharField(
                        choices=[("serves", "Also works for"), ("employed", "Worked there before")],
                        default="serves",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="as what")),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affiliations",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "affiliation",
                "verbose_name_plural": "affiliations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("started_on__isnull", True),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="affiliation_ends_after_start",
                        violation_error_message="The end lies before the start.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("contact", "customer", "kind"),
                        name="one_open_affiliation",
                        violation_error_message="This person already serves that customer.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                    "type",
                    models.CharField(
                        choices=[
                            ("site_visit", "Site visit"),
                            ("factory_tour", "Factory tour"),
                            ("call", "Call"),
                            ("video", "Video meeting"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("meeting", "Meeting"),
                            ("fair", "Fair"),
                            ("other", "Other contact"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "From us"), ("in", "From the customer")],
                        default="out",
                        max_length=3,
                        verbose_name="direction",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("met", "Met"),
                            ("not_met", "Not met"),
                            ("replied", "Replied"),
                            ("sent", "Sent"),
                            ("held", "Held"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when")),
                ("summary", models.TextField(max_length=5000, verbose_name="what was said")),
                ("next_step", models.CharField(blank=True, max_length=200, verbose_name="next step")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next date")),
                ("link_kind", models.CharField(blank=True, max_length=60)),
                ("link_id", models.BigIntegerField(blank=True, null=True)),
                ("verified", models.BooleanField(default=False, editable=False, verbose_name="two-way")),
                (
                    "entered_via",
                    models.CharField(
                        choices=[
                            ("web", "Desk"),
                            ("mobile", "Phone app"),
                            ("api", "Interface"),
                            ("import", "Import"),
                            ("system", "System"),
                        ],
                        default="web",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("form_open_ms", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                (
                    "author_text",
                    models.CharField(
                        blank=True, editable=False, max_length=60, verbose_name="author as imported"
                    ),
                ),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="how long (minutes)"
                    ),
                ),
                ("entered_at", models.DateTimeField(editable=False, null=True, verbose_name="written at")),
                (
                    "late_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why late, or at an odd hour"),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="authenticity"),
                ),
                ("score_version", models.CharField(blank=True, editable=False, max_length=20)),
                ("signals", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "contacts",
                    models.ManyToManyField(
                        blank=True, related_name="activities", to="crm.contact", verbose_name="contacts"
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "indexes": [
                    models.Index(fields=["customer", "-occurred_at", "-id"], name="activity_customer_at"),
                    models.Index(fields=["author", "-occurred_at", "-id"], name="activity_author_at"),
                    models.Index(fields=["-occurred_at", "-id"], name="activity_at"),
                    models.Index(
                        condition=models.Q(("score__lt", 60)),
                        fields=["-occurred_at", "-id"],
                        name="activity_doubted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactTie",
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
                    "strength",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Has met"), (2, "Knows well"), (3, "Trusted")],
                        default=1,
                        verbose_name="how well",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="how it came about")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ties", to="crm.contact"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who of us",
                    ),
                ),
            ],
            options={
                "verbose_name": "tie",
                "verbose_name_plural": "ties",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "user"),
                        name="one_tie_per_pair",
                        violation_error_message="This tie is on the map already; change it there.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CrossClaim",
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
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for consent"),
                            ("done", "Agreed and moved"),
                            ("refused", "Refused"),
                            ("cancelled", "Withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("from_consent_at", models.DateTimeField(editable=False, null=True)),
                ("to_consent_at", models.DateTimeField(editable=False, null=True)),
                (
                    "claimant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimant",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cross_claims",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "from_branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="from branch",
                    ),
                ),
                (
                    "from_consent_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="to branch",
                    ),
                ),
                (
                    "to_consent_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "claim across branches",
                "verbose_name_plural": "claims across branches",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("customer", "claimant"),
                        name="one_open_cross_claim",
                        violation_error_message="You have asked for this customer already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_branch", models.F("to_branch")), _negated=True),
                        name="cross_claim_crosses_branches",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerHold",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("project", "Open project"),
                            ("contract", "Running contract"),
                            ("ticket", "Open ticket"),
                            ("complaint", "Open complaint"),
                            ("receivable", "Open receivable"),
                            ("warranty", "Pump in warranty"),
                            ("extension", "Extension by the branch manager"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ref", models.CharField(max_length=60)),
                ("until", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="crm.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "kind", "ref"), name="one_hold_per_reason")
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerMerge",
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
                            ("proposed", "Proposed"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("done", "Merged"),
                            ("undone", "Taken back"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("choices", models.JSONField(default=dict, editable=False)),
                ("steps", models.JSONField(default=list, editable=False)),
                ("stayed", models.JSONField(default=dict, editable=False)),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.orgunit"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.customer",
                        verbose_name="merged away",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.customer",
                        verbose_name="stays",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["branch", "-id"], name="customermerge_branch"),
                    models.Index(fields=["owner", "-id"], name="customermerge_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("survivor", models.F("loser")), _negated=True),
                        name="merge_of_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done")), fields=("loser",), name="one_merge_per_loser"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("survivor", "loser"),
                        name="one_proposal_per_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("weekly", models.BooleanField(default=False)),
                ("looked_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "summary of a day",
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_at__isnull", True)),
                        fields=["day", "id"],
                        name="digest_waiting",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="one_digest_per_day")],
            },
        ),
        migrations.CreateModel(
            name="DuplicatePair",
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
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, verbose_name="rules"
                    ),
                ),
                ("likeness", models.FloatField(default=1.0, verbose_name="likeness")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be looked at"),
                            ("different", "Not the same"),
                            ("linked", "Linked as parent and branch"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.customer"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "possible duplicate",
                "verbose_name_plural": "possible duplicates",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"
                    ),
                    models.UniqueConstraint(fields=("first", "second"), name="one_row_per_pair"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waiting for approval"),
                            ("ready", "Ready"),
                            ("refused", "Refused"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("resource", models.CharField(default="customers", max_length=40)),
                ("query", models.TextField(blank=True, verbose_name="filter")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel")],
                        default="xlsx",
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("ready_at", models.DateTimeField(editable=False, null=True)),
                ("downloaded_at", models.DateTimeField(editable=False, null=True)),
                ("unmasked", models.BooleanField(default=False, verbose_name="with full numbers")),
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
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["owner", "-id"], name="export_owner")],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
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
                ("text", models.CharField(blank=True, max_length=200, verbose_name="next step")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("reminded_up_to", models.SmallIntegerField(default=-1, editable=False)),
                ("snoozes", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "Step"),
                            ("visit", "Visit"),
                            ("care", "Care contact"),
                            ("greeting", "Greeting"),
                            ("anniversary", "Anniversary"),
                            ("sponsor", "Sponsor's visit"),
                        ],
                        default="step",
                        editable=False,
                        max_length=11,
                        verbose_name="sort",
                    ),
                ),
                ("occasion", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="planned",
                        to="crm.activity",
                    ),
                ),
                (
                    "closed_by_activity",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="settled",
                        to="crm.activity",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["owner", "due_at", "id"],
                        name="followup_owner_due",
                    ),
                    models.Index(fields=["customer", "due_at"], name="followup_customer"),
                    models.Index(fields=["due_at", "id"], name="followup_due"),
                    models.Index(
                        condition=models.Q(("reminded_up_to__lt", 7), ("state", "open")),
                        fields=["due_at"],
                        name="followup_reminder",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="followup_closed_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "care"), ("state", "open")),
                        fields=("customer",),
                        name="one_open_care_contact",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("occasion", ""), _negated=True),
                        fields=("customer", "occasion"),
                        name="one_follow_up_per_occasion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("care", "greeting", "anniversary", "sponsor")),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="followup_says_what_to_do",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpReminder",
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
                ("due_on", models.DateField()),
                ("offset_days", models.PositiveSmallIntegerField()),
                ("level_at", models.DateTimeField()),
                ("reached_at", models.DateTimeField()),
                ("mail_wanted", models.BooleanField(default=False)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="crm.followup",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("mail_wanted", True), ("mailed_at__isnull", True)),
                        fields=["recipient"],
                        name="reminder_unmailed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("follow_up", "due_on", "offset_days", "recipient"),
                        name="one_reminder_per_level",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("code", models.CharField(editable=False, max_length=24, unique=True, verbose_name="number")),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer to other work"),
                            ("leaver", "Leaves the company"),
                            ("territory", "Territory changed"),
                            ("absence", "Absent for more than 15 days"),
                            ("load_cap", "Too many customers"),
                            ("customer_demand", "The customer asks for it"),
                        ],
                        max_length=16,
                        verbose_name="why",
                    ),
                ),
                ("urgent", models.BooleanField(default=False, verbose_name="urgent")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Receiver to be named"),
                            ("initiated", "Initiated"),
                            ("dossier_generated", "Dossier made, to be filled"),
                            ("receiver_review", "Receiver reads it"),
                            ("gaps_fixed", "Nothing lacks any more"),
                            ("customer_informed", "Customer informed"),
                            ("bm_approved", "Approved by the manager"),
                            ("done", "Handed over"),
                            ("cancelled", "Called off"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=18,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(editable=False, verbose_name="due")),
                ("initiated_at", models.DateTimeField(editable=False, null=True)),
                ("items_total", models.PositiveIntegerField(default=0, editable=False)),
                ("items_done", models.PositiveIntegerField(default=0, editable=False)),
                ("refused_at", models.DateTimeField(editable=False, null=True)),
                (
                    "refusal",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="gaps"),
                ),
                ("owner_signed_at", models.DateTimeField(editable=False, null=True)),
                ("receiver_signed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "informed_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visit", "Visit"),
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("letter", "Letter or e-mail"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="how informed",
                    ),
                ),
                ("informed_on", models.DateField(editable=False, null=True)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("completed_at", models.DateTimeField(editable=False, null=True)),
                ("check_due_at", models.DateTimeField(editable=False, null=True)),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                ("check_ok", models.BooleanField(editable=False, null=True)),
                ("late_told", models.SmallIntegerField(default=-1, editable=False)),
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
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hands over",
                    ),
                ),
                (
                    "owner_signed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="receives",
                    ),
                ),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "indexes": [
                    models.Index(fields=["branch", "-id"], name="handover_branch"),
                    models.Index(fields=["owner", "-id"], name="handover_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ["done", "cancelled"]), _negated=True),
                        fields=["due_at", "id"],
                        name="handover_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("receiver__isnull", True),
                            models.Q(("receiver", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            ("receiver__isnull", False),
                            _connector="OR",
                        ),
                        name="handover_has_receiver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverEntry",
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
                ("visit_required", models.BooleanField(default=False, verbose_name="joint visit required")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover_entries",
                        to="crm.customer",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="crm.handover"
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "customer in a handover",
                "verbose_name_plural": "customers in handovers",
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "customer"), name="handover_customer_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("customer",),
                        name="one_open_handover",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverItem",
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
                ("part", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Customer card"),
                            ("map", "Relationship map"),
                            ("contact", "Contact"),
                            ("preferences", "Preferences and taboos"),
                            ("promises", "Promises made by word of mouth"),
                            ("promise", "Promise"),
                            ("follow_up", "Follow-up"),
                            ("work", "Work in progress"),
                            ("pumps", "Pumps in warranty"),
                            ("retention", "Retention plan"),
                            ("competitors", "Competitors"),
                            ("hospitality", "Gifts and hospitality"),
                            ("files", "Files"),
                            ("physical", "Samples, keys and papers"),
                            ("wecom", "WeCom customer passed on"),
                            ("joint_visit", "Joint visit"),
                        ],
                        max_length=12,
                        verbose_name="line",
                    ),
                ),
                ("object_kind", models.CharField(blank=True, max_length=60)),
                ("object_id", models.BigIntegerField(null=True)),
                ("count", models.PositiveIntegerField(default=1)),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="words")),
                ("nothing", models.BooleanField(default=False, verbose_name="none")),
                ("happened_on", models.DateField(blank=True, null=True, verbose_name="on")),
                ("has_gap", models.BooleanField(default=False)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.customer"
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
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="crm.handover"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a dossier",
                "verbose_name_plural": "lines of a dossier",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("handover", "customer", "kind", "object_kind", "object_id"),
                        name="one_line_per_subject",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("mapped", "Columns assigned"),
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("submitted", "Waiting for approval"),
                            ("running", "Importing"),
                            ("done", "Imported"),
                            ("failed", "Stopped by a fault"),
                            ("cancelled", "Cancelled"),
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4)),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                ("delimiter", models.CharField(blank=True, max_length=1, verbose_name="delimiter")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="sheet")),
                ("headers", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("constants", models.JSONField(default=dict)),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("skip", "Skip the row"),
                            ("fill", "Fill in our empty fields"),
                            ("ask", "List for a person to decide"),
                        ],
                        default="skip",
                        max_length=4,
                        verbose_name="when the customer exists",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0)),
                ("created_rows", models.PositiveIntegerField(default=0)),
                ("updated_rows", models.PositiveIntegerField(default=0)),
                ("skipped_rows", models.PositiveIntegerField(default=0)),
                ("rejected_rows", models.PositiveIntegerField(default=0)),
                ("pooled_rows", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("contacts", "Contacts"),
                            ("activities", "Contact history"),
                        ],
                        default="customers",
                        editable=False,
                        max_length=10,
                        verbose_name="holds",
                    ),
                ),
                ("reached", models.PositiveIntegerField(default=0)),
                ("value_maps", models.JSONField(default=dict)),
                ("waiting_rows", models.PositiveIntegerField(default=0)),
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
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_batches",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["owner", "-id"], name="importbatch_owner"),
                    models.Index(fields=["branch", "-id"], name="importbatch_branch"),
                    models.Index(
                        condition=models.Q(("state__in", ("checking", "running"))),
                        fields=["state"],
                        name="importbatch_working",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="import_batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="customers",
                to="crm.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="import_batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="activities",
                to="crm.importbatch",
            ),
        ),
        migrations.CreateModel(
            name="ImportProfile",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customers", "Customers"),
                            ("contacts", "Contacts"),
                            ("activities", "Contact history"),
                        ],
                        default="customers",
                        max_length=10,
                    ),
                ),
                ("header_key", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("constants", models.JSONField(default=dict)),
                ("value_maps", models.JSONField(default=dict)),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("skip", "Skip the row"),
                            ("fill", "Fill in our empty fields"),
                            ("ask", "List for a person to decide"),
                        ],
                        default="skip",
                        max_length=4,
                    ),
                ),
                ("used_at", models.DateTimeField(editable=False, null=True)),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="kept by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import profile",
                "verbose_name_plural": "import profiles",
                "ordering": ["name"],
                "indexes": [models.Index(fields=["kind", "header_key"], name="importprofile_header")],
                "constraints": [
                    models.UniqueConstraint(fields=("branch", "kind", "name"), name="one_profile_per_name")
                ],
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="profile",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="batches",
                to="crm.importprofile",
            ),
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("sealed", core.fields.EncryptedTextField(default="")),
                ("name_key", models.CharField(blank=True, max_length=100)),
                ("uscc", models.CharField(blank=True, max_length=18)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pending", "Not looked at"),
                            ("created", "New"),
                            ("updated", "Filled in"),
                            ("waiting", "To decide"),
                            ("skipped", "Skipped"),
                            ("rejected", "Rejected"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("customer_version", models.PositiveIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("skip", "Leave ours as it is"),
                            ("fill", "Fill in our empty fields"),
                            ("create", "It is another customer: create it"),
                        ],
                        default="",
                        max_length=6,
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="crm.activity",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="crm.importbatch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="crm.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="crm.customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["batch_id", "number"],
                "indexes": [
                    models.Index(fields=["batch", "outcome", "number"], name="importrow_outcome"),
                    models.Index(fields=["batch", "name_key"], name="importrow_name"),
                ],
                "constraints": [models.UniqueConstraint(fields=("batch", "number"), name="one_row_per_line")],
            },
        ),
        migrations.CreateModel(
            name="LoadLift",
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
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="per cent",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "granted_by",
                    models.ForeignKey(
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
                        related_name="load_lifts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "raised load",
                "verbose_name_plural": "raised loads",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="load_lift_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", False)), name="load_lift_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 1), ("percent__lte", 20)),
                        name="load_lift_at_most_20",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_load_lift_at_a_time",
                        violation_error_message="This person's load is raised already in that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
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
                    "kind",
                    models.CharField(
                        choices=[("tier", "Tier"), ("stage", "Stage"), ("strategic", "Strategic weight")],
                        max_length=9,
                        verbose_name="what",
                    ),
                ),
                ("value", models.CharField(max_length=12, verbose_name="set to")),
                ("before", models.CharField(blank=True, editable=False, max_length=12)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("in_force", "In force"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("ended", "Ended"),
                            ("expired", "Expired"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment by hand",
                "verbose_name_plural": "adjustments by hand",
                "indexes": [
                    models.Index(fields=["-proposed_at", "-id"], name="override_newest"),
                    models.Index(
                        condition=models.Q(("state__in", ["proposed", "in_force"])),
                        fields=["until"],
                        name="override_until",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("customer", "kind"),
                        name="one_proposal_per_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("customer", "kind"),
                        name="one_override_per_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("queued", "Put into the queue"),
                            ("recycled", "Recycled"),
                            ("returned", "Returned"),
                            ("lapsed", "Claim lapsed"),
                            ("claimed", "Claimed"),
                            ("assigned", "Assigned"),
                            ("transferred", "Transferred"),
                            ("extended", "Extended"),
                        ],
                        max_length=12,
                        verbose_name="move",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "Newly taken up, no territory"),
                            ("unassigned_import", "Unassigned import"),
                            ("no_follow_up", "No follow-up"),
                            ("no_opportunity", "No opportunity"),
                            ("no_deal", "No deal"),
                            ("returned", "Returned by the owner"),
                            ("leaver", "Owner left"),
                            ("claim_lapsed", "Claimed and not worked"),
                            ("became_vip", "Became a key account"),
                        ],
                        max_length=20,
                        verbose_name="because",
                    ),
                ),
                ("rule", models.CharField(blank=True, max_length=20)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pool_events",
                        to="crm.customer",
                    ),
                ),
                (
                    "from_owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pool move",
                "verbose_name_plural": "pool moves",
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="pool_event_at"),
                    models.Index(fields=["customer", "-at", "-id"], name="pool_event_customer"),
                    models.Index(fields=["branch", "-at", "-id"], name="pool_event_branch"),
                    models.Index(
                        condition=models.Q(("move", "claimed")),
                        fields=["to_owner", "-at"],
                        name="pool_event_claims",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("step", models.CharField(max_length=8)),
                ("given_on", models.DateField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "due_on", "step"), name="one_pool_notice_per_step"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolRule",
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
                ("values", models.JSONField(verbose_name="rules")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
                        default="proposed",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("valid_from", models.DateTimeField(editable=False, null=True, verbose_name="valid from")),
                ("simulation", models.JSONField(default=dict, editable=False)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the pool rules",
                "verbose_name_plural": "changes of the pool rules",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("state",),
                        name="one_open_pool_rule",
                        violation_error_message="Another change waits for its approval; settle it first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("step", models.CharField(max_length=8)),
                ("finished_at", models.DateTimeField(null=True)),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("day", "step"), name="one_pool_run_per_day")],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
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
                ("code", models.CharField(editable=False, max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("copy", "Copy of the data"),
                            ("correct", "Correction"),
                            ("delete", "Deletion"),
                            ("explain", "Explanation"),
                        ],
                        max_length=7,
                        verbose_name="asks for",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("verified", "Identity verified"),
                            ("in_progress", "In progress"),
                            ("done", "Answered"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                        editable=False,
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=1000, verbose_name="in the person's words"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("due_at", models.DateTimeField(verbose_name="to be answered by")),
                (
                    "verified_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call_back", "Called back on the number we knew"),
                            ("known_address", "Wrote from the address we knew"),
                            ("in_person", "Showed a document; no copy kept"),
                            ("employer", "Confirmed by the employer in writing"),
                        ],
                        max_length=13,
                        verbose_name="identity verified by",
                    ),
                ),
                ("verified_at", models.DateTimeField(editable=False, null=True)),
                ("made_at", models.DateTimeField(editable=False, null=True)),
                (
                    "refused_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_verified", "Identity could not be verified"),
                            ("not_ours", "We hold no data of this person"),
                            ("law", "A law or an open claim asks us to keep the data"),
                            ("repeated", "Answered already a short while ago"),
                        ],
                        max_length=12,
                        verbose_name="refused because",
                    ),
                ),
                (
                    "answer",
                    models.CharField(blank=True, max_length=2000, verbose_name="answer to the person"),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.orgunit"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="privacy_requests",
                        to="crm.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken in by",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "privacy request",
                "verbose_name_plural": "privacy requests",
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="privacyrequest_due"),
                    models.Index(fields=["owner", "-id"], name="privacyrequest_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["received", "verified", "in_progress"])),
                        fields=("contact", "kind"),
                        name="one_open_request_per_kind",
                        violation_error_message="This person's request is open already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rows", models.JSONField(default=dict)),
                ("files", models.PositiveIntegerField(default=0)),
                ("by_hand", models.JSONField(default=list)),
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
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="crm.contact"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="crm.privacyrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
            },
        ),
        migrations.CreateModel(
            name="Promise",
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
                ("text", models.CharField(max_length=200, verbose_name="promise")),
                ("made_at", models.DateTimeField(editable=False, verbose_name="given on")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("told_at", models.DateTimeField(editable=False, null=True, verbose_name="customer told")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("moves", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("reminded_up_to", models.SmallIntegerField(default=-1, editable=False)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="promises",
                        to="crm.activity",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.activity",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="promise_due"),
                    models.Index(
                        condition=models.Q(("reminded_up_to__lt", 7), ("state", "open")),
                        fields=["due_at"],
                        name="promise_reminder",
                    ),
                    models.Index(fields=["customer", "due_at", "id"], name="promise_customer"),
                    models.Index(fields=["owner", "due_at", "id"], name="promise_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="promise_closed_has_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionPlan",
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
                ("trigger", models.CharField(blank=True, editable=False, max_length=24)),
                ("opened_at", models.DateTimeField(editable=False)),
                ("due_at", models.DateTimeField(editable=False, verbose_name="due")),
                ("root_cause", models.TextField(blank=True, max_length=2000, verbose_name="root cause")),
                ("offer", models.TextField(blank=True, max_length=2000, verbose_name="what we offer")),
                ("visit_on", models.DateField(blank=True, null=True, verbose_name="visit planned for")),
                ("visited_on", models.DateField(editable=False, null=True, verbose_name="visited on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be written"),
                            ("submitted", "Waits for approval"),
                            ("running", "Running"),
                            ("effective", "Effective"),
                            ("ineffective", "Not effective"),
                        ],
                        default="open",
                        editable=False,
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retention_plans",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="executive who visits",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention plan",
                "verbose_name_plural": "retention plans",
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="retention_due"),
                    models.Index(fields=["customer", "-opened_at"], name="retention_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "submitted", "running"])),
                        fields=("customer",),
                        name="one_open_retention_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True), ("state__in", ["open", "submitted", "running"])
                            ),
                            models.Q(
                                ("closed_at__isnull", False), ("state__in", ["effective", "ineffective"])
                            ),
                            _connector="OR",
                        ),
                        name="retention_closed_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreRun",
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
                        choices=[("tier", "Tier"), ("risk", "Churn risk"), ("value", "Five-year value")],
                        max_length=5,
                    ),
                ),
                ("period", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("score", models.FloatField(null=True)),
                ("result", models.CharField(blank=True, max_length=12)),
                ("rule", models.CharField(blank=True, max_length=20)),
                ("parts", models.JSONField(default=list)),
                ("seen", models.JSONField(default=dict)),
                ("rule_version", models.CharField(blank=True, max_length=120)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="score_runs",
                        to="crm.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept run",
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "kind", "period"), name="one_run_per_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what it is for")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="filter")),
                ("is_frozen", models.BooleanField(default=False, verbose_name="members noted once")),
                (
                    "audience",
                    models.CharField(
                        choices=[("own", "Only me"), ("branch", "My branch"), ("company", "The company")],
                        default="own",
                        max_length=8,
                        verbose_name="who may use it",
                    ),
                ),
                ("size", models.PositiveIntegerField(editable=False, null=True)),
                ("size_capped", models.BooleanField(default=False, editable=False)),
                ("counted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orgunit",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="one_segment_per_name",
                        violation_error_message="You have a segment of this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "branch"), _negated=True),
                            ("branch__isnull", False),
                            _connector="OR",
                        ),
                        name="branch_segment_has_branch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentMember",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.customer"
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="crm.segment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("segment", "customer"), name="one_membership_per_segment")
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("province_code", models.CharField(blank=True, max_length=2, verbose_name="province")),
                ("city", models.CharField(blank=True, max_length=40, verbose_name="city")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("travel_km", models.PositiveIntegerField(default=0, verbose_name="distance (km)")),
                ("notes", models.CharField(blank=True, max_length=200, verbose_name="how to get in")),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "name"), name="one_site_per_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="site_on_earth",
                        violation_error_message="Give both latitude (−90 to 90) and longitude (−180 to 180).",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crm.site",
                verbose_name="place",
            ),
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("tier", "Tier"), ("stage", "Stage")], max_length=5)),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(blank=True, max_length=12)),
                ("rule", models.CharField(max_length=20)),
                ("hard", models.CharField(blank=True, max_length=24)),
                ("at", models.DateTimeField()),
                ("rule_version", models.CharField(blank=True, max_length=120)),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_changes",
                        to="crm.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of standing",
                "indexes": [models.Index(fields=["customer", "-at", "-id"], name="standing_customer")],
            },
        ),
        migrations.CreateModel(
            name="Tag",
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
                ("name", models.CharField(max_length=30, verbose_name="word")),
                ("key", models.CharField(editable=False, max_length=30)),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="what it means")),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
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
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key",),
                        name="one_tag_per_word",
                        violation_error_message="This word is in the vocabulary already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Territory",
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
                ("province_code", models.CharField(max_length=2, verbose_name="province")),
                ("city_code", models.CharField(blank=True, max_length=6, verbose_name="city")),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("municipal_water", "Municipal water"),
                            ("wastewater", "Wastewater"),
                            ("power", "Power"),
                            ("petrochemical", "Petrochemical"),
                            ("chemical", "Chemical"),
                            ("metallurgy", "Metallurgy"),
                            ("mining", "Mining"),
                            ("building_hvac", "Building & HVAC"),
                            ("fire", "Fire protection"),
                            ("irrigation", "Irrigation"),
                            ("pulp_paper", "Pulp & paper"),
                            ("pharma_food", "Pharma & food"),
                            ("marine", "Marine"),
                            ("other", "Other industry"),
                        ],
                        max_length=16,
                        verbose_name="industry",
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
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
            ],
            options={
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="territory_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("province_code", "="),
                            ("city_code", "="),
                            ("industry", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_territory_per_key",
                        violation_error_message="Another territory already covers this in that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitConfirmation",
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
                ("token_hash", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("asked_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField(editable=False)),
                (
                    "statement",
                    models.CharField(
                        blank=True,
                        choices=[("confirmed", "It took place"), ("denied", "It did not take place")],
                        editable=False,
                        max_length=9,
                        verbose_name="what the customer said",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="in the customer's words"
                    ),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmation",
                        to="crm.activity",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation of a visit",
                "verbose_name_plural": "confirmations of visits",
            },
        ),
        migrations.CreateModel(
            name="AccountRule",
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
                    "list",
                    models.CharField(
                        choices=[("named", "Named accounts"), ("channel", "Design institutes and agents")],
                        max_length=8,
                        verbose_name="list",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=100)),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="social credit code")),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="project manager",
                    ),
                ),
            ],
            options={
                "verbose_name": "named account",
                "verbose_name_plural": "named accounts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="account_rule_ends_after_start",
                        violation_error_message="The end must be later than the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("name_key", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_account_rule_per_name",
                        violation_error_message="This name stands in the lists already for that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="assessment",
                        serialize=False,
                        to="crm.customer",
                    ),
                ),
                ("narrow", models.BooleanField(default=False)),
                ("is_prospect", models.BooleanField(default=False)),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("vip", "VIP"),
                            ("professional", "Professional"),
                            ("standard", "Standard"),
                            ("na", "No tier"),
                        ],
                        default="na",
                        max_length=12,
                    ),
                ),
                ("tier_score", models.FloatField(null=True)),
                ("tier_rule", models.CharField(blank=True, max_length=20)),
                ("tier_parts", models.JSONField(default=list)),
                ("stage", models.CharField(blank=True, max_length=12)),
                ("stage_rule", models.CharField(blank=True, max_length=10)),
                ("stage_since", models.DateTimeField(null=True)),
                ("risk_parts", models.JSONField(default=list)),
                ("strength_parts", models.JSONField(default=list)),
                ("value_parts", models.JSONField(default=list)),
                ("potential", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("seen", models.JSONField(default=dict)),
                ("rule_version", models.CharField(blank=True, max_length=120)),
                ("runs_below", models.PositiveSmallIntegerField(default=0)),
                ("promoted_on", models.DateField(null=True)),
                ("floor_on", models.DateField(null=True)),
                ("provisional_on", models.DateField(null=True)),
                ("tier_period", models.CharField(blank=True, max_length=8)),
                ("risk_period", models.CharField(blank=True, max_length=8)),
                ("value_period", models.CharField(blank=True, max_length=8)),
                ("stage_period", models.CharField(blank=True, max_length=10)),
                ("assessed_at", models.DateTimeField(null=True)),
                ("stale_since", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "assessment",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stale_since__isnull", False)),
                        fields=["stale_since"],
                        name="assessment_stale",
                    ),
                    models.Index(fields=["stage_period", "customer"], name="assessment_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardRow",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="board",
                        serialize=False,
                        to="crm.customer",
                    ),
                ),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("one_person", "Known to one person"),
                                ("nobody", "Known to nobody here"),
                                ("one_contact", "One contact only"),
                                ("no_phone", "No contact with a phone"),
                                ("silent", "Silent"),
                                ("users", "End users out of sight"),
                                ("short", "Below the target"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.orgunit",
                    ),
                ),
                (
                    "owner",
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
                "verbose_name": "customer on the boards",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["flags"], name="boardrow_flags"
                    ),
                    models.Index(fields=["branch", "customer"], name="boardrow_branch"),
                    models.Index(fields=["owner", "customer"], name="boardrow_owner"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("all", "Customers"),
                            ("flag", "Sign"),
                            ("stage", "Stage"),
                            ("industry", "Industry"),
                            ("province", "Province"),
                            ("kind", "Kind"),
                            ("band", "Completeness"),
                            ("gap", "What lacks"),
                            ("contacts", "Contacts"),
                            ("logs", "Contact logs"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=16)),
                ("across", models.CharField(blank=True, max_length=16)),
                ("count", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                (
                    "branch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.orgunit",
                    ),
                ),
                (
                    "owner",
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
                "verbose_name": "cell of the boards",
                "indexes": [
                    models.Index(fields=["dimension", "branch"], name="boardcount_branch"),
                    models.Index(fields=["dimension", "owner"], name="boardcount_owner"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareDate",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("founding", "Company anniversary"),
                            ("commissioning", "Commissioning anniversary"),
                            ("contract", "Anniversary of the first contract"),
                            ("other", "Other day"),
                        ],
                        max_length=13,
                        verbose_name="day",
                    ),
                ),
                ("month", models.PositiveSmallIntegerField(verbose_name="month")),
                ("day", models.PositiveSmallIntegerField(verbose_name="day of the month")),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="what it is")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_dates",
                        to="crm.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "care date",
                "verbose_name_plural": "care dates",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day__gte", 1), ("day__lte", 31), ("month__gte", 1), ("month__lte", 12)
                        ),
                        name="care_date_in_the_year",
                        violation_error_message="There is no such day.",
                    ),
                    models.UniqueConstraint(
                        fields=("customer", "kind", "month", "day"), name="one_care_date"
                    ),
                ],
            },
        ),
    ]
