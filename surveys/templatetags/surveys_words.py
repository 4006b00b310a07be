"""Words of surveys in templates: scores as badges, means and shares with their intervals, the value of an answer."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import badge
from surveys.choices import Kind
from surveys.statistics import Mean, Share

register = template.Library()

TONES = {1: "danger", 2: "danger", 3: "warn", 4: "good", 5: "good"}


@register.simple_tag
def score(value: int | None) -> SafeString | str:
    """`{% score response.csat %}`: 4 / 5 in the tone of the score."""
    return badge(f"{value} / 5", TONES[value]) if value else "—"


@register.filter
def mean_value(figure: Mean | None) -> str:
    """A mean with two decimals."""
    return f"{figure.value:.2f}" if figure else "—"


@register.filter
def mean_interval(figure: Mean | None) -> str:
    """How sure a mean is."""
    if figure is None or figure.interval is None:
        return _("too few answers")
    low, high = figure.interval
    return _("95 %%: %(low)s–%(high)s") % {"low": f"{low:.2f}", "high": f"{high:.2f}"}


@register.filter
def bounds(figure: Mean | None) -> str:
    """The interval of a mean alone, for a table that names it in its head."""
    return "–".join(f"{end:.2f}" for end in figure.interval) if figure and figure.interval else "—"


@register.filter
def share_value(figure: Share | None) -> str:
    """A share in percent."""
    return f"{figure.value * 100:.1f} %" if figure else "—"


@register.filter
def share_interval(figure: Share | None) -> str:
    """How sure a share is."""
    if figure is None:
        return _("too few answers")
    low, high = figure.interval
    return _("95 %%: %(low)s–%(high)s") % {"low": f"{low * 100:.1f}", "high": f"{high * 100:.1f} %"}


@register.filter
def decimals(number: float | None, places: int = 1) -> str:
    """A number with fixed decimals; a dash where there is none yet."""
    return "—" if number in (None, "") else f"{float(number):.{places}f}"


@register.simple_tag
def answer_value(answer: Any) -> SafeString | str:
    """The value of one answer: a score on its scale, a choice, or the text."""
    if answer.number is not None:
        top = {Kind.SCALE7: 7, Kind.NPS: 10}.get(answer.question.kind, 5)
        tone = TONES[answer.number] if top == 5 else ("danger" if top == 7 and answer.number <= 2 else "")
        return badge(f"{answer.number} / {top}", tone)
    if answer.choice:
        tones = {"yes": "good", "partly": "warn", "no": "danger"}
        return badge(answer.get_choice_display(), tones[answer.choice])
    return answer.text
