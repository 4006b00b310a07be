"""Filters of privacy, one definition for page and API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.filters import ScopedFilterSet
from crm.models import Consent
from crm.privacy_choices import Purpose


class ConsentFilter(ScopedFilterSet):
    """What people agreed to by person, purpose and whether it still stands."""

    contact = django_filters.NumberFilter(label=_("Contact"))
    purpose = django_filters.ChoiceFilter(choices=Purpose.choices, label=_("Purpose"))
    standing = django_filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", label=_("Still stands")
    )

    class Meta:
        model = Consent
        fields: tuple[str, ...] = ()
