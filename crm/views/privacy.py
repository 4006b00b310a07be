"""Pages about people's data: what a person agrees to, takes back and asks for; who was erased."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.files import attachments_of, attachments_showing
from core.forms import ScopedForm
from core.models import AuditEntry
from core.params import param
from core.rules import require
from core.views import ScopedDetailView, ScopedListView
from crm import access_log
from crm.forms.privacy import ConsentForm, HoldForm, PrivacyRequestForm, WithdrawForm
from crm.models import Consent, Contact, Erasure, PrivacyRequest
from crm.operations import (
    add_privacy_request,
    hold_contact,
    record_consent,
    retire_contact,
    why_not_erase,
    withdraw_consent,
)
from crm.privacy_choices import ConsentMethod, Purpose, RequestKind
from crm.privacy_filters import AccessLogFilter, PrivacyRequestFilter
from crm.views.people import PersonStepView


class ContactConsentView(PersonStepView):
    """Note a person's yes to one purpose, or that our notice was given."""

    form_class = ConsentForm
    title = gettext_lazy("Record a consent")
    submit_label = gettext_lazy("Record")

    def code(self) -> str:
        return "crm.add_consent"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {
            "purpose": asked.get("purpose", Purpose.SERVICE),
            "method": asked.get("method", ConsentMethod.PAPER),
            "given_on": self.today(),
        }

    def perform(self, form: Any) -> Consent:
        return record_consent(by=self.request.user, now=db_now(), contact=self.row, **form.arguments())


class ContactWithdrawConsentView(PersonStepView):
    """Note a person's no to one purpose; as short a way as saying yes."""

    model = Contact
    form_class = WithdrawForm
    title = gettext_lazy("The person says no")
    submit_label = gettext_lazy("Withdraw")

    def code(self) -> str:
        return "crm.withdraw_consent"

    def get_initial(self) -> dict[str, Any]:
        return {"purpose": self.request.GET.get("purpose", ""), "method": ConsentMethod.SPOKEN}

    def perform(self, form: Any) -> Consent:
        return withdraw_consent(by=self.request.user, now=db_now(), contact=self.row, **form.arguments())


class ContactHoldView(PersonStepView):
    """Keep a person's data because of a law or claim, or lift that."""

    permission = "hold"
    form_class = HoldForm
    title = gettext_lazy("Legal hold")

    def get_initial(self) -> dict[str, Any]:
        return {"legal_hold": self.row.legal_hold}

    def perform(self, form: Any) -> Contact:
        return hold_contact(by=self.request.user, now=db_now(), contact=self.row, **form.cleaned_data)


class ContactAskView(PersonStepView):
    """Take in what a person asks about their data; success leads to the request."""

    form_class = PrivacyRequestForm
    title = gettext_lazy("The person asks about their data")
    submit_label = gettext_lazy("Take in")

    def code(self) -> str:
        return "crm.add_privacyrequest"

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", RequestKind.COPY), "received_on": self.today()}

    def perform(self, form: Any) -> PrivacyRequest:
        return add_privacy_request(by=self.request.user, now=db_now(), contact=self.row, **form.arguments())

    def get_success_url(self, row: Any) -> str:
        return str(row.get_absolute_url())


class PrivacyRequestListView(ScopedListView):
    """What people asked about their data: the officer's desk; others see what they took in."""

    model = PrivacyRequest
    filterset_class = PrivacyRequestFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"due_at": ("due_at", "id"), "-id": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_see = self.request.user.has_perm("crm.view_erasure")
        may_retire = self.request.user.has_perm("crm.retire_contact")
        return super().get_context_data(may_see_erasures=may_see, may_retire=may_retire, **kwargs)


class PrivacyRequestDetailView(ScopedDetailView):
    """One request: who, what, until when, what was done; for a deletion what forbids it and what is left to look at."""

    model = PrivacyRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, now = kwargs["row"], kwargs["now"]
        forbids = (
            why_not_erase(row.contact, now=now) if row.kind == RequestKind.DELETE and row.is_open else ""
        )
        erasure = Erasure.objects.visible_to(self.request.user).filter(request=row).first()
        return super().get_context_data(
            forbids=forbids,
            erasure=erasure,
            by_hand=attachments_showing(erasure.by_hand if erasure else []),
            attachments=attachments_of(row),
            late=row.is_overdue_at(now),
            **kwargs,
        )


class ErasureListView(ScopedListView):
    """Who was erased, when and how much it touched: numbers only."""

    model = Erasure


class AccessLogView(ScopedListView):
    """Who opened full numbers, took lists out or erased people; for the personal data officer, supervision and audit."""

    model = AuditEntry
    template_name = "crm/access_log.html"
    filterset_class = AccessLogFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-at": ("-at", "-seq")}

    def code(self) -> str:
        return "crm.view_accesslog"

    def list_rows(self) -> Any:
        return access_log.entries()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=access_log.lines(kwargs["rows"], self.request.user), **kwargs)


def access_log_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of one person, where the notice about a burst leads."""
    require(request.user, "crm.view_accesslog")
    return redirect(f"{reverse('crm:access_log')}?actor={pk}")


class ContactOutlivedView(ScopedListView):
    """People whose data are kept longer than the company set, for the officer to anonymise."""

    model = Contact
    permission = "retire"
    template_name = "crm/contact_outlived.html"

    def list_rows(self) -> Any:
        now = db_now()
        days = int(param("crm.contact_kept_days", at=now))
        return self.rows().outlived(now, days).for_list()


class ContactRetireView(PersonStepView):
    """Erase one of them, as a request for deletion would."""

    permission = "retire"
    title = gettext_lazy("Anonymise this person?")
    submit_label = gettext_lazy("Anonymise")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return ScopedForm(data, user=self.request.user)

    def perform(self, form: Any) -> Contact:
        return retire_contact(by=self.request.user, now=db_now(), contact=self.row)

    def get_success_url(self, row: Any) -> str:
        return reverse("crm:contact_outlived")
