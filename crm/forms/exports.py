"""Input of the export pages and of their API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ScopedForm
from crm.imports.choices import FileFormat


class ExportForm(ScopedForm):
    """Why a list leaves the product, and in what form."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=4,
        max_length=200,
        help_text=_("Kept in the log with the filter and the number of rows."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=FileFormat.choices,
        initial=FileFormat.XLSX,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or FileFormat.XLSX
