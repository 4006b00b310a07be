"""Words of the morning mail."""

from django import template

from crm.calendar_file import without_numbers

register = template.Library()


@register.filter
def plain_words(text: str) -> str:
    """Typed words as a mail may carry them: on one line, without telephone numbers and mail addresses."""
    return " ".join(without_numbers(text).split())
