"""Input of the import pages and of their API."""

import json
from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.geography import provinces, region_name
from accounts.models import OrgUnit
from core.forms import ScopedForm, TransitionForm
from core.rules import ask
from crm.choices import CustomerKind, Industry, Source
from crm.imports.choices import Decision, DuplicatePolicy, ImportKind
from crm.imports.fields import TABLES, by_code, folded, missing_columns
from crm.imports.profiles import Offer, offers
from crm.models import Customer, ImportBatch

IGNORED = "-"


class UploadForm(ScopedForm):
    """The file to take in, and what it holds."""

    kind = forms.ChoiceField(
        label=_("What the file holds"),
        choices=ImportKind.choices,
        initial=ImportKind.CUSTOMERS,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel (.xlsx) up to a million cells or CSV (UTF-8, GB18030) up to three million; at most 100,000 rows and 30 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or ImportKind.CUSTOMERS


class ColumnsField(forms.Field):
    """One word per column of the file, in the file's order: a field code, or "-" for a column that is left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value or [])


class WordsWidget(forms.Widget):
    """Words of the file and what they mean: `word` ("kind|代理商") and `meaning` lists of the page, or one object of the API."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if hasattr(data, "getlist") and data.getlist("word"):
            return dict(zip(data.getlist("word"), data.getlist("meaning"), strict=False))
        return data.get(name)


class WordsField(forms.Field):
    """Value maps: field code → word of the file → our code."""

    widget = WordsWidget

    def clean(self, value: Any) -> dict[str, dict[str, str]]:
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError as error:
                raise forms.ValidationError(_("Give an object of words by field.")) from error
        if not value:
            return {}
        if not isinstance(value, dict):
            raise forms.ValidationError(_("Give an object of words by field."))
        pairs = [
            (f"{key}|{word}", ours)
            for key, words in value.items()
            for word, ours in (words.items() if isinstance(words, dict) else [("", words)])
        ]
        maps: dict[str, dict[str, str]] = {}
        for key, ours in pairs:
            code, word, *_rest = key.split("|", 2)
            if ours:
                maps.setdefault(code, {})[folded(word)] = str(ours)
        return maps


def _with_blank(choices: Any, blank: Any) -> list[tuple[str, Any]]:
    return [("", blank), *choices]


def _provinces() -> list[tuple[str, Any]]:
    return _with_blank(
        [(row.code, region_name(row.code)) for row in provinces()], _("As in the file, else none")
    )


class ColumnsForm(TransitionForm):
    """Which column is what, what holds for every row, and what happens to customers we have."""

    columns = ColumnsField(label=_("Columns"), required=False)
    value_maps = WordsField(label=_("Words of the file"), required=False)
    profile = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    profile_name = forms.CharField(
        label=_("Save as a profile"),
        max_length=60,
        required=False,
        help_text=_("Offered to the branch whenever a file has these headers."),
    )
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
        offer = self.offer
        constants = {**batch.constants, **(offer.constants if offer else {})}
        self.initial.update({f"constant_{code}": value for code, value in constants.items()})
        self.initial.update({"policy": (offer and offer.policy) or batch.policy, "branch": batch.branch.code})
        self.initial["profile"] = offer.key if offer else ""

    @cached_property
    def offers(self) -> list[Offer]:
        """The profiles that fit the file."""
        return offers(self.batch, self.user) if self.batch is not None else []

    @cached_property
    def offer(self) -> Offer | None:
        """The chosen profile: the one named, or by itself the best of a file nobody has assigned yet."""
        key = self.data.get("profile", "") if self.is_bound else self.initial.get("profile", "")
        if not key and not self.is_bound and self.batch is not None and self.batch.is_fresh:
            return next(iter(self.offers), None)
        return next((offer for offer in self.offers if offer.key == key), None)

    @property
    def shown_mapping(self) -> dict[str, int]:
        """Field → column as the page offers it."""
        if self.batch is None:
            return {}
        return self.offer.mapping(self.batch.headers) if self.offer else self.batch.mapping

    def clean_columns(self) -> dict[str, int]:
        """Field → column, of fields this kind of file has."""
        batch, words = self.batch, self.cleaned_data["columns"]
        if not words and self.offer is not None and batch is not None:
            return self.offer.mapping(batch.headers)
        fields = by_code(batch.kind if batch else ImportKind.CUSTOMERS)
        mapping: dict[str, int] = {}
        for column, word in enumerate(words):
            if word in ("", IGNORED):
                continue
            if word not in fields:
                raise forms.ValidationError(_("“%(word)s” is no field of a customer.") % {"word": word[:40]})
            if word in mapping:
                raise forms.ValidationError(
                    _("Two columns are both “%(field)s”.") % {"field": fields[word].label}
                )
            mapping[word] = column
        missing = missing_columns(batch.kind if batch else ImportKind.CUSTOMERS, mapping)
        if missing:
            raise forms.ValidationError(
                _("Choose the column for: %(columns)s") % {"columns": "、".join(missing)}
            )
        return mapping

    def clean_value_maps(self) -> dict[str, dict[str, str]]:
        """The words given here over those of the profile."""
        given = self.cleaned_data["value_maps"]
        maps = {code: dict(words) for code, words in (self.offer.value_maps if self.offer else {}).items()}
        if self.offer is None and self.batch is not None:
            maps = {code: dict(words) for code, words in self.batch.value_maps.items()}
        for code, words in given.items():
            maps.setdefault(code, {}).update(words)
        return maps

    @property
    def constant_fields(self) -> list[Any]:
        """The bound constant fields, for the page; people and logs take theirs from their customers."""
        if self.batch is not None and self.batch.kind != ImportKind.CUSTOMERS:
            return []
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
            "value_maps": given.get("value_maps") or {},
            "profile": self.offer.saved if self.offer else None,
            "profile_name": given.get("profile_name") or "",
        }


class DecideForm(ScopedForm):
    """What becomes of waiting rows: the lines named by `numbers`, without them the next thousand."""

    decision = forms.ChoiceField(choices=Decision.choices)
    numbers = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["numbers"])
        given = (
            self.data.getlist("numbers") if hasattr(self.data, "getlist") else self.data.get("numbers", [])
        )
        field.choices = [(number, number) for number in given if str(number).isdecimal()]


def field_choices(kind: str) -> list[tuple[str, Any]]:
    """What a column of the file may be, for the drop-downs."""
    return [(IGNORED, _("Leave this column out")), *((field.code, field.label) for field in TABLES[kind])]
