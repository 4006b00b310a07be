"""The customers as a portfolio: tier by stage, value by risk, and where the duties of VIP customers are not met."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from core.params import param
from crm.assessment_rules import rules_at
from crm.choices import CustomerStatus, RiskBand, Stage, Tier
from crm.models import Customer

TIERS = (Tier.VIP, Tier.PROFESSIONAL, Tier.STANDARD)
BREACHES_SHOWN = 100


@dataclass
class Cell:
    """One field of a matrix: how many, where they are listed, and how it is coloured."""

    value: int
    url: str
    tone: str = ""
    label: str = ""


@dataclass
class Line:
    """A row of a matrix."""

    label: Any
    cells: list[Cell]


def live(rows: Any) -> Any:
    """Customers that count: active, with a stage, no history."""
    return rows.filter(status=CustomerStatus.ACTIVE, historical=False).exclude(stage="")


def _listed(**narrowing: Any) -> str:
    words = "&".join(f"{name}={value}" for name, value in narrowing.items())
    return f"{reverse('crm:customer_list')}?status=active&historical=false&{words}"


def by_stage(user: Any) -> list[Line]:
    """Tier by stage of what this person sees."""
    rows = live(Customer.objects.visible_to(user)).order_by()
    counted = {
        (row["tier"], row["stage"]): row["n"] for row in rows.values("tier", "stage").annotate(n=Count("pk"))
    }
    tones = {Stage.WAVERING: "danger", Stage.CONSOLIDATED: "good", Stage.STABLE: "mild"}
    return [
        Line(
            tier.label,
            [
                Cell(
                    counted.get((tier, stage), 0),
                    _listed(tier=tier.value, stage=stage.value),
                    tones.get(stage, "mild"),
                    f"{tier.label} · {stage.label}",
                )
                for stage in Stage
            ],
        )
        for tier in (*TIERS, Tier.NA)
    ]


def by_risk(user: Any, now: datetime) -> list[Line]:
    """Tier by risk band of what this person sees."""
    rules = rules_at(now).risk
    bands = {
        RiskBand.LOW: Q(risk_score__lt=rules.amber),
        RiskBand.MEDIUM: Q(risk_score__gte=rules.amber, risk_score__lt=rules.red),
        RiskBand.HIGH: Q(risk_score__gte=rules.red),
    }
    counts = {str(band): Count("pk", filter=met) for band, met in bands.items()}
    rows = live(Customer.objects.visible_to(user)).order_by().values("tier").annotate(**counts)
    found = {row["tier"]: row for row in rows}
    tones = {RiskBand.LOW: "good", RiskBand.MEDIUM: "warn", RiskBand.HIGH: "danger"}
    return [
        Line(
            tier.label,
            [
                Cell(
                    found.get(tier, {}).get(str(band), 0),
                    _listed(tier=tier.value, risk=band.value),
                    tones[band],
                    f"{tier.label} · {band.label}",
                )
                for band in bands
            ],
        )
        for tier in TIERS
    ]


@dataclass
class VipShare:
    """VIP customers among a person's active buying ones, and whether they are more than the company wants."""

    vip: int
    every: int
    limit: float

    @property
    def share(self) -> float | None:
        """Unknown while nobody buys."""
        return self.vip / self.every if self.every else None

    @property
    def too_many(self) -> bool:
        return self.share is not None and self.share > self.limit


def vip_share(user: Any, now: datetime) -> VipShare:
    """Of what this person sees."""
    rows = live(Customer.objects.visible_to(user)).filter(assessment__narrow=True)
    counted = rows.aggregate(vip=Count("pk", filter=Q(tier=Tier.VIP)), every=Count("pk"))
    return VipShare(counted["vip"], counted["every"], param("crm.vip_share", at=now))


def vip_breaches(user: Any) -> list[Any]:
    """VIP customers without an executive sponsor or without an owner of their own."""
    rows = live(Customer.objects.visible_to(user)).filter(tier=Tier.VIP)
    rows = rows.filter(Q(sponsor__isnull=True) | Q(sponsor__is_active=False) | Q(owner__isnull=True))
    return list(rows.select_related("owner", "branch", "sponsor").order_by("branch", "pk")[:BREACHES_SHOWN])
