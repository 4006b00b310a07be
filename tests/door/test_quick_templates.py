"""Our template loader draws what Django's draws, to the letter: in small, and over whole pages."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.template.base import VariableNode
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.quick_templates import QuickAddress, Word
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

SOURCES = "django.template.loaders.locmem.Loader"
TAGS = "{% load i18n ui %}"
SHOWN = [
    "{{ row.name }}", "{{ row.unsafe }}", "{{ row.told }}", "{{ row.count }}", "{{ row.amount }}", "{{ row.at }}",
    "{{ row.missing }}|{{ missing }}|{{ row.nobody.name }}", "{{ row.say }}", "{{ row.harm }}", "{{ row.kept }}",
    "{{ row.needs_more }}", "{{ row.broken|default:'?' }}", "{{ words.first }}{{ words.items }}", "{{ list.0 }}{{ list.7 }}",
    "{{ call }}", "{{ lazy }}", "{{ row.name|upper|default:'—' }}", "{{ row.unsafe|linebreaksbr }}", "{{ row.html|upper }}",
    "{{ row.at|date:'c' }}{{ row.at|date:pattern }}", "{{ row.name|default:row.unsafe }}", "{{ row.nothing|yesno:'a,b,c' }}",
    "{% if row.name and not row.nothing or missing %}a{% elif row.count > 3 %}b{% else %}c{% endif %}",
    "{% if missing == None %}none{% endif %}{% if row.nobody is None %}nobody{% endif %}",
    "{% for one in list %}{{ forloop.counter }}{{ one }}{{ forloop.last }}{% endfor %}",
    "{% with a=row.name b=row.count|add:2 %}{{ a }}{{ b }}{% endwith %}", "{% autoescape off %}{{ row.unsafe }}{% endautoescape %}",
    "{% translate 'Save' %}{% translate 'Save' as kept %}{{ kept }}", "{% translate row.name %}{% translate 'Save' noop %}",
    "{% translate 'Customers' context 'navigation' %}{% translate 'in 5%% of all' %}", "{{ _('Save') }}",
    "{% url 'core:my_day' %}{% url 'crm:customer_detail' row.count %}{% url 'crm:customer_detail' pk=row.count %}",
    "{% url 'crm:customer_detail' row.text_number %}{% url 'nowhere' as none %}[{{ none }}]",
    "{% if row.name %}{% translate 'Save' as a %}{% else %}{% translate 'Cancel' as a %}{% endif %}{{ a }}{{ row.name }}{{ a }}",
    "{{ a }}{% with a=row.name %}{{ a }}{% with a=row.count %}{{ a }}{% endwith %}{{ a }}{% endwith %}{{ a }}",
    "{{ row.name }}{% for row in list %}{{ row }}{% endfor %}{{ row.name }}", "{{ row.name|upper }}{{ row.nobody|default:row.html }}",
    "{% if row.count < row.name %}x{% else %}y{% endif %}{% if 'u' in row.name %}in{% endif %}{% if row.count not in list %}not{% endif %}",
    "{% if not missing and row.count == 7 or row.fails %}short{% endif %}{% if row.nobody.name %}x{% elif list %}l{% endif %}",
    "{{ row.yes }}{{ row.half }}{{ row.day }}{{ row.big }}{{ row.nobody }}{{ list }}", "{% badge row.unsafe 'warn' %}{% badge row.told %}",
    "{% tier 'vip' %}{% icon 'edit' 'small' row.unsafe %}{{ words|get:'first' }}", "{# nothing #}{% comment %}x{% endcomment %}{{ row.name }}",
    "{% autoescape off %}{{ row.unsafe }}{{ row.count }}{% translate 'Save' %}{% badge row.unsafe %}{% endautoescape %}",
    "{% card title=row.unsafe %}{{ row.unsafe }}{% endcard %}{{ row.name }}", "{% if missing is None %}{{ missing }}{% endif %}{{ forloop.counter }}",
    "{{ a }}{% with b=1 %}{% translate 'Save' as a %}{{ a }}{% endwith %}{{ a }}", "{% for one in row.nobody %}x{% empty %}none{% endfor %}",
    "{% for one in list %}{{ one }}{{ row.name }}{% translate 'Save' as row %}{{ row }}{% endfor %}{{ row.name }}{{ one }}",
    "{% for one in list %}{% for two in one %}{{ forloop.parentloop.counter }}{{ forloop.revcounter }}{{ two }}{% endfor %}{% endfor %}",
    "{% for one in list %}{% cycle 'a' 'b' %}{% ifchanged one %}{{ one }}{% endifchanged %}{% empty %}{% endfor %}{{ forloop }}",
    "{% for key, value in words.pairs %}{{ key }}{{ value }}{% endfor %}{% for one in list reversed %}{{ one }}{{ forloop.first }}{% endfor %}",
    "{% for one in calls %}{{ one }}{% endfor %}{% for one in row.letters %}{{ one }}{% endfor %}{% for one in missing %}x{% endfor %}",
    "{% for one in list %}{% if forloop.first %}{{ one }}{% endif %}{% for one in row.letters %}{{ one }}{% empty %}-{% endfor %}{{ one }}{% endfor %}",
    "{% blocktranslate with n=row.count %}{{ n }} overdue{% endblocktranslate %}", "{% icon 'edit' %}{{ row.at|when:row.at }}",
]  # fmt: skip


class Row:
    """Everything a template may be given."""

    name, unsafe, html = "Pump", "<b>&'\"</b>", mark_safe("<i>x</i>")
    told = gettext_lazy("Save")
    count, amount, nothing, nobody, text_number = 7, Decimal("1234.50"), False, None, "7"
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    yes, half, day, big = True, 0.5, date(2026, 11, 22), 1234567

    def say(self) -> str:
        return "said <now>"

    def letters(self) -> Any:
        return iter("ab<")

    def harm(self) -> str:
        raise AssertionError("a template must not call this")

    harm.alters_data = True  # type: ignore[attr-defined]

    def needs_more(self, word: str) -> str:
        return word

    class kept:  # noqa: N801 - a class that a template must not make an instance of
        do_not_call_in_templates = True

        def __str__(self) -> str:
            raise AssertionError("a template must not make this")

    kept.__repr__ = lambda self: "kept"  # type: ignore[method-assign,assignment]


def context() -> Context:
    words = {"first": "<1>", "items": "a key, not the method", "pairs": [("a", 1), ("<b>", 2)]}
    return Context(
        {"row": Row(), "words": words, "list": ["a", "<b>"], "call": lambda: "<c>", "lazy": gettext_lazy("Save"),
         "pattern": "Y-m-d", "calls": [lambda: "<d>", "e"]}
    )  # fmt: skip


def drawn(source: str, loader: str) -> str:
    engine = Engine(
        loaders=[(loader, [(SOURCES, {"one": TAGS + source})])],
        libraries={"ui": "core.templatetags.ui", "i18n": "django.templatetags.i18n"},
    )
    return str(engine.get_template("one").render(context()))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("source", SHOWN)
def test_every_shape_is_drawn_as_django_draws_it(source: str, language: str) -> None:
    with translation.override(language):
        expected = drawn(source, "django.template.loaders.cached.Loader")
        assert drawn(source, "config.quick_templates.Loader") == expected


def test_the_short_ways_are_taken() -> None:
    source = TAGS + "{{ row.name }}{% translate 'Save' %}{% url 'core:my_day' %}"
    engine = Engine(
        loaders=[("config.quick_templates.Loader", [(SOURCES, {"one": source})])],
        libraries={"ui": "core.templatetags.ui", "i18n": "django.templatetags.i18n"},
    )
    kinds = {type(node) for program in engine.get_template("one").nodelist for node in program.nodes}
    assert {VariableNode, Word, QuickAddress} <= kinds


def test_errors_stay_errors() -> None:
    for loader in ("django.template.loaders.cached.Loader", "config.quick_templates.Loader"):
        with pytest.raises(NoReverseMatch):
            drawn("{% url 'nowhere' %}", loader)
        with pytest.raises(ZeroDivisionError):
            drawn("{{ row.fails }}", loader)


Row.fails = property(lambda self: 1 / 0)  # type: ignore[attr-defined]


def whole_page(user: Any, path: str) -> str:
    """A page without what differs at every reply."""
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce-[\w+/=]+', "", answer.content.decode())


@pytest.mark.django_db
def test_whole_pages_are_the_same(personas: Any, now: datetime, settings: Any) -> None:
    customer = make_customer(personas.pm, now, name="云润水务<集团>有限公司", short_name="云润 & 水务")
    make_contact(customer, personas.pm, now)
    make_activity(customer, personas.pm, now)
    make_follow_up(customer, personas.pm, now)
    paths = ["/", "/crm/customers/", f"/crm/customers/{customer.pk}/", "/crm/contacts/", "/crm/follow-ups/"]
    quick = [whole_page(personas.pm, path) for path in paths]
    settings.TEMPLATES = [plain_templates()]
    assert [whole_page(personas.pm, path) for path in paths] == quick


def plain_templates() -> dict[str, Any]:
    """The same engine with Django's loader."""
    ours = settings.TEMPLATES[0]
    (_loader, sources) = ours["OPTIONS"]["loaders"][0]
    plain = ("django.template.loaders.cached.Loader", sources)
    return {**ours, "OPTIONS": {**ours["OPTIONS"], "loaders": [plain]}}
