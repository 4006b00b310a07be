"""What every customer was found to be: tier, risk, stage, strength and value, why, by which rules, and how it moved."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kinds import RootBy
from core.models import Row
from crm.choices import ChangeKind, CustomerStatus, ScoreKind, Stage, Tier
from crm.models.customers import Customer
from crm.value_querysets import ScoreRunQuerySet, StandingChangeQuerySet


class Assessment(Row):
    """The present result of a customer, one row each, with what the next pass must remember.

    `tier` and `stage` are what the rules say; while an override holds, the customer shows another. `*_parts` explain each
    score (`crm.bands.Part`), `seen` is the snapshot of what was looked at, `rule_version` the parameters in force.
    `stale_since` marks a customer whose facts moved after it was assessed. `runs_below`, `promoted_on`, `floor_on` and
    `provisional_on` are the memory of the tier's hysteresis, `*_period` the last period whose run is kept.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="assessment"
    )
    narrow = models.BooleanField(default=False)
    is_prospect = models.BooleanField(default=False)
    tier = models.CharField(max_length=12, choices=Tier, default=Tier.NA)
    tier_score = models.FloatField(null=True)
    tier_rule = models.CharField(max_length=20, blank=True)
    tier_parts = models.JSONField(default=list)
    stage = models.CharField(max_length=12, blank=True)
    stage_rule = models.CharField(max_length=10, blank=True)
    stage_since = models.DateTimeField(null=True)
    risk_parts = models.JSONField(default=list)
    strength_parts = models.JSONField(default=list)
    value_parts = models.JSONField(default=list)
    potential = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    seen = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=120, blank=True)
    runs_below = models.PositiveSmallIntegerField(default=0)
    promoted_on = models.DateField(null=True)
    floor_on = models.DateField(null=True)
    provisional_on = models.DateField(null=True)
    tier_period = models.CharField(max_length=8, blank=True)
    risk_period = models.CharField(max_length=8, blank=True)
    value_period = models.CharField(max_length=8, blank=True)
    stage_period = models.CharField(max_length=10, blank=True)
    assessed_at = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("assessment")
        indexes = [
            models.Index(
                fields=["stale_since"],
                name="assessment_stale",
                condition=models.Q(stale_since__isnull=False),
            ),
            models.Index(fields=["stage_period", "customer"], name="assessment_day"),
        ]


class ScoreRun(Row):
    """One kept run: the tier of a month, the risk of a week, the value of a quarter; never changed afterwards."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="score_runs")
    kind = models.CharField(max_length=5, choices=ScoreKind)
    period = models.CharField(max_length=8)
    at = models.DateTimeField()
    score = models.FloatField(null=True)
    result = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=20, blank=True)
    parts = models.JSONField(default=list)
    seen = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=120, blank=True)

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept run")
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "period"], name="one_run_per_period")
        ]


class StandingChange(Row):
    """A change of a customer's tier or stage: from, to, by which rule; `by` only for people's decisions."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standing_changes")
    kind = models.CharField(max_length=5, choices=ChangeKind)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=20)
    hard = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    rule_version = models.CharField(max_length=120, blank=True)

    objects = StandingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of standing")
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="standing_customer")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words(self.before)} → {self.words(self.after)}"

    def words(self, code: str) -> str:
        """A tier, a stage or "lost" as people read it."""
        if code == CustomerStatus.LOST:
            return str(CustomerStatus.LOST.label)
        known = Tier if self.kind == ChangeKind.TIER else Stage
        return str(known(code).label) if code else "—"

    audit_root = RootBy("customer")
