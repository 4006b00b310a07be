"""Input of tags and segments."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ScopedForm
from crm.choices import SegmentAudience
from crm.models import Customer, Tag
from crm.tags import LONGEST, tag_key

CHIPS = {"class": "chips"}


class TagForm(ScopedForm):
    """A word for the vocabulary."""

    name = forms.CharField(label=_("Tag"), max_length=LONGEST)
    note = forms.CharField(label=_("What it means"), max_length=120, required=False)


class TagUpdateForm(TagForm):
    """The word, its meaning, and whether it is still offered."""

    retired = forms.BooleanField(
        label=_("No longer offered"), required=False, help_text=_("Customers that carry it keep it.")
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, instance: Tag | None = None, **kwargs: Any) -> None:
        if instance is not None:
            values = {"name": instance.name, "note": instance.note, "retired": instance.is_retired}
            kwargs["initial"] = {**values, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class TagCustomerForm(ScopedForm):
    """The words a customer carries from now on; a new word only from whoever may add to the vocabulary."""

    tags = forms.MultipleChoiceField(
        label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
    )
    new = forms.CharField(label=_("Another word"), max_length=LONGEST, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        offered: Any = self.fields["tags"]
        offered.choices = _choices(self.user, row.tags)
        if not self.user.has_perm("crm.add_tag"):
            del self.fields["new"]

    def arguments(self) -> dict[str, Any]:
        """What the operation wants: words to put on and to take off."""
        data = self.cleaned_data
        wanted = [*data["tags"], *([data["new"]] if data.get("new") else [])]
        keys = {tag_key(word) for word in wanted}
        return {
            "add": [word for word in wanted if word not in self.row.tags],
            "remove": [word for word in self.row.tags if tag_key(word) not in keys],
            "version": data["version"],
        }


class TagManyForm(ScopedForm):
    """Words to put on many customers, and words to take off."""

    add = forms.MultipleChoiceField(
        label=_("Put on"), required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
    )
    remove = forms.MultipleChoiceField(
        label=_("Take off"), required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _choices(self.user, ())
        for name in ("add", "remove"):
            offered: Any = self.fields[name]
            offered.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["add"] and not data["remove"]:
            raise forms.ValidationError(_("Choose a tag."))
        return data


class SegmentForm(ScopedForm):
    """The name of a group, and whether it lives or is noted as it is now."""

    name = forms.CharField(label=_("Name"), max_length=60)
    note = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    audience = forms.ChoiceField(
        label=_("Who may use it"), choices=SegmentAudience.choices, initial=SegmentAudience.OWN
    )
    is_frozen = forms.BooleanField(
        label=_("Note the members as they are now"),
        required=False,
        help_text=_("Otherwise the filter is asked anew each time."),
    )
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)


class SegmentRemoveForm(ScopedForm):
    """Asked before a segment is forgotten."""


def _choices(user: Any, carried: Iterable[str]) -> list[tuple[str, str]]:
    """The vocabulary in use and whatever the customer carries beside it."""
    words = list(Tag.objects.visible_to(user).active().order_by("name").values_list("name", flat=True))
    return [(word, word) for word in (*words, *(one for one in carried if one not in words))]
