"""Input of the export pages and of their API."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ScopedForm
from crm.exports.choices import ExportResource
from crm.exports.tables import TABLES, offered
from crm.imports.choices import FileFormat


class ExportForm(ScopedForm):
    """Why a list leaves the product, which columns of it, and in what form."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=4,
        max_length=200,
        help_text=_("Kept in the log with the filter and the number of rows."),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=FileFormat.choices,
        initial=FileFormat.XLSX,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    resource = forms.ChoiceField(choices=ExportResource.choices, required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = self.data.get("resource") if self.is_bound else self.initial.get("resource")
        table = TABLES.get(said or ExportResource.CUSTOMERS, TABLES[ExportResource.CUSTOMERS])
        columns: Any = self.fields["columns"]
        columns.choices = [(one.code, one.words) for one in offered(table, self.user)]
        columns.initial = [one.code for one in table.standard()]

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or FileFormat.XLSX

    def clean_resource(self) -> str:
        return self.cleaned_data["resource"] or ExportResource.CUSTOMERS
