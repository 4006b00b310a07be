import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.search_fields
import crm.name_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_company_units"),
        ("accounts", "__first__"),
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
                        codes=["code", "uscc"], names=["name", "short_name", "name_en", "former_names"]
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
                ],
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
                ("verified_at", models.DateTimeField(editable=False, null=True)),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="crm.customer",
                        verbose_name="customer",
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
            ],
            options={
                "verbose_name": "customer facts",
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
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "contacts",
                    models.ManyToManyField(
                        blank=True, related_name="activities", to="crm.contact", verbose_name="contacts"
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
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "indexes": [
                    models.Index(fields=["customer", "-occurred_at", "-id"], name="activity_customer_at"),
                    models.Index(fields=["author", "-occurred_at", "-id"], name="activity_author_at"),
                    models.Index(fields=["-occurred_at", "-id"], name="activity_at"),
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
                ("text", models.CharField(max_length=200, verbose_name="next step")),
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
                    )
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
                    models.UniqueConstraint(fields=("customer", "name"), name="one_site_per_name")
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
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.orgunit"
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
    ]
