"""Input of handovers: opening one, naming receivers, filling the dossier, its steps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from core.clock import db_now
from core.forms import ScopedChoiceField, ScopedForm, ScopedMultipleChoiceField, TransitionForm
from crm.forms.fields import CHIPS, DateInput
from crm.handover_choices import HandoverTrigger, InformedVia, ItemKind
from crm.models import Customer, Handover, HandoverItem
from crm.operations.handovers import Answer


class HandoverForm(ScopedForm):
    """Which customers of whom, to whom and why. Without customers all of that person's are meant, without receiver a draft."""

    giver = ScopedChoiceField(User, label=_("Hands over"))
    customers = ScopedMultipleChoiceField(
        Customer, label=_("Customers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    receiver = ScopedChoiceField(
        User,
        label=_("Receives"),
        required=False,
        help_text=_("Left open, the manager spreads the customers over several receivers."),
    )
    trigger = forms.ChoiceField(
        label=_("Reason"), choices=HandoverTrigger.choices, initial=HandoverTrigger.TRANSFER
    )
    urgent = forms.BooleanField(label=_("Urgent: within two working days"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, giver: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.PM, Role.BM, now=db_now())
        if giver is not None:
            self.initial["giver"] = giver.pk
            self.fields["giver"].widget = forms.HiddenInput()
            owned = Customer.objects.visible_to(self.user).owned_by(giver).order_by("tier", "name", "pk")
            self.fields["customers"].queryset = owned.defer("search_terms")  # type: ignore[attr-defined]
            people = people.filter(unit=giver.branch).exclude(pk=giver.pk)
        self.fields["receiver"].queryset = people.order_by("name_zh", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("giver") and not data.get("customers") and "customers" not in self.errors:
            data["customers"] = Customer.objects.visible_to(self.user).owned_by(data["giver"])
        return data


class DistributeForm(ScopedForm):
    """The receiver of every customer of a draft: `receiver_<customer id>`; what is left out stays as proposed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Handover, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.PM, Role.BM, now=db_now()).filter(unit=row.branch)
        people = people.exclude(pk=row.owner_id).order_by("name_zh", "pk")
        for entry in row.entries.select_related("customer").order_by("pk"):  # type: ignore[attr-defined]
            self.fields[f"receiver_{entry.customer_id}"] = forms.ModelChoiceField(
                people, label=entry.customer.name, initial=entry.proposed_id, required=False
            )

    def receivers(self) -> dict[int, User]:
        """The chosen receivers by customer id."""
        return {
            int(name.removeprefix("receiver_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("receiver_") and value is not None
        }


class DossierForm(ScopedForm):
    """Every open line of one customer: words or "none", a tick, or the day of the joint visit."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[HandoverItem] = list(items)
        for item in self.items:
            self._add(item)

    def _add(self, item: HandoverItem) -> None:
        label = item.get_kind_display()
        if item.kind == ItemKind.JOINT_VISIT:
            self.fields[f"on_{item.pk}"] = forms.DateField(
                label=label, required=False, initial=item.happened_on, widget=DateInput()
            )
            return
        rows = 2 if item.is_written else 1
        self.fields[f"note_{item.pk}"] = forms.CharField(
            label=label,
            required=False,
            max_length=1000,
            initial=item.note,
            widget=forms.Textarea(attrs={"rows": rows}),
        )
        word = _("None") if item.is_written else _("Looked at, it is right")
        name = f"none_{item.pk}" if item.is_written else f"ok_{item.pk}"
        self.fields[name] = forms.BooleanField(label=word, required=False, initial=item.nothing)

    def answers(self) -> list[Answer]:
        """What was said to each line."""
        said = self.cleaned_data
        return [
            Answer(
                item,
                note=said.get(f"note_{item.pk}", ""),
                nothing=bool(said.get(f"none_{item.pk}")),
                confirmed=bool(said.get(f"ok_{item.pk}")),
                happened_on=said.get(f"on_{item.pk}"),
            )
            for item in self.items
        ]


class ItemForm(ScopedForm):
    """One line by the interface."""

    note = forms.CharField(label=_("Words"), max_length=1000, required=False)
    nothing = forms.BooleanField(label=_("None"), required=False)
    confirmed = forms.BooleanField(label=_("Looked at, it is right"), required=False)
    happened_on = forms.DateField(label=_("Day of the joint visit"), required=False)


class InitiateForm(TransitionForm):
    """Who receives all customers of the draft."""

    receiver = ScopedChoiceField(User, label=_("Receives"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.PM, Role.BM, now=db_now())
        if self.row is not None:
            people = people.filter(unit=self.row.branch).exclude(pk=self.row.owner_id)  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = people.order_by("name_zh", "pk")  # type: ignore[attr-defined]


class ItemChoices(ScopedMultipleChoiceField):
    """Lines as check boxes: customer and kind."""

    def label_from_instance(self, item: Any) -> str:
        return f"{item.customer.called} · {item}"


class RefuseForm(TransitionForm):
    """The lines that lack something, and what."""

    items = ItemChoices(HandoverItem, label=_("What lacks something"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("What is missing from it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = HandoverItem.objects.visible_to(self.user).filter(handover=self.row)
        self.fields["items"].queryset = rows.for_list().order_by("customer", "pk")  # type: ignore[attr-defined]


class InformForm(TransitionForm):
    """How and when the customer was told."""

    informed_via = forms.ChoiceField(
        label=_("How"), choices=InformedVia.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    informed_on = forms.DateField(label=_("When"), widget=DateInput(), initial=timezone.localdate)


class CancelForm(TransitionForm):
    """Why the handover is called off."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ReviewForm(TransitionForm):
    """Whether all is well after a month."""

    check_ok = forms.TypedChoiceField(
        label=_("After a month"),
        choices=[("yes", _("The receiver knows the customers")), ("no", _("Something is not in order"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    reason = forms.CharField(
        label=_("What"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


HANDOVER_FORMS = {
    "initiate": InitiateForm,
    "refuse": RefuseForm,
    "inform_customer": InformForm,
    "cancel": CancelForm,
    "review": ReviewForm,
}
HANDOVER_LABELS = {
    "initiate": _("Name one receiver"),
    "generate_dossier": _("Make the dossier"),
    "fill_gaps": _("Sign and pass on"),
    "refuse": _("Send back with gaps"),
    "accept": _("Accept and sign"),
    "inform_customer": _("Customer informed"),
    "approve": _("Approve"),
    "complete": _("Hand over now"),
    "cancel": _("Call off"),
    "review": _("Check after a month"),
}
