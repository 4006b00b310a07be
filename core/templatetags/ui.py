"""Template tags for the small parts of the look: icons, badges, amounts, times, clocks, tiny pictures of numbers, cards."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from django import template
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from core.flow import Transition
from core.icons import ICONS

register = template.Library()

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEAR = timedelta(hours=4)  # a due time this close is shown as near its limit
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
TIERS = {
    "vip": gettext_lazy("VIP"),
    "professional": pgettext_lazy("tier", "Professional"),
    "standard": pgettext_lazy("tier", "Standard"),
}


# --- icons, badges, people ----------------------------------------------------------------------------------------------
@cache
def _icon(name: str, css: str, label: str) -> SafeString:
    shape = mark_safe(ICONS[name])
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" viewBox="0 0 24 24" {}>{}</svg>', css, told, shape)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An inline picture in the text colour; give `label` only when no word stands beside it. Unknown name: a dot."""
    return _icon(name, css, str(label))


@register.simple_tag
def badge(label: object, tone: str = "", icon: str = "", title: str = "") -> SafeString:
    """A state in a word. Tones: vip solid brand outline danger warn good life alarm, or none for quiet."""
    return _badge(label if isinstance(label, SafeString) else str(label), tone, icon, str(title))


@lru_cache(2000)
def _badge(label: str, tone: str, icon: str, title: str) -> SafeString:
    picture = _icon(icon, "", "") if icon else ""
    css = f" badge-{tone}" if tone else ""
    told = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="badge{}"{}>{}{}</span>', css, told, picture, label)


@register.simple_tag
def tier(code: str) -> SafeString:
    """The customer's tier as its badge; nothing for `na` or an unset tier."""
    return badge(TIERS[code], code) if code in TIERS else mark_safe("")


@register.simple_tag
def avatar(name: object, css: str = "") -> SafeString:
    """A person's first character in a circle; decoration only, the name must stand beside it."""
    return format_html(
        '<span class="avatar {}" aria-hidden="true">{}</span>', css, str(name or "?")[:1].upper()
    )


@register.simple_tag
def person(user: object) -> SafeString:
    """Avatar and name; a dash when nobody is named."""
    if not user:
        return mark_safe('<span class="muted">—</span>')
    return format_html('<span class="person">{}{}</span>', avatar(user), user)


@register.simple_tag
def key(*names: str) -> SafeString:
    """Keys to press, drawn as keys; hidden on phones."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((name,) for name in names))


# --- amounts ------------------------------------------------------------------------------------------------------------
def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


@register.filter
def yuan(value: object) -> str:
    """The exact amount in CNY, to the fen: ¥468,000.00. A dash for none."""
    amount = _decimal(value)
    return "—" if amount is None else f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


@register.filter
def money(value: object) -> SafeString:
    """The amount as it is spoken: ¥46.80 万, ¥1.32 亿 in Chinese; ¥468,000, ¥132.0 M in English; exact on hover."""
    amount = _decimal(value)
    if amount is None:
        return mark_safe("—")
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    if (get_language() or "").startswith("zh"):
        if size >= YI:
            text = f"{sign}¥{size / YI:,.2f} 亿"
        elif size >= WAN:
            text = f"{sign}¥{size / WAN:,.2f} 万"
        else:
            text = f"{sign}¥{size:,.2f}"
    elif size >= 10_000_000:
        text = f"{sign}¥{size / 1_000_000:,.1f} M"
    else:
        text = f"{sign}¥{size:,.0f}" if size >= WAN else f"{sign}¥{size:,.2f}"
    return format_html('<span class="nowrap" title="{}">{}</span>', yuan(value), text)


@register.filter
def thousands(value: object, places: int = 0) -> str:
    """A number with thousands separators; a dash for none."""
    number = _decimal(value)
    return "—" if number is None else f"{number:,.{int(places)}f}"


@register.filter
def percent(value: object, places: int = 1) -> str:
    """A share (0.824) as 82.4 %; a dash for none."""
    number = _decimal(value)
    return "—" if number is None else f"{number * 100:.{int(places)}f} %"


# --- times --------------------------------------------------------------------------------------------------------------
def _local(value: datetime | date) -> datetime:
    if isinstance(value, datetime):
        return timezone.localtime(value)
    return timezone.make_aware(datetime.combine(value, time.max.replace(microsecond=0)))


def _days_apart(moment: datetime, now: datetime) -> int:
    return (moment.date() - now.date()).days


def _day_word(days: int, moment: datetime, now: datetime) -> str:
    """The day in words when it is within a week, else its date (the year only when it is not this one)."""
    if -1 <= days <= 1:
        return (_("today"), _("tomorrow"), _("yesterday"))[days]
    if 1 < days <= 7:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    if -7 <= days < -1:
        return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
    return f"{moment:%Y-%m-%d}" if moment.year != now.year else f"{moment:%m-%d}"


def _stamp(moment: datetime, text: str, css: str = "") -> SafeString:
    exact = moment.isoformat(" ", timespec="minutes")  # digits and signs only: nothing to escape
    return mark_safe(
        f'<time class="nowrap {css}" datetime="{exact.replace(" ", "T", 1)}" title="{exact[:16]}">'
        f"{conditional_escape(text)}</time>"
    )


@register.filter
def when(value: datetime | date | None, now: datetime | None = None) -> SafeString:
    """A past or future day in words within 7 days, else its date; the full time on hover."""
    if not value:
        return mark_safe('<span class="muted">—</span>')
    current, moment = timezone.localtime(now), _local(value)
    days = _days_apart(moment, current)
    text = _day_word(days, moment, current)
    if isinstance(value, datetime) and days in (0, -1):
        text = f"{moment:%H:%M}" if days == 0 else f"{text} {moment:%H:%M}"
    return _stamp(moment, text)


@register.filter
def day(value: datetime | date | None) -> str:
    """The date itself: 2026-11-22; a dash for none."""
    return f"{_local(value):%Y-%m-%d}" if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    """The date and minute itself: 2026-11-22 09:05; a dash for none."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else "—"


@register.filter
def at_time(value: datetime) -> SafeString:
    """The hour and minute, the whole instant for machines beside it."""
    moment = _local(value)
    return mark_safe(f'<time datetime="{moment.isoformat()}">{moment:%H:%M}</time>')


def span_words(length: timedelta) -> str:
    """A length of time in its two largest units: 6 days, 3 h 12 min."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours >= 1:
        rest = minutes % 60
        if not rest or hours >= 10:
            return _("%(h)d h") % {"h": hours}
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest}
    return _("%(m)d min") % {"m": minutes}


def _late_words(moment: datetime, now: datetime) -> str:
    """How late in one unit: calendar days after a whole day, else hours, else minutes."""
    late = now - moment
    if late > DAY:
        days = -_days_apart(moment, now)
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return span_words(late if late < HOUR else late - late % HOUR)


@register.filter
def due(value: datetime | date | None, now: datetime | None = None) -> SafeString:
    """When something is due: red and in words once it is past, amber when near, else the day."""
    if not value:
        return mark_safe('<span class="muted">—</span>')
    current, moment = timezone.localtime(now), _local(value)
    if moment < current:
        words = _("%(time)s overdue") % {"time": _late_words(moment, current)}
        return _stamp(moment, format_html('<i class="dot"></i> {}', words), "t-danger strong")
    days = _days_apart(moment, current)
    if days == 0 and f"{moment:%H:%M}" not in ("23:59", "00:00"):
        by = _("by %(time)s") % {"time": f"{moment:%H:%M}"}
        return _stamp(moment, by, "t-warn strong" if moment - current <= NEAR else "")
    return _stamp(moment, _day_word(days, moment, current))


@register.filter
def clock(value: datetime | None, now: datetime | None = None) -> SafeString:
    """What is left of a service clock, or how far it is past: amber under 4 h, red when breached."""
    if not value:
        return mark_safe('<span class="muted">—</span>')
    current, moment = timezone.localtime(now), _local(value)
    if moment < current:
        return _stamp(moment, _("%(time)s late") % {"time": span_words(current - moment)}, "t-danger strong")
    words = _("%(time)s left") % {"time": span_words(moment - current)}
    return _stamp(moment, words, "t-warn strong" if moment - current <= NEAR else "strong")


# --- numbers as pictures ------------------------------------------------------------------------------------------------
@register.simple_tag
def meter(value: object, maximum: object = 100, tone: str = "", label: str = "") -> SafeString:
    """A bar. The number itself must stand beside it as text."""
    css = f" meter-{tone}" if tone else ""
    return format_html(
        '<progress class="meter{}" value="{}" max="{}" aria-label="{}"></progress>',
        css,
        value or 0,
        maximum,
        label,
    )


@register.simple_tag
def sparkline(
    values: Sequence[float], target: float | str | None = None, tone: str = "", label: str = ""
) -> SafeString:
    """A trend line of a few numbers, with a dotted target; empty when there are fewer than two."""
    numbers = [float(value) for value in values or [] if value is not None]
    if len(numbers) < 2:
        return mark_safe("")
    width, height = 96.0, 26.0
    aimed = float(target) if target not in (None, "") else None  # a name a template lacks arrives as ""
    low = min([*numbers, numbers[0] if aimed is None else aimed])
    high = max([*numbers, numbers[0] if aimed is None else aimed])
    scale = (height - 4) / ((high - low) or 1)
    step = (width - 4) / (len(numbers) - 1)

    def y_of(number: float) -> float:
        return round(height - 2 - (float(number) - low) * scale, 1)

    points = [(round(index * step, 1), y_of(number)) for index, number in enumerate(numbers)]
    line = " ".join(f"{x},{y}" for x, y in points)
    aim = (
        format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', width, y_of(aimed), y_of(aimed))
        if aimed is not None
        else ""
    )
    return format_html(
        '<svg class="spark{}" viewBox="0 0 96 26" role="img" aria-label="{}"><polygon points="0,26 {} {},26"/>{}'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.4"/></svg>',
        f" spark-{tone}" if tone else "", label, line, points[-1][0], aim, line, *points[-1],
    )  # fmt: skip


# --- regions ------------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def card(
    content: str, title: object = "", icon: str = "", meta: object = "", tone: str = "", flush: bool = False
) -> SafeString:
    """A framed part of a page with a head; `flush` leaves out the inner padding (lists, tables)."""
    head = ""
    if title:
        picture = _icon(icon, "", "") if icon else ""
        beside = format_html('<div class="card-meta">{}</div>', meta) if meta else ""
        head = format_html('<header class="card-head"><h2>{}{}</h2>{}</header>', picture, title, beside)
    body = content if flush else format_html('<div class="card-body">{}</div>', content)
    return format_html('<section class="card{}">{}{}</section>', f" card-{tone}" if tone else "", head, body)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, wide: bool = False, note: str = "", label: str = "") -> dict[str, object]:
    """A form field with its label, help and errors; radio fields marked `chips` in the widget become chips."""
    widget = bound.field.widget
    return {
        "field": bound,
        "wide": wide,
        "note": note,
        "label": label or bound.label,
        "is_check": getattr(widget, "input_type", "") == "checkbox" and not hasattr(widget, "choices"),
        "is_chips": "chips" in widget.attrs.get("class", "").split(),
        "is_file": getattr(widget, "input_type", "") == "file",
        "is_group": bool(getattr(widget, "use_fieldset", False)),
        "seen": bound.as_hidden(only_initial=True) if bound.field.show_hidden_initial else "",
        "news": getattr(bound.field, "news", ""),
    }


@register.simple_tag(takes_context=True)
def sort_th(context: template.Context, name: str, label: object, css: str = "") -> SafeString:
    """A table head that sorts its list; the order stays in the address (`ordering`), a second click reverses it."""
    request = context["request"]
    now = request.GET.get("ordering", context.get("ordering") or "")
    descending = now == f"-{name}"
    query = request.GET.copy()
    query.pop("cursor", None)
    query["ordering"] = name if descending or now != name else f"-{name}"
    state = "descending" if descending else "ascending" if now == name else "none"
    mark = _icon("down" if descending else "up", "", "") if state != "none" else ""
    direction = format_html(' data-dir="{}"', state) if state != "none" else ""
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort"{} href="?{}">{}{}</a></th>',
        css, state, direction, query.urlencode(), label, mark,
    )  # fmt: skip


@register.inclusion_tag("components/transitions.html")
def steps(row: Model, transitions: Sequence[Transition], shown: int = 3) -> dict[str, object]:
    """Buttons for what this user may do with the row now; the first is solid, those beyond `shown` in a menu.

    Words come from the step's own page, so they are written once.
    """
    meta = row._meta
    buttons = []
    for transition in transitions:
        try:
            url = reverse(f"{meta.app_label}:{meta.model_name}_{transition.verb}", args=[row.pk])
        except NoReverseMatch:
            continue
        view = getattr(resolve(url).func, "view_class", None)
        buttons.append(
            {"url": url, "label": getattr(view, "title", "") or transition.verb, "verb": transition.verb}
        )
    return {"buttons": buttons[:shown], "more": [{**button, "dialog": True} for button in buttons[shown:]]}


@register.filter
def ladder_rungs(reached: int, breach_from: int = 3) -> list[dict[str, object]]:
    """The six rungs L0–L5 with the tone each has once `reached`."""

    def tone(rung: int) -> str:
        if rung > int(reached):
            return ""
        return "danger" if rung >= int(breach_from) else "warn" if rung == int(breach_from) - 1 else "on"

    return [{"label": f"L{rung}", "tone": tone(rung)} for rung in range(6)]


@register.filter
def get(mapping: dict[object, object], name: object) -> object:
    """The value of a key that the template only knows as a variable."""
    return mapping.get(name) if mapping else None


@register.filter
def joined(items: Iterable[object]) -> str:
    """Words with the middle dot between them; empty ones are left out."""
    return " · ".join(str(item) for item in items if item)
