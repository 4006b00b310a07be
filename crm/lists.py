"""The lists of the customer floor: their columns and what can be done with many rows."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lists import ListSpec, columns_from, register_list
from crm.bulk_actions import CONTACT_ACTIONS, CUSTOMER_ACTIONS, FOLLOW_UP_ACTIONS
from crm.filters import ContactFilter, CustomerFilter, FollowUpFilter
from crm.models import Contact, Customer, FollowUp

register_list(
    ListSpec(
        code="crm.customer",
        label=pgettext_lazy("navigation", "Customers"),
        model=Customer,
        url_name="crm:customer_list",
        permission="crm.view_customer",
        filterset=CustomerFilter,
        columns=columns_from(
            (
                ("stage", pgettext_lazy("life cycle", "Stage")),
                ("trade", _("Trade and place")),
                ("owner", _("Owner")),
                ("last_contact", _("Last contact")),
                ("due", _("Next step due")),
                ("next_step", _("Next step")),
            )
        ),
        bulk=CUSTOMER_ACTIONS,
        links=((_("Keep as a segment"), "crm:segment_create", "crm.add_segment"),),
    )
)
register_list(
    ListSpec(
        code="crm.contact",
        label=_("Contacts"),
        model=Contact,
        url_name="crm:contact_list",
        permission="crm.view_contact",
        filterset=ContactFilter,
        columns=columns_from(
            (
                ("title", pgettext_lazy("of a person", "Title")),
                ("customer", _("Customer")),
                ("role", _("Decision role")),
                ("attitude", _("Attitude")),
                ("mobile", _("Mobile")),
                ("owner", _("Owner")),
                ("last_contact", _("Last contact")),
            )
        ),
        bulk=CONTACT_ACTIONS,
    )
)
register_list(
    ListSpec(
        code="crm.followup",
        label=_("Follow-ups"),
        model=FollowUp,
        url_name="crm:followup_list",
        permission="crm.view_followup",
        filterset=FollowUpFilter,
        columns=columns_from(
            (("owner", _("Owner")), ("last_contact", _("Last contact")), ("state", _("State"))), first=4
        ),
        bulk=FOLLOW_UP_ACTIONS,
    )
)
