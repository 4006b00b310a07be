"""Input of the duplicate check: what is typed so far, from a form or a program; and the check every form of a party makes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import db_now
from core.forms import ScopedForm
from crm.duplicates import BLOCK, BLOCK_CONTACT, Party, company_domain
from crm.match_keys import site_domain
from crm.models import Contact, Customer
from crm.operations.duplicates import Known, check_duplicates

IDENTIFYING = {
    "name",
    "former_names",
    "uscc",
    "province_code",
    "city_code",
    "switchboard",
    "website",
    "email_domain",
}
PERSONAL = {"name", "mobile"}


class TypedPartyForm(ScopedForm):
    """A party as far as it is known; every value is optional and none is refused for its shape.

    `customer` and `contact` are the rows being edited, which are no duplicates of themselves; `at` is the customer a
    contact stands at, whose city and lines are the contact's too.
    """

    name = forms.CharField(max_length=120, required=False)
    former_names = forms.CharField(max_length=1100, required=False)
    uscc = forms.CharField(max_length=40, required=False)
    province_code = forms.CharField(max_length=6, required=False)
    city_code = forms.CharField(max_length=6, required=False)
    switchboard = forms.CharField(max_length=60, required=False)
    website = forms.CharField(max_length=200, required=False)
    email_domain = forms.CharField(max_length=120, required=False)
    phone = forms.CharField(max_length=60, required=False)
    email = forms.CharField(max_length=200, required=False)
    contact_name = forms.CharField(max_length=60, required=False)
    contact_mobile = forms.CharField(max_length=60, required=False)
    customer = forms.IntegerField(required=False, min_value=1)
    contact = forms.IntegerField(required=False, min_value=1)
    at = forms.IntegerField(required=False, min_value=1)

    def party(self) -> Party:
        """What was typed, as the rules see it."""
        data = dict(self.cleaned_data)
        here = Customer.objects.visible_to(self.user).filter(pk=data["at"]).first() if data["at"] else None
        return typed_party({**data, "city_code": here.city_code if here else data["city_code"]})

    def known(self) -> list[Known]:
        """Whom the typed party may be the same as."""
        data = self.cleaned_data
        known = check_duplicates(
            by=self.user, now=db_now(), party=self.party(), customer=data["customer"], contact=data["contact"]
        )
        return [one for one in known if one.found.customer.pk != data["at"] or one.found.contact is not None]


def watch(*names: str) -> str:
    """The trigger of the check beside a form: half a second after one of these fields was typed in."""
    return ", ".join(f"input delay:500ms from:#id_{name}" for name in names)


class AskForm(ScopedForm):
    """The reference a look-up gave."""

    ref = forms.CharField(max_length=200)


class AnswerForm(ScopedForm):
    """Whom to answer, and how."""

    asker = forms.IntegerField(min_value=1)
    share = forms.BooleanField(label=_("Let them see the customer for 30 days"), required=False)


def typed_party(data: dict[str, Any]) -> Party:
    """A party out of the values of a customer form; values that are missing or were refused do not count."""
    former = data.get("former_names") or []
    former = former if isinstance(former, list) else former.splitlines()
    city = data.get("city_code") or ""
    domains = (
        data.get("email_domain"),
        company_domain(data.get("email") or ""),
        site_domain(data.get("website") or ""),
    )
    mobile = data.get("contact_mobile") or ""
    return Party(
        names=(data.get("name") or "", *former),
        uscc=data.get("uscc") or "",
        province_code=data.get("province_code") or city[:2],
        city_code=city,
        landlines=tuple(filter(None, (data.get("switchboard"), data.get("phone")))),
        email_domains=tuple(filter(None, domains)),
        mobiles=((mobile, data.get("contact_name") or ""),) if mobile else (),
    )


def refuse_known_party(form: Any, data: dict[str, Any]) -> list[Known]:
    """Put an error beside name, code or mobile of a customer form for what rules D1, D2 and D4 block."""
    row: Customer = form.instance
    if row.pk and not IDENTIFYING & set(form.changed_data):
        return []
    known = check_duplicates(by=form.user, now=db_now(), party=typed_party(data), customer=row.pk)
    for one in known:
        rules = {match.rule for match in one.found.matches if match.effect == BLOCK}
        if rules:
            _add(form, "uscc" if "dup_rule_1" in rules else "name", one.sentence)
        elif one.found.effect == BLOCK_CONTACT:
            _add(form, "contact_mobile", _same_person(one))
    return known


def refuse_known_person(form: Any, data: dict[str, Any]) -> list[Known]:
    """Put an error beside the mobile of a contact form when this very person stands at a customer already."""
    row: Contact = form.instance
    if row.pk and not PERSONAL & set(form.changed_data):
        return []
    mobile, name = data.get("mobile") or "", data.get("name") or ""
    if not mobile:
        return []
    party = Party(names=("",), mobiles=((mobile, name),))
    known = check_duplicates(by=form.user, now=db_now(), party=party, contact=row.pk)
    for one in known:
        if one.found.effect == BLOCK_CONTACT:
            _add(form, "mobile", _same_person(one))
    return known


def _same_person(one: Known) -> Any:
    return _("The same person is a contact of “%(name)s” already (%(branch)s).") % {
        "name": one.name,
        "branch": one.branch,
    }


def _add(form: Any, field: str, sentence: Any) -> None:
    form.add_error(field if field in form.fields else None, sentence)
