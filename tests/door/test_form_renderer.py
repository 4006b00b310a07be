"""Our select is Django's select, to the letter between the tags."""

import re

from django import forms
from django.forms.renderers import DjangoTemplates

from config.form_renderer import QuickRenderer

CHOICES = [("", "全部"), ("a<b", "A & B"), (7, "seven"), ("Group", [("x", "X"), ("y", "Y")])]


def drawn(widget: forms.Widget, value: object, renderer: DjangoTemplates, attrs: dict[str, object]) -> str:
    """The HTML without the blanks between tags."""
    html = widget.render("tier", value, attrs=attrs, renderer=renderer)
    return re.sub(r">\s+<", "><", html.strip())


def test_selects_look_as_django_draws_them() -> None:
    for widget in (forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES)):
        for value in (None, "a<b", 7, ["x", "7"], "nothing"):
            for attrs in ({}, {"id": "t", "required": True, "disabled": False, "data-x": '"quoted"'}):
                expected = drawn(widget, value, DjangoTemplates(), attrs)
                assert drawn(widget, value, QuickRenderer(), attrs) == expected


def test_fields_get_it_by_the_settings() -> None:
    class Search(forms.Form):
        tier = forms.ChoiceField(choices=CHOICES)

    assert isinstance(Search().renderer, QuickRenderer)
    assert '<option value="a&lt;b">A &amp; B</option>' in str(Search()["tier"])
