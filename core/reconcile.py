"""Two people at one form: what somebody else wrote meanwhile is told from what this person wrote, and neither is lost.

A page over a row carries what every field said when it was opened (`remember`). When the row has moved on, the form
comes back over it as it stands now (`reconciled`): fields only others touched show their words and say what stood there
before, fields both touched keep this person's words with the other's beside them, and saving again is a decision.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import audit


def remember(form: Any) -> Any:
    """The form, its fields remembering on the page what they said; files and a form sent without memory stay as they are."""
    if form.is_bound and not any(form.add_initial_prefix(name) in form.data for name in form.fields):
        return form
    for field in form.fields.values():
        field.show_hidden_initial = not isinstance(field, forms.FileField)
    return form


def reconciled(form: Any, fresh: Any, make: Callable[[Any, Any], Any]) -> Any:
    """The refused form once more, over the row as it is now.

    `fresh` is an empty form over the row as it is now, `make(data, files)` a bound one. Every field remembers the
    present value from here on.
    """
    data, clashes, news = form.data.copy(), {}, {}
    for name, field in form.fields.items():
        present = fresh[name]
        if not field.show_hidden_initial:
            continue
        if field.has_changed(present.initial, _seen(form[name])):
            if name in form.changed_data and field.has_changed(present.initial, form[name].data):
                clashes[name] = _said(field, present.value())
            else:
                news[name] = _said(field, _seen(form[name]))
                _put(data, present.html_name, field.widget, present.value())
        _put(data, present.html_initial_name, field.hidden_widget(), present.value())
    again = make(data, form.files)
    again.full_clean()
    who = _writer(form.instance, form.user)
    for name, words in clashes.items():
        again.add_error(name, _clash(who, words))
    for name, words in news.items():
        again.fields[name].news = _("Changed meanwhile; before: “%(words)s”.") % {"words": words}
    changed = [field.label for name, field in again.fields.items() if name in clashes or name in news]
    again.add_error(None, _told(who, changed))
    return again


def _seen(bound: BoundField) -> Any:
    """What the field said when this person opened the page, as it came back."""
    widget = bound.field.hidden_widget()
    return widget.value_from_datadict(bound.form.data, bound.form.files, bound.html_initial_name)


def _put(data: Any, name: str, widget: forms.Widget, value: Any) -> None:
    """Write a value into form data the way a browser would send it."""
    if isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
        return
    shown = value if isinstance(widget, forms.MultipleHiddenInput) else widget.format_value(value)
    if isinstance(shown, (list, tuple)):
        data.setlist(name, [str(one) for one in shown])
    else:
        data[name] = "" if shown is None else str(shown)


def _said(field: forms.Field, value: Any) -> str:
    """A value of a field in words: labels of choices, a dash for nothing."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    given = value if isinstance(value, (list, tuple)) else [value]
    labels = dict(_flat(getattr(field.widget, "choices", ())))
    return _listed(str(labels.get(str(one), one)) for one in given if one not in ("", None)) or "—"


def _listed(words: Iterable[Any]) -> str:
    return pgettext("between words", ", ").join(map(str, words))


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(value), label


def _writer(row: Any, user: Any) -> str:
    """Who wrote meanwhile, from the row's history; "" where it does not say."""
    entry = audit.history(row).exclude(actor=user).select_related("actor").first()
    return "" if entry is None or entry.actor is None else str(entry.actor.name)


def _clash(who: str, words: str) -> str:
    """What stands beside a field both wrote in."""
    if not who:
        return _("Meanwhile: “%(words)s”. Save again to keep yours.") % {"words": words}
    sentence = _("%(name)s wrote here meanwhile: “%(words)s”. Save again to keep yours.")
    return sentence % {"name": who, "words": words}


def _told(who: str, fields: list[Any]) -> str:
    """What stands above the form: who wrote meanwhile, and in which fields."""
    told = _("This record was changed meanwhile. What is new stands here now; what you wrote is kept.")
    if who:
        sentence = _(
            "%(name)s changed this record meanwhile. What is new stands here now; what you wrote is kept."
        )
        told = sentence % {"name": who}
    return f"{told} {_('Changed: %(fields)s.') % {'fields': _listed(fields)}}" if fields else told
