"""How the customer floor reads in the API: codes, ids and times; personal values masked."""

from typing import Any

from rest_framework import serializers

from core.clock import db_now
from crm.authenticity_words import explain, silent_sentences
from crm.choices import Identity
from crm.models import Activity, Affiliation, Assessment, Contact, Customer, CustomerFacts, FollowUp, Site
from crm.operations import silent_checks


class CustomerSerializer(serializers.ModelSerializer[Any]):
    """A row of the list."""

    owner_name = serializers.CharField(source="owner.name", default=None)
    branch_code = serializers.CharField(source="branch.code")

    class Meta:
        model = Customer
        fields = (
            "id", "version", "code", "name", "short_name", "name_en", "kind", "industry", "province_code", "city_code",
            "branch", "branch_code", "owner", "owner_name", "tier", "stage", "status", "pool_status",
            "last_contact_at", "last_verified_contact_at", "next_follow_at", "needs_completion", "historical",
            "completeness",
        )  # fmt: skip


class FactsSerializer(serializers.ModelSerializer[Any]):
    """What the apps above know, each with its as-of time."""

    class Meta:
        model = CustomerFacts
        exclude = ("customer",)


class AssessmentSerializer(serializers.ModelSerializer[Any]):
    """What the rules found and why; kept runs and changes are at `assessment`."""

    class Meta:
        model = Assessment
        fields = (
            "narrow", "is_prospect", "tier", "tier_score", "tier_rule", "tier_parts", "stage", "stage_rule", "stage_since",
            "risk_parts", "rule_version", "assessed_at",
        )  # fmt: skip


class CustomerDetailSerializer(CustomerSerializer):
    """One customer with everything people maintain and what was derived."""

    facts = FactsSerializer(default=None)
    assessment = AssessmentSerializer(default=None)
    identity = serializers.ChoiceField(choices=Identity.choices, read_only=True)
    risk_score = serializers.DecimalField(max_digits=5, decimal_places=2, coerce_to_string=False)
    strength = serializers.DecimalField(max_digits=5, decimal_places=2, coerce_to_string=False)
    clv5 = serializers.DecimalField(max_digits=14, decimal_places=2, coerce_to_string=True)

    class Meta(CustomerSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *CustomerSerializer.Meta.fields,
            "former_names", "former_codes", "identity", "kinds", "industry_text", "district", "address", "uscc", "ownership", "enterprise_size", "website",
            "email_domain", "switchboard", "source", "tags", "notes", "preferences", "competitors", "is_group", "parent",
            "invoice_title", "tax_no", "bank_name", "bank_account", "credit_limit", "credit_days", "credit_hold",
            "status_since", "completeness_gaps", "completeness_at", "sponsor", "stage_since", "stage_reason", "risk_score",
            "strength", "clv5", "pool_entered_at", "pool_reason", "owned_since", "claim_due_at", "pool_due_on",
            "pool_due_limit", "assignment_class", "assignment_reason", "placed_by_rule", "created_at", "updated_at", "facts",
            "assessment",
        )  # fmt: skip


class ContactSerializer(serializers.ModelSerializer[Any]):
    """A person; numbers only masked, `reveal` opens them."""

    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Contact
        fields = (
            "id", "version", "customer", "customer_name", "name", "title", "dept", "mobile_masked", "phone_masked",
            "wechat_masked", "email_masked", "decision_role", "attitude", "influence", "is_primary", "reports_to",
            "left_at", "successor", "verified_at", "source", "do_not_contact", "last_contact_at",
        )  # fmt: skip


class AffiliationSerializer(serializers.ModelSerializer[Any]):
    """A person's bond to a customer that does not employ them today."""

    contact_name = serializers.CharField(source="contact.name")

    class Meta:
        model = Affiliation
        fields = (
            "id",
            "version",
            "contact",
            "contact_name",
            "customer",
            "kind",
            "title",
            "started_on",
            "ended_on",
        )


class SiteSerializer(serializers.ModelSerializer[Any]):
    """A place."""

    class Meta:
        model = Site
        fields = (
            "id", "version", "customer", "name", "province_code", "city", "address", "latitude", "longitude", "travel_km", "notes",
        )  # fmt: skip


class ActivitySerializer(serializers.ModelSerializer[Any]):
    """A contact log."""

    customer_name = serializers.CharField(source="customer.name")
    author_name = serializers.CharField(source="author.name")

    class Meta:
        model = Activity
        fields = (
            "id", "version", "customer", "customer_name", "contacts", "author", "author_name", "type", "direction",
            "outcome", "occurred_at", "summary", "next_step", "next_at", "link_kind", "link_id", "verified",
            "entered_via", "entered_at", "duration_minutes", "late_reason", "created_at",
        )  # fmt: skip


class ActivityDetailSerializer(ActivitySerializer):
    """A contact log with its score and reasons, empty for readers who may not know them."""

    score = serializers.SerializerMethodField()
    band = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    silent = serializers.SerializerMethodField()

    class Meta(ActivitySerializer.Meta):
        fields = (*ActivitySerializer.Meta.fields, "score", "band", "reasons", "silent", "score_version")

    def _may_know(self, row: Activity) -> bool:
        return bool(self.context["request"].user.has_perm("crm.view_score_activity", row))

    def get_score(self, row: Activity) -> int | None:
        """0–100; null where nobody judged."""
        return row.score if self._may_know(row) else None

    def get_band(self, row: Activity) -> str:
        """trusted, check or suspicious."""
        return row.band if self._may_know(row) else ""

    def get_reasons(self, row: Activity) -> list[dict[str, Any]]:
        """Each signal: code, points, data and its sentence."""
        if not self._may_know(row):
            return []
        own = row.author_id == self.context["request"].user.pk
        return [{**one, "sentence": str(explain(one, own=own))} for one in row.signals]

    def get_silent(self, row: Activity) -> list[dict[str, str]]:
        """Signals that could not be looked at, and why."""
        if row.score is None or not self._may_know(row):
            return []
        codes = silent_checks(row, db_now())
        return [
            {"code": code, "sentence": said}
            for code, said in zip(codes, silent_sentences(codes), strict=True)
        ]


class FollowUpSerializer(serializers.ModelSerializer[Any]):
    """A planned next step."""

    customer_name = serializers.CharField(source="customer.name")
    owner_name = serializers.CharField(source="owner.name")
    words = serializers.CharField()

    class Meta:
        model = FollowUp
        fields = (
            "id", "version", "customer", "customer_name", "owner", "owner_name", "kind", "text", "words", "site", "due_at",
            "state",
            "activity", "closed_by_activity", "closed_at", "snoozes",
        )  # fmt: skip
