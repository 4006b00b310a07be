"""Inputs the forms of this floor share: dates, chips, places, telephone numbers."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
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
