"""Words of service in templates: what a symptom code means."""

from typing import Any

from django import template

from service.faults import symptom_label

register = template.Library()


@register.filter
def symptom(code: str) -> Any:
    """The words for a symptom code."""
    return symptom_label(code)
