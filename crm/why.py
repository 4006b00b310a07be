"""Why a customer is VIP, wavering, at risk or worth so much: the kept parts of each result as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import ask
from crm.choices import Stage
from crm.models import Assessment, Contact, Customer, RetentionPlan, ScoreRun, StandingChange

PART_LABELS: dict[str, Any] = {
    "amount": _("Signed in 24 months"),
    "orders": _("Orders in 36 months"),
    "recency": _("Days since the last order"),
    "pumps": _("Pumps in service"),
    "payment": _("Overdue share of billed"),
    "strategic": _("Strategic weight"),
    "purchase_gap": _("Purchase gap"),
    "silence": _("Contact silence"),
    "satisfaction": _("Satisfaction"),
    "complaints": _("Complaints"),
    "competitor": _("Competitor event"),
    "failures": _("Failure rate"),
    "sla": _("Broken service promises"),
    "contact_left": _("Key contact left"),
    "dispute": _("Payment withheld"),
    "detractor": _("Would not recommend us"),
    "equipment": _("Equipment a year"),
    "service": _("Parts and service a year"),
    "cost": _("Cost to serve a year"),
    "referral": _("Influenced orders a year"),
}
RULE_LABELS: dict[str, Any] = {
    "entered": _("as entered; no contract data yet"),
    "not_narrow": _("no contract and no open opportunity"),
    "first": _("first result"),
    "promoted": _("points reached the higher tier"),
    "floor": _("signed ¥5 million or more in 12 months"),
    "stays": _("points hold the tier"),
    "below": _("below the limit; falls after three monthly runs"),
    "below_recent": _("below the limit; promoted less than 180 days ago"),
    "below_complaint": _("below the limit; not while a grave complaint is open"),
    "demoted": _("three monthly runs below the limit"),
    "provisional": _("strategic, with a large opportunity: for 180 days"),
    "provisional_over": _("180 days passed without an order"),
    "override": _("set by hand"),
    "override_over": _("decision by hand is over"),
    "won_back": _("ordered again: won back"),
    "competitor_tender": _("gave a competitor a large tender"),
    "competitor_twice": _("two tenders to competitors in a year"),
    "s1_upheld": _("major complaint upheld"),
    "frame_ended": _("frame agreement ended"),
    "competitor_replaced": _("a competitor's pump replaced ours"),
    "by_hand": _("opened by hand"),
}
STAGE_WHY: dict[str, Any] = {
    "new": _("no qualified need known yet"),
    "T1": _("a gate was passed, a quotation sent or a visit made"),
    "T2": _("first acceptance passed, or a second order signed"),
    "T3": _("risk at 60 or more in two weekly runs, or a hard sign of leaving"),
    "T4": _("risk below 40 for eight weeks and the recovery plan worked"),
    "T5": _("two years of business, three orders, satisfied, strong relations"),
    "T6": _("recovered, ordered again and satisfied"),
    "T7": _("all opportunities lost and a year of silence"),
    "T8": _("years without order, contact or pump, or terminated in writing"),
}
RULE_SETS: dict[str, Any] = {
    "tier": _("Tier"),
    "risk": _("Churn risk"),
    "stage": _("Stage"),
    "strength": _("Relationship strength"),
    "value": _("Five-year value"),
}
MONEY = ("amount", "equipment", "service", "cost", "referral")
SHARES = ("payment", "sla", "failures")


@dataclass
class PartLine:
    """One component: what was seen, against what, its points of the most it can give, and how full that is."""

    label: Any
    value: Any
    against: Any
    points: float
    most: float
    kind: str

    @property
    def share(self) -> float:
        """Points as a share of the most, 0–100, for the bar."""
        return 100 * abs(self.points) / self.most if self.most else 0.0

    @property
    def tone(self) -> str:
        """The bar's colour where much is bad."""
        return "danger" if self.share >= 75 else "warn" if self.share > 0 else ""


@dataclass
class Why:
    """All results of a customer, explained."""

    row: Assessment | None
    tier: list[PartLine]
    risk: list[PartLine]
    strength: list[PartLine]
    value: list[PartLine]
    tier_rule: Any
    rules: list[str]


def explain(customer: Customer) -> Why:
    """The present results with their parts."""
    row = Assessment.objects.filter(customer=customer).first()
    if row is None:
        return Why(None, [], [], [], [], "", [])
    people = dict(Contact.objects.filter(customer=customer).values_list("pk", "name"))
    named = {str(pk): name for pk, name in people.items()}
    return Why(
        row=row,
        tier=lines_of(row.tier_parts),
        risk=sorted(lines_of(row.risk_parts), key=lambda line: -line.points),
        strength=sorted(lines_of(row.strength_parts, named), key=lambda line: -line.points),
        value=lines_of(row.value_parts),
        tier_rule=RULE_LABELS.get(row.tier_rule, ""),
        rules=rules_told(row.rule_version),
    )


def rules_told(version: str) -> list[str]:
    """Which numbers a result was computed with ("tier:0 risk:2026-03-01 …", 0 being those delivered), in words."""
    parted = [entry.partition(":") for entry in version.split()]
    changed = [
        str(_("%(rules)s: the company's numbers since %(day)s") % {"rules": RULE_SETS[name], "day": day})
        for name, _colon, day in parted
        if day != "0" and name in RULE_SETS
    ]
    return changed or [str(_("Computed with the rules as delivered"))]


def lines_of(parts: Iterable[dict[str, Any]], named: dict[str, str] | None = None) -> list[PartLine]:
    """Kept parts as lines; `named` gives the names of parts that are people."""
    labels: dict[str, Any] = {**PART_LABELS, **(named or {})}
    return [
        PartLine(
            label=labels.get(part["code"], "—"),
            value=part["value"],
            against=part.get("against"),
            points=part["points"],
            most=part["most"],
            kind=_kind(part["code"], part["value"]),
        )
        for part in parts
    ]


def _kind(code: str, value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    if code in MONEY:
        return "money"
    return "share" if code in SHARES else "number"


@dataclass
class ChangeLine:
    """A change of tier or stage with its rule in words."""

    change: StandingChange
    rule: Any


@dataclass
class History:
    """Kept months, weeks and quarters, the newest first, and the changes."""

    tier: list[ScoreRun]
    risk: list[ScoreRun]
    value: list[ScoreRun]
    changes: list[ChangeLine]

    @property
    def risk_series(self) -> list[float]:
        """Weekly risks, the oldest first, for the trend line."""
        return [run.score or 0.0 for run in reversed(self.risk)]


def history(customer: Customer) -> History:
    """How the customer was judged before."""
    runs: dict[str, list[ScoreRun]] = {"tier": [], "risk": [], "value": []}
    for kind, most in (("tier", 13), ("risk", 26), ("value", 8)):
        rows = ScoreRun.objects.filter(customer=customer, kind=kind).defer("seen", "parts")
        runs[kind] = list(rows.order_by("-period")[:most])
    changes = StandingChange.objects.filter(customer=customer).for_list()[:20]
    return History(**runs, changes=[ChangeLine(change, rule_words(change)) for change in changes])


def rule_words(change: StandingChange) -> Any:
    """Why it moved, in words; a hard sign of leaving says more than the rule."""
    code = change.hard or change.rule
    return RULE_LABELS.get(code) or STAGE_WHY.get(code) or pgettext_lazy("rule", "rule")


@dataclass
class Standing:
    """What the customer page shows of the judgement: risk parts, weekly trend, the open plan, what both sides gain."""

    risk: list[PartLine]
    risk_series: list[float]
    plan: RetentionPlan | None
    gains: list[tuple[Any, str]]


def standing_of(customer: Customer, user: Any) -> Standing | None:
    """The judgement for this reader; None when not judged yet or not for this reader's eyes."""
    row = getattr(customer, "assessment", None)
    if row is None or row.assessed_at is None or not ask(user, "crm.view_customerfacts", customer):
        return None
    runs = ScoreRun.objects.filter(customer=customer, kind="risk").order_by("-period")
    scores = list(runs.values_list("score", flat=True)[:26])
    plan = None
    if customer.stage == Stage.WAVERING:
        plans = RetentionPlan.objects.filter(customer=customer).select_related("visitor")
        plan = plans.order_by("-opened_at").first()
        if plan is not None:
            plan.customer = customer
    return Standing(
        risk=sorted(lines_of(row.risk_parts), key=lambda line: -line.points),
        risk_series=scores[::-1],
        plan=plan,
        gains=_gains(customer, ask(user, "crm.view_value_customer", customer)),
    )


def _gains(customer: Customer, may_value: Any) -> list[tuple[Any, str]]:
    """双赢: what the customer got from us beside what we get from it."""
    facts = getattr(customer, "facts", None)
    if facts is None or customer.clv5 is None:
        return []
    found: list[tuple[Any, str]] = []
    if facts.csat_mean_12m is not None:
        found.append((_("Customer: satisfaction, 12 months"), f"{facts.csat_mean_12m:.1f}"))
    if facts.sla_breach_ratio_12m is not None:
        found.append(
            (_("Customer: service promises kept"), f"{100 * (1 - facts.sla_breach_ratio_12m):.1f} %")
        )
    if facts.complaints_resolved_12m:
        found.append((_("Customer: complaints solved"), str(facts.complaints_resolved_12m)))
    if may_value:
        found.append((_("We: five-year value"), f"¥{customer.clv5:,.0f}"))
    return found
