"""Input of the import pages and of their API."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.geography import provinces, region_name
from accounts.models import OrgUnit
from core.forms import ScopedForm, TransitionForm
from core.rules import ask
from crm.choices import CustomerKind, Industry, Source
from crm.imports.choices import DuplicatePolicy
from crm.imports.fields import BY_CODE, FIELDS
from crm.models import Customer, ImportBatch

IGNORED = "-"


class UploadForm(ScopedForm):
    """The file to take in."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV in UTF-8 or GB18030, up to 100,000 rows and 30 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )


class ColumnsField(forms.Field):
    """One word per column of the file, in the file's order: a field code, or "-" for a column that is left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> dict[str, int]:
        words = [value] if isinstance(value, str) else list(value or [])
        mapping: dict[str, int] = {}
        for column, word in enumerate(words):
            if word in ("", IGNORED):
                continue
            if word not in BY_CODE:
                raise forms.ValidationError(_("“%(word)s” is no field of a customer.") % {"word": word[:40]})
            if word in mapping:
                raise forms.ValidationError(
                    _("Two columns are both “%(field)s”.") % {"field": BY_CODE[word].label}
                )
            mapping[word] = column
        if "name" not in mapping and "short_name" not in mapping:
            raise forms.ValidationError(_("Choose the column that holds the name."))
        return mapping


def _with_blank(choices: Any, blank: Any) -> list[tuple[str, Any]]:
    return [("", blank), *choices]


def _provinces() -> list[tuple[str, Any]]:
    return _with_blank(
        [(row.code, region_name(row.code)) for row in provinces()], _("As in the file, else none")
    )


class ColumnsForm(TransitionForm):
    """Which column is what, what holds for every row, and what happens to customers we have."""

    columns = ColumnsField(label=_("Columns"))
    constant_kind = forms.ChoiceField(
        label=pgettext_lazy("customer", "Kind"),
        choices=CustomerKind.choices,
        initial=CustomerKind.END_USER,
        required=False,
    )
    constant_industry = forms.ChoiceField(
        label=_("Industry"),
        choices=_with_blank(Industry.choices, _("As in the file, else none")),
        required=False,
    )
    constant_province = forms.ChoiceField(label=_("Province"), choices=_provinces, required=False)
    constant_source = forms.ChoiceField(
        label=pgettext_lazy("customer", "Source"),
        choices=_with_blank(Source.choices, pgettext_lazy("source", "Import")),
        required=False,
    )
    constant_owner = forms.CharField(
        label=_("Owner"),
        max_length=60,
        required=False,
        help_text=_("User name of a project manager; empty: by territory, else the pool."),
    )
    branch = forms.ModelChoiceField(
        label=_("Branch for rows without a place"),
        queryset=OrgUnit.objects.none(),
        to_field_name="code",
        required=False,
    )
    policy = forms.ChoiceField(
        label=_("When we already have the customer"),
        choices=DuplicatePolicy.choices,
        initial=DuplicatePolicy.SKIP,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(kind__in=["branch", "hq"], active=True).order_by("code")
        allowed = [
            unit.pk
            for unit in units
            if self.user is not None and ask(self.user, "crm.import_customer", Customer(branch=unit))
        ]
        if self.batch is not None:
            allowed.append(self.batch.branch_id)
        cast(forms.ModelChoiceField, self.fields["branch"]).queryset = units.filter(pk__in=allowed)
        if self.batch is not None and not self.is_bound:
            self._remember(self.batch)

    @property
    def batch(self) -> ImportBatch | None:
        """The import whose columns these are."""
        return cast("ImportBatch | None", self.row)

    def _remember(self, batch: ImportBatch) -> None:
        self.initial.update({f"constant_{code}": value for code, value in batch.constants.items()})
        self.initial.update({"policy": batch.policy, "branch": batch.branch.code})

    @property
    def constant_fields(self) -> list[Any]:
        """The bound constant fields, for the page."""
        return [self[name] for name in self.fields if name.startswith("constant_")]

    def clean(self) -> dict[str, Any]:
        """The arguments of the transition."""
        given = super().clean() or self.cleaned_data
        constants = {
            name.removeprefix("constant_"): value
            for name, value in given.items()
            if name.startswith("constant_") and value
        }
        return {
            "version": given.get("version"),
            "mapping": given.get("columns") or {},
            "constants": constants,
            "policy": given.get("policy") or DuplicatePolicy.SKIP,
            "branch": given.get("branch"),
        }


def field_choices() -> list[tuple[str, Any]]:
    """What a column of the file may be, for the drop-downs."""
    return [(IGNORED, _("Leave this column out")), *((field.code, field.label) for field in FIELDS)]
