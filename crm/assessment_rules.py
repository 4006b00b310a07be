"""The rules in force at an instant, read from the dated parameters, and the periods whose runs are kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.params import param, param_version
from crm.cadence import cadences
from crm.lifecycle import StageRules
from crm.risk import RiskRules
from crm.strength import StrengthRules
from crm.tiers import TierRules
from crm.value import ValueRules

NIGHT = timedelta(hours=3, minutes=30)
"""The night pass begins at 03:30 local; the runs of a new month, week and quarter ride on it."""


@dataclass(frozen=True)
class Rules:
    """All five sets and `version`, the days they came into force ("0": the default in code)."""

    tier: TierRules
    risk: RiskRules
    stage: StageRules
    strength: StrengthRules
    value: ValueRules
    cadences: Mapping[str, int]
    version: str


@dataclass(frozen=True)
class Periods:
    """The month of the tier, the week of the risk, the day of the stage, the quarter of the value."""

    month: str
    week: str
    day: str
    quarter: str


def rules_at(at: datetime) -> Rules:
    """The rules in force."""
    names = {
        "tier": TierRules,
        "risk": RiskRules,
        "stage": StageRules,
        "strength": StrengthRules,
        "value": ValueRules,
    }
    found: dict[str, Any] = {name: _made(kind, f"crm.{name}_rules", at) for name, kind in names.items()}
    version = " ".join(f"{name}:{param_version(f'crm.{name}_rules', at=at)}" for name in names)
    return Rules(**found, cadences=cadences(at), version=version)


def _made(kind: Any, key: str, at: datetime) -> Any:
    """The company's numbers over the defaults; a number the code no longer knows is left out."""
    known = {field.name for field in fields(kind)}
    given = {name: value for name, value in param(key, at=at).items() if name in known}
    return kind(**{**asdict(kind()), **given})


def periods_at(now: datetime) -> Periods:
    """The periods that count from the last night pass on."""
    night = timezone.localtime(now - NIGHT).date()
    year, week, _weekday = night.isocalendar()
    return Periods(
        month=f"{night:%Y-%m}",
        week=f"{year}-W{week:02d}",
        day=night.isoformat(),
        quarter=f"{night.year}-Q{(night.month + 2) // 3}",
    )
