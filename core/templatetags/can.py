"""Permission questions in templates: the same rules the views ask."""

from typing import Any

from django import template

from core.rules import ask

register = template.Library()


@register.simple_tag
def can(user: Any, code: str, row: Any = None) -> bool:
    """`{% can user "service.close_ticket" ticket as may_close %}`"""
    return bool(ask(user, code, row))
