"""Pages about people's data: what a person agrees to and takes back."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.clock import db_now
from crm.forms.privacy import ConsentForm, WithdrawForm
from crm.models import Consent, Contact
from crm.operations import record_consent, withdraw_consent
from crm.privacy_choices import ConsentMethod, Purpose
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
