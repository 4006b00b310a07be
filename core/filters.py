"""The filter set every list stands on: django-filter's, without its copies, and its lists of choices drawn once a language."""

import copy
from typing import Any, ClassVar

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_filters.filters import FilterMethod


class ListSelect(forms.Select):
    """A select whose choices are the same for everybody: its options are put together once per language.

    `source` names the list; a filter bar of five lists has a hundred options on every page.
    """

    drawn: ClassVar[dict[Any, list[tuple[str, SafeString, SafeString]]]] = {}

    def __init__(self, source: Any, *, attrs: Any = None, choices: Any = ()) -> None:
        super().__init__(attrs=attrs)
        self.source = source
        self.choices = choices

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = (
            format_html('<option value="{}" selected>{}</option>', code, label) if code == chosen else drawn
            for code, label, drawn in self._options()
        )
        whole = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{whole}>{''.join(options)}</select>")

    def _options(self) -> list[tuple[str, SafeString, SafeString]]:
        key = (self.source, get_language())
        found = self.drawn.get(key)
        if found is None:
            found = self.drawn[key] = [
                (str(code), label, format_html('<option value="{}">{}</option>', code, label))
                for code, label in ((code, conditional_escape(str(label))) for code, label in self.choices)
            ]
        return found


class FilterForm(forms.Form):
    """A form over fields made for this one request, so they need no copy."""

    made: ClassVar[dict[str, forms.Field]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = self.made


class ScopedFilterSet(django_filters.FilterSet):
    """A filter set that is cheap to make: filters are copied by reference, lists of choices draw themselves once.

    A `ChoiceFilter` offers the same choices to everybody; what depends on the person is a `ModelChoiceFilter`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        declared: dict[str, Any] = getattr(type(self), "base_filters")  # noqa: B009 - made by the metaclass
        self.base_filters: dict[str, Any] = {}
        super().__init__(*args, **kwargs)
        self.base_filters = declared
        asked = [*self.data]
        self.filters = {
            name: self._own(one) for name, one in declared.items() if _is_wanted(name, one, asked)
        }

    @property
    def bare_key(self) -> str:
        """What the fields of the bar depend on while nothing is asked for, so that they are drawn once a language; empty
        where the choices depend on the person, or something is asked for."""
        shown = {
            name: one
            for name, one in self.filters.items()
            if one.extra.get("widget") is not forms.HiddenInput
        }
        if self.data or any(isinstance(one, django_filters.ModelChoiceFilter) for one in shown.values()):
            return ""
        return " ".join(
            [type(self).__module__, type(self).__qualname__, *shown]
        )  # some filters are for some people

    def _own(self, declared: Any) -> Any:
        own = copy.copy(declared)
        own.extra = dict(declared.extra)
        own.model, own.parent = self.queryset.model, self
        if own.method is not None:
            own.filter = FilterMethod(own)
        return own

    def get_form_class(self) -> type[FilterForm]:
        fields = {name: self._field(name, one) for name, one in self.filters.items()}
        return type(f"{type(self).__name__}Form", (FilterForm,), {"made": fields})

    def _field(self, name: str, one: Any) -> forms.Field:
        field: forms.Field = one.field
        if self._is_the_same_for_all(one) and type(field.widget) is forms.Select:
            choices = field.choices  # type: ignore[attr-defined]
            field.widget = ListSelect((type(self), name), attrs=field.widget.attrs, choices=choices)
        return field

    @staticmethod
    def _is_the_same_for_all(one: Any) -> bool:
        """Whether the choices are closed; rows to choose from depend on the person, though they subclass the other."""
        return isinstance(one, django_filters.ChoiceFilter) and not isinstance(
            one, django_filters.ModelChoiceFilter
        )


def _is_wanted(name: str, one: Any, asked: list[str]) -> bool:
    """Whether a filter shows in the bar or is named in the address; two thirds of a list's filters are links only."""
    return one.extra.get("widget") is not forms.HiddenInput or any(
        word == name or word.startswith(f"{name}_") for word in asked
    )
