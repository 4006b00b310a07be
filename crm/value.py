"""What a customer is worth in five years, and what one without orders may become (domain §2.8). Arithmetic only."""

from collections.abc import Iterable
from dataclasses import dataclass

from crm.bands import Part, clamp


@dataclass(frozen=True)
class ValueRules:
    """Margins, costs and discount in force; the dated parameter `crm.value_rules` overrides them."""

    margin: float = 0.28
    service_margin: float = 0.45
    visit_cost: float = 800
    ticket_cost: float = 1500
    hour_cost: float = 120
    discount: float = 0.08
    years: int = 5
    risk_effect: float = 0.6
    least_retention: float = 0.30
    most_retention: float = 0.98
    referral: float = 0.2
    least_months: int = 12
    most_months: int = 36


@dataclass(frozen=True)
class ValueFacts:
    """Yearly amounts in CNY net; `margin` is the real one where cost is known."""

    equipment: float
    service: float = 0
    cost: float = 0
    risk: float = 0
    margin: float | None = None
    influenced: float = 0


def cost_to_serve(visits: float, tickets: float, hours: float, rules: ValueRules) -> float:
    """Yearly cost of visits, on-site tickets and service hours."""
    return visits * rules.visit_cost + tickets * rules.ticket_cost + hours * rules.hour_cost


def yearly(amount: float, tenure_months: float, rules: ValueRules) -> float:
    """Mean annual amount of a sum signed within the last 36 months, over the tenure but at least a year."""
    months = max(rules.least_months, min(rules.most_months, tenure_months))
    return amount / months * 12


def retention(risk: float, rules: ValueRules) -> float:
    """The chance to keep the customer another year."""
    return clamp(1 - rules.risk_effect * risk / 100, rules.least_retention, rules.most_retention)


def yearly_gain(facts: ValueFacts, rules: ValueRules) -> float:
    """Margin of equipment and service less the cost to serve, plus the share of what the customer influences."""
    margin = rules.margin if facts.margin is None else facts.margin
    referral = facts.influenced * margin * rules.referral
    return facts.equipment * margin + facts.service * rules.service_margin - facts.cost + referral


def clv5(facts: ValueFacts, rules: ValueRules) -> float:
    """Five-year value: the yearly gain, each year less likely and discounted."""
    kept = retention(facts.risk, rules)
    factor = sum(kept**year / (1 + rules.discount) ** year for year in range(1, rules.years + 1))
    return yearly_gain(facts, rules) * factor


def parts_of(facts: ValueFacts, rules: ValueRules) -> tuple[Part, ...]:
    """Equipment, service, cost, referral: each one's share of the five-year value."""
    kept = retention(facts.risk, rules)
    factor = sum(kept**year / (1 + rules.discount) ** year for year in range(1, rules.years + 1))
    margin = rules.margin if facts.margin is None else facts.margin
    lines = (
        ("equipment", facts.equipment, facts.equipment * margin, margin),
        ("service", facts.service, facts.service * rules.service_margin, rules.service_margin),
        ("cost", facts.cost, -facts.cost, None),
        ("referral", facts.influenced, facts.influenced * margin * rules.referral, rules.referral),
    )
    return tuple(Part(code, seen, worth * factor, round(kept, 4), by) for code, seen, worth, by in lines)


def potential(open_deals: Iterable[tuple[float, float]], rules: ValueRules) -> float:
    """Of a customer without orders: open amounts times their chance, times the margin."""
    return sum(amount * chance for amount, chance in open_deals) * rules.margin
