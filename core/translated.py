"""Words that users write in two languages: one column, read in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Translated(dict[str, str]):
    """Texts by language code; as a string the reader's one, else the Chinese."""

    def __str__(self) -> str:
        return self.get(get_language() or "") or self.get(settings.LANGUAGE_CODE, "")


class _Wrapping(DeferredAttribute):
    """Gives assigned mappings their reading behaviour at once."""

    field: TranslatedField

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = Translated(value) if isinstance(value, Mapping) else value


class TranslatedField(models.JSONField):
    """`{"zh-hans": …, "en": …}`; Chinese is required unless blank is allowed."""

    descriptor_class = _Wrapping

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", Translated)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("default", None)
        return name, path, args, options

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not self.blank and not str(value.get(settings.LANGUAGE_CODE, "")).strip():
            raise ValidationError(_("The Chinese text is required."))
        unknown = set(value) - {code for code, _name in settings.LANGUAGES}
        if unknown:
            raise ValidationError(_("Only the languages of the product can be stored."))
