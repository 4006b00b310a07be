"""Words of the customer floor in templates: places and the tone of a code."""

from typing import Any

from django import template

from accounts.geography import region_name
from core.templatetags.ui import badge
from crm.choices import TONES

register = template.Library()


@register.filter
def place(customer: Any) -> str:
    """Province and city in the reader's language; a municipality only once."""
    names = dict.fromkeys(region_name(code) for code in (customer.province_code, customer.city_code) if code)
    return " ".join(names)


@register.filter
def region(code: str) -> str:
    """The name of a province or city."""
    return region_name(code) if code else ""


@register.filter
def tone(code: str) -> str:
    """The badge tone of a stage, state or attitude."""
    return TONES.get(code, "")  # type: ignore[call-overload]


@register.simple_tag
def stage_badge(customer: Any) -> str:
    """The life-cycle stage as a badge; nothing when there is none."""
    return badge(customer.get_stage_display(), tone(customer.stage)) if customer.stage else ""
