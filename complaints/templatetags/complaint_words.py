"""Words of complaints in templates: the severity badge, clock names, rung numbers."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from complaints import explain
from complaints.choices import ClockKind
from core.templatetags.ui import badge

register = template.Library()

TONES = {"s1": "solid", "s2": "warn"}


@register.simple_tag
def severity(code: str) -> SafeString:
    """`{% severity case.severity %}`: S1 dark, S2 amber, the rest quiet."""
    return badge(code.upper(), TONES.get(code, ""))


@register.filter
def clock_word(kind: str | None) -> Any:
    """The name of a clock."""
    return ClockKind(kind).label if kind else "—"


@register.filter
def rung_number(rung: str) -> int:
    """0–5, or -1 when nothing was climbed."""
    return explain.rung_number(rung)


@register.filter
def addtext(text: str, more: Any) -> str:
    """Text with anything appended (the built-in `add` refuses text and number)."""
    return f"{text}{more}"
