"""Changing the pool's rules: proposed with its effect counted, approved by somebody else, in force on the next day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.rules import require
from crm.models import PoolRule
from crm.pool_clock import pool_rules, simulate
from crm.pool_rules import check_rules

HORIZONS = (1, 7, 14, 30)
"""For how many days ahead the effect of a change is counted."""

WORDS = {
    "number": _("A whole number of days between 1 and 3650."),
    "order": _("Falling days, ending with 1, and below the days without contact: 14, 7, 1."),
}


def propose_pool_rules(*, by: Any, now: datetime, values: Mapping[str, Any], reason: str) -> PoolRule:
    """Propose a table of rules and keep what it would do beside what the present one does, by branch and days ahead.

    Refuses a malformed table (field by field), no reason, no change at all, and a second proposal while one waits.
    """
    require(by, "crm.add_poolrule")
    errors: dict[str, list[Any]] = {
        name.replace(".", "_"): [WORDS[code] for code in codes] for name, codes in check_rules(values).items()
    }
    if not reason.strip():
        errors["reason"] = [_("Say why; whoever approves it reads it.")]
    present = pool_rules(now)
    if not errors and values == present:
        errors["reason"] = [_("These are the rules in force; nothing would change.")]
    if errors:
        raise RuleBroken(errors=errors)
    effect = {"now": simulate(present, now, HORIZONS), "then": simulate(values, now, HORIZONS)}
    rule = PoolRule(values=dict(values), reason=reason.strip(), proposed_by=by, simulation=effect)
    try:
        with transaction.atomic():
            rule.save()
            audit.record(
                "crm.add_poolrule", rule, by=by, now=now, reason=reason, data={"values": dict(values)}
            )
    except IntegrityError as error:
        raise RuleBroken(_("Another change waits for its approval; settle it first.")) from error
    return rule
