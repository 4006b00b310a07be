"""The OpenAPI document: bodies described from the forms that check them, lists with their pages and filters."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_serializer
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from core.forms import TransitionForm

FIELD_TYPES: list[tuple[type[forms.Field], type[serializers.Field]]] = [
    (forms.BooleanField, serializers.BooleanField),
    (forms.NullBooleanField, serializers.BooleanField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.DecimalField, serializers.DecimalField),
    (forms.FloatField, serializers.FloatField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.FileField, serializers.FileField),
    (forms.EmailField, serializers.EmailField),
    (forms.JSONField, serializers.JSONField),
]
FILTER_TYPES: list[tuple[type[forms.Field], type]] = [
    (forms.ModelMultipleChoiceField, str),
    (forms.ModelChoiceField, int),
    (forms.DecimalField, float),
    (forms.IntegerField, int),
    (forms.NullBooleanField, bool),
]


class KeysetShape:
    """A list's answer as the scoped viewset writes it: a page and the way to its neighbours."""

    def get_schema_operation_parameters(self, _view: Any) -> list[dict[str, Any]]:
        """How to ask for a page."""
        asked = [
            ("cursor", "string", _("As given by `next` and `previous`.")),
            ("limit", "integer", _("1 to 200; 50 without it.")),
        ]
        return [
            {"name": name, "in": "query", "required": False, "description": said, "schema": {"type": kind}}
            for name, kind, said in asked
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page around the rows."""
        link = {"type": "string", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
                "count": {"type": "integer", "description": _("Only with `?count=1`; at most 10,000.")},
                "count_capped": {"type": "boolean", "description": _("There are more than `count`.")},
            },
        }


class Refusal(serializers.Serializer):
    """How every refusal looks."""

    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


class FormSchema(AutoSchema):
    """Describes what a scoped viewset reads from its forms instead of guessing from the answer's serializer."""

    def get_request_serializer(self) -> Any:
        form_class = self._form_class()
        if form_class is None:
            return super().get_request_serializer() if self.method not in ("POST", "PATCH") else None
        return serializer_of(form_class, self.method == "PATCH", get_language())

    def get_response_serializers(self) -> Any:
        answer: Any = super().get_response_serializers()
        if not is_serializer(answer):
            return answer
        if not self._is_scoped_list() and hasattr(self.view, "represent"):
            shape: Any = getattr(self.view, "detail_serializer_class", None) or type(answer)
            answer = with_actions(shape)
        return {"201" if self._is_create_operation() else "200": answer, "4XX": Refusal}

    def map_parsers(self) -> list[str]:
        form_class = self._form_class()
        fields = form_class.base_fields.values() if form_class else ()
        takes_files = any(isinstance(field, forms.FileField) for field in fields)
        return ["multipart/form-data"] if takes_files else ["application/json"]

    def get_override_parameters(self) -> list[Any]:
        return list(self._list_parameters()) if self._is_scoped_list() else []

    def _is_scoped_list(self) -> bool:
        return getattr(self.view, "action", "") == "list" and hasattr(self.view, "orderings")

    def _get_paginator(self) -> Any:
        return KeysetShape() if self._is_scoped_list() else None

    def _list_parameters(self) -> Iterator[OpenApiParameter]:
        view: Any = self.view
        yield OpenApiParameter("ordering", str, enum=list(view.orderings))
        yield OpenApiParameter("count", str, enum=["1"], description=_("Adds `count` and `count_capped`."))
        yield OpenApiParameter(
            "actions", str, enum=["1"], description=_("Adds `available_actions` to each row.")
        )
        filterset = getattr(view, "filterset_class", None)
        for name, one in filterset.base_filters.items() if filterset else ():
            choices = one.extra.get("choices")
            codes = (
                [str(code) for code, _label in _flat(choices)] if choices and not callable(choices) else None
            )
            kind = next((kind for field, kind in FILTER_TYPES if issubclass(one.field_class, field)), str)
            yield OpenApiParameter(
                name, kind, enum=codes, description=one.extra.get("label") or one.label or ""
            )

    def _form_class(self) -> Any:
        view: Any = self.view
        handler: Any = getattr(view, getattr(view, "action", None) or "", None)
        if hasattr(handler, "form_class"):
            return handler.form_class
        return {
            "create": getattr(view, "create_form_class", None),
            "partial_update": getattr(view, "update_form_class", None),
        }.get(getattr(view, "action", ""))


@cache
def serializer_of(
    form_class: type[forms.BaseForm], partial: bool, _language: str | None
) -> type[serializers.Serializer]:
    """A serializer with the fields of a form, for description only; one for each language, as choices are words."""
    fields = {
        name: _field(field, required=field.required and not partial)
        for name, field in form_class.base_fields.items()  # type: ignore[attr-defined]
    }
    if partial:
        fields["version"] = serializers.IntegerField(help_text=_("The version the change is based on."))
    app = "" if form_class is TransitionForm else form_class.__module__.split(".")[0].title()
    name = app + form_class.__name__.removesuffix("Form") + ("" if partial else "Input")
    return type(name, (serializers.Serializer,), fields)


@cache
def with_actions(answer: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """One row's answer: what the serializer says, and the verbs the caller may use on it now."""
    verbs = serializers.ListField(child=serializers.CharField(), read_only=True)
    meta = getattr(answer, "Meta", None)
    if meta is None:
        return type(f"{answer.__name__}Row", (answer,), {"available_actions": verbs})
    wider = type("Meta", (meta,), {"fields": [*meta.fields, "available_actions"]})
    name = f"{answer.__name__.removesuffix('Serializer')}Row"
    return type(name, (answer,), {"available_actions": verbs, "Meta": wider})


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
    """Choices without their groups and without the empty one."""
    found: list[tuple[str, Any]] = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found += [(str(inner), text) for inner, text in label]
        elif value not in ("", None):
            found.append((str(value), label))
    return found


def without_marks(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Leave out the generator's own marks on choice fields.

    Codes stand where they are used: names shared between lists would change whenever a list is added.
    """

    def cleaned(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: cleaned(value) for name, value in part.items() if name != "x-spec-enum-id"}
        return [cleaned(value) for value in part] if isinstance(part, list) else part

    found: dict[str, Any] = cleaned(result)
    return found
