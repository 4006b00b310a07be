"""The OpenAPI document: request bodies described from the forms that check them."""

from functools import cache
from typing import Any

from django import forms
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from core.forms import TransitionForm

FIELD_TYPES: list[tuple[type[forms.Field], type[serializers.Field]]] = [
    (forms.BooleanField, serializers.BooleanField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.DecimalField, serializers.DecimalField),
    (forms.FloatField, serializers.FloatField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.FileField, serializers.FileField),
    (forms.EmailField, serializers.EmailField),
    (forms.JSONField, serializers.JSONField),
]


class FormSchema(AutoSchema):
    """Describes what a scoped viewset reads from its forms instead of guessing from the answer's serializer."""

    def get_request_serializer(self) -> Any:
        form_class = self._form_class()
        if form_class is None:
            return super().get_request_serializer() if self.method not in ("POST", "PATCH") else None
        return serializer_of(form_class, partial=self.method == "PATCH")

    def _form_class(self) -> Any:
        view: Any = self.view
        handler = getattr(view, getattr(view, "action", None) or "", None)
        if handler is not None and hasattr(handler, "form_class"):
            return handler.form_class
        return {
            "create": getattr(view, "create_form_class", None),
            "partial_update": getattr(view, "update_form_class", None),
        }.get(getattr(view, "action", ""))


@cache
def serializer_of(form_class: type[forms.BaseForm], *, partial: bool = False) -> type[serializers.Serializer]:
    """A serializer with the fields of a form; used for description only, never for checking."""
    fields = {
        name: _field(field, required=field.required and not partial)
        for name, field in form_class.base_fields.items()  # type: ignore[attr-defined]
    }
    if partial:
        fields["version"] = serializers.IntegerField(help_text="The version the change is based on.")
    app = "" if form_class is TransitionForm else form_class.__module__.split(".")[0].title()
    name = app + form_class.__name__.removesuffix("Form") + ("Patch" if partial else "Input")
    return type(name, (serializers.Serializer,), fields)


def _field(field: forms.Field, *, required: bool) -> serializers.Field:
    common: dict[str, Any] = {"required": required, "help_text": field.help_text or field.label or ""}
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return serializers.ListField(child=serializers.CharField(), **common)
    if isinstance(field, forms.ModelChoiceField):
        return serializers.IntegerField(**common)
    if isinstance(field, forms.ChoiceField) and (choices := _flat(field.choices)):
        return serializers.ChoiceField(choices=choices, **common)
    for form_type, serializer_type in FIELD_TYPES:
        if isinstance(field, form_type):
            if serializer_type is serializers.DecimalField:
                common |= {"max_digits": field.max_digits or 14, "decimal_places": field.decimal_places or 2}  # type: ignore[attr-defined]
            return serializer_type(**common)
    return serializers.CharField(max_length=getattr(field, "max_length", None), **common)


def _flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices without their groups and without the empty one; labels stay lazy, the reader's language decides."""
    found: list[tuple[str, Any]] = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found += [(str(inner), text) for inner, text in label]
        elif value not in ("", None):
            found.append((str(value), label))
    return found
