"""Input shapes shared by pages and API: a form checks what was sent, the domain decides what it means."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken
from core.file_types import sniff
from core.files import MAX_BYTES, FileTooLarge, FileTypeRefused

MOST_FILES = 10


class ScopedChoiceField(forms.ModelChoiceField):
    """Picks one row among those the user may see; a hidden id is refused exactly like a missing one."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def narrow(self, user: Any) -> None:
        """Offer the rows this user may see."""
        self.queryset = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]


class ScopedMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Picks several rows among those the user may see."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def narrow(self, user: Any) -> None:
        """Offer the rows this user may see."""
        self.queryset = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]


class UserFormMixin:
    """Gives a form the acting user and narrows its scoped choices to what that user may see."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, (ScopedChoiceField, ScopedMultipleChoiceField)):
                field.narrow(user)

    def add_refusal(self, refusal: RuleBroken) -> None:
        """Show a broken rule beside its fields, or on top when it names none this form has."""
        for name, sentences in refusal.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)  # type: ignore[attr-defined]
        if not refusal.errors:
            self.add_error(None, refusal.message)  # type: ignore[attr-defined]


class ScopedForm(UserFormMixin, forms.Form):
    """Plain input for an operation; `cleaned_data` becomes its keyword arguments."""


class ScopedModelForm(UserFormMixin, forms.ModelForm):
    """Input for a plain create or edit of one row."""


class TransitionForm(ScopedForm):
    """Input of a state change; `cleaned_data` (without `version`) becomes the transition's arguments.

    Subclasses add fields. Set `row` aside for choices that depend on the row.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: models.Model | None = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)


class ReasonForm(TransitionForm):
    """A state change that must be justified."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several uploads; cleans to a list. What cannot be kept is refused beside the field, before anything is written."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(n)s files at once.") % {"n": MOST_FILES})
        return [self._clean_one(one, initial) for one in files]

    def _clean_one(self, file: Any, initial: Any) -> Any:
        kept = super().clean(file, initial)
        if kept.size > MAX_BYTES:
            raise forms.ValidationError(FileTooLarge.default_message)
        if sniff(kept.file) is None:
            raise forms.ValidationError(FileTypeRefused.default_message)
        return kept
