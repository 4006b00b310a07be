"""Words of the customer floor in templates: places and the tone of a code."""

import json
from typing import Any

from django import template
from django.utils.translation import gettext as _

from accounts.geography import region_name
from core.tasks_list import day_group
from core.templatetags.ui import badge
from crm.choices import DUPLICATE_RULES, FOLLOW_UP_ICONS, TONES, CustomerKind, TieStrength
from crm.filters import DUE_WHEN
from crm.map_layout import Line
from crm.models import Contact
from crm.operations.loads import load_words
from crm.pool_choices import POOL_TONES

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


@register.filter
def group_of_day(due_at: Any, now: Any) -> str:
    """The heading a due time stands under in a list."""
    return dict(DUE_WHEN)[day_group(due_at, now)]


@register.filter
def kind_icon(follow_up: Any) -> str:
    """The picture of a follow-up's sort."""
    return FOLLOW_UP_ICONS[follow_up.kind]


@register.simple_tag
def stage_badge(customer: Any) -> str:
    """The life-cycle stage as a badge; nothing when there is none."""
    return badge(customer.get_stage_display(), tone(customer.stage)) if customer.stage else ""


@register.filter
def plus(value: float, more: int) -> str:
    """A coordinate moved by some pixels, for drawings."""
    return f"{float(value) + int(more):.1f}"


@register.filter
def shortened(value: object, most: int) -> str:
    """A text cut to so many characters, because drawn text does not wrap; Latin letters count half."""
    text, room = str(value or ""), float(most)
    for place, sign in enumerate(text):
        room -= 0.55 if sign.isascii() else 1
        if room < 0:
            return f"{text[:place]}…"
    return text


@register.filter
def dots(value: int) -> str:
    """A small number as filled dots: influence 1–5, strength of a tie 1–3."""
    return "●" * int(value or 0)


@register.filter
def tie_word(value: int) -> str:
    """How well one of us knows a person."""
    return str(TieStrength(value).label)


@register.filter
def elbow(line: Line) -> str:
    """A reporting line as a path that goes down, across and down."""
    middle = (line.y1 + line.y2) / 2
    return f"M{line.x1:.1f} {line.y1:.1f}V{middle:.1f}H{line.x2:.1f}V{line.y2:.1f}"


@register.filter
def place_data(person: Contact) -> str:
    """What the map's form needs beside the superior when a person is dropped on another."""
    return json.dumps(
        {
            "decision_role": person.decision_role,
            "attitude": person.attitude,
            "influence": person.influence,
            "version": person.version,
        }
    )


@register.filter
def kind_word(code: str) -> str:
    """The word of a kind of party."""
    return str(CustomerKind(code).label)


@register.filter
def rule_word(code: str) -> Any:
    """A duplicate rule in a word or two."""
    return DUPLICATE_RULES.get(code, code)


@register.filter
def pool_tone(code: str) -> str:
    """The badge tone of a pool reason, move, rule state or class of service."""
    return POOL_TONES.get(code, "")  # type: ignore[call-overload]


register.simple_tag(load_words)


@register.filter
def seen(value: Any, kind: str) -> str:
    """A measured value of an explanation: money, share, yes or no, or a plain number; a dash when unknown."""
    if value is None or value == "":
        return "—"
    if kind == "flag" or isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if kind == "money":
        return f"¥{float(value):,.0f}"
    if kind == "share":
        return f"{100 * float(value):.1f} %"
    return f"{float(value):,.1f}".removesuffix(".0") if isinstance(value, int | float) else str(value)
