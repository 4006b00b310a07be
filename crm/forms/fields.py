"""Inputs the forms of this floor share: dates, chips, places, telephone numbers."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.geography import cities_of, provinces, region_name
from core.clock import db_now
from core.forms import (
    ScopedMultipleChoiceField,
)
from core.phones import parse_phone
from crm.planning import MAX_SNOOZE, due_on

CHIPS = {"class": "chips"}


TEXT = forms.Textarea(attrs={"rows": 4})


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


CHIP_DATE = {"class": "input chip-date"}


def province_choices() -> list[tuple[str, str]]:
    """Provinces in the order of their codes, in the reader's language."""
    return [("", "—"), *((row.code, region_name(row.code)) for row in provinces())]


def city_choices() -> list[tuple[str, Any]]:
    """Cities under their provinces, so that one choice settles both."""
    groups = [
        (
            region_name(province.code),
            [(city.code, region_name(city.code)) for city in cities_of(province.code)],
        )
        for province in provinces()
    ]
    return [("", "—"), *groups]


def check_phone(value: str) -> str:
    """A mobile, landline or service number as we store it. Raises ValidationError for anything else."""
    if value and parse_phone(value) is None:
        raise forms.ValidationError(
            _("Not a phone number: 11 digits for a mobile, area code and number for a landline.")
        )
    return value


class CustomerPick(forms.NumberInput):
    """Finds a customer by typing; without script the customer's number in the system is typed."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-find": reverse_lazy("crm:customer_find")})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The found customer's name is shown in place of its number."""
        context = super().get_context(name, value, attrs)
        chosen = getattr(self, "chosen", None)
        if chosen is not None and str(chosen.pk) == str(value):
            context["widget"]["attrs"]["data-shown"] = chosen.name
        return context


class WordsField(forms.CharField):
    """Several short texts in one line, divided by 、 ; or a comma; a list in the API."""

    class Input(forms.TextInput):
        """Joins what comes as a list."""

        def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
            given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
            return "、".join(part for part in given if part)

    def __init__(self, *, each: int, most: int, **kwargs: Any) -> None:
        self.each, self.most = each, most
        super().__init__(widget=self.Input, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split(r"[、；;,，\n]", value or "")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most or any(len(word) > self.each for word in value):
            raise forms.ValidationError(
                _("At most %(most)s entries of %(each)s characters."),
                params={"most": self.most, "each": self.each},
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)


class ContactChips(ScopedMultipleChoiceField):
    """Contacts as chips: name and title."""

    def label_from_instance(self, contact: Any) -> str:
        return f"{contact.name} {contact.title}".strip()


def checked_day(form: Any, data: dict[str, Any]) -> datetime | None:
    """The due time from `due_at` or `due_on`; an error on the form when neither is given or it has passed."""
    day = data.pop("due_on", None)
    due_at = data.get("due_at") or (due_on(day) if day else None)
    if due_at is None or not db_now() < due_at <= db_now() + timedelta(days=MAX_SNOOZE):
        form.add_error(
            "due_on" if "due_on" in form.fields else "due_at",
            _("Choose a day from tomorrow on, at most half a year ahead."),
        )
    return due_at
