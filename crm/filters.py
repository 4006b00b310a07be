"""Filters of the customer floor, one definition for page, API and export."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.geography import provinces, region_name
from accounts.models import OrgUnit, User
from core.clock import db_now
from core.filters import ScopedFilterSet
from core.params import param
from crm.assessment_rules import rules_at
from crm.board_choices import BoardFlag
from crm.cadence import CLASSES, PROMISED
from crm.choices import (
    CARE_KINDS,
    ActivityType,
    Attitude,
    CareClass,
    CustomerKind,
    CustomerStatus,
    DecisionRole,
    EnterpriseSize,
    FollowUpKind,
    FollowUpState,
    Gap,
    Industry,
    MergeState,
    Ownership,
    PairState,
    PoolStatus,
    RiskBand,
    Source,
    Stage,
    Tier,
)
from crm.handover_choices import HandoverState, HandoverTrigger
from crm.models import (
    Activity,
    BoardRow,
    Contact,
    Customer,
    CustomerMerge,
    DuplicatePair,
    FollowUp,
    Handover,
    HandoverItem,
    Site,
)
from crm.privacy_choices import Purpose

CUSTOMER_VIEWS = (
    ("all", _("All")),
    ("mine", _("Mine")),
    ("branch", _("My branch")),
    ("overdue", _("Overdue")),
    ("neglected", _("Neglected")),
    ("incomplete", _("Needs completion")),
    ("unowned", _("Without owner")),
)


def branches(request: Any) -> QuerySet[OrgUnit]:
    """The branches a customer may belong to."""
    return OrgUnit.objects.filter(kind__in=["branch", "hq"]).order_by("code")


def owners(request: Any) -> QuerySet[User]:
    """People one may look for as owners: whoever owns something the user sees."""
    return User.objects.visible_to(request.user).active() if request else User.objects.none()


def province_choices() -> list[tuple[str, Any]]:
    """Provinces in the order of their codes."""
    return [(row.code, region_name(row.code)) for row in provinces()]


def at_counted(rows: Any, user: Any, counted: bool) -> Any:
    """Rows of customers the boards counted for this reader (None: for anybody), or of others."""
    seen = BoardRow.objects.visible_to(user).values("pk")
    return rows.filter(customer__in=seen) if counted else rows.exclude(customer__in=seen)


class CustomerFilter(ScopedFilterSet):
    """Text, one-click views, and the columns people narrow by."""

    search = django_filters.CharFilter(method="by_text", label=_("Search"))
    view = django_filters.ChoiceFilter(
        method="by_view", choices=CUSTOMER_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label=_("Tier"), empty_label=_("All tiers"))
    stage = django_filters.ChoiceFilter(
        method="by_blank",
        choices=Stage.choices,
        label=_("Stage"),
        empty_label=_("All stages"),
        null_label="—",
        null_value="none",
    )
    risk = django_filters.ChoiceFilter(
        method="by_risk", choices=RiskBand.choices, label=_("Churn risk"), empty_label=_("Any risk")
    )
    narrow = django_filters.BooleanFilter(
        field_name="assessment__narrow", label=_("Buys from us"), widget=forms.HiddenInput
    )
    prospect = django_filters.BooleanFilter(
        field_name="assessment__is_prospect", label=_("Prospect"), widget=forms.HiddenInput
    )
    kind = django_filters.ChoiceFilter(
        method="by_kind", choices=CustomerKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )
    primary_kind = django_filters.ChoiceFilter(
        field_name="kind", choices=CustomerKind.choices, label=_("Primary kind"), widget=forms.HiddenInput
    )
    industry = django_filters.ChoiceFilter(
        method="by_blank",
        choices=Industry.choices,
        label=_("Industry"),
        empty_label=_("All industries"),
        null_label="—",
        null_value="none",
    )
    province_code = django_filters.ChoiceFilter(
        method="by_blank",
        choices=province_choices,
        label=_("Province"),
        empty_label=_("All provinces"),
        null_label="—",
        null_value="none",
    )
    missing = django_filters.ChoiceFilter(
        method="by_gap", choices=Gap.choices, label=_("What lacks"), empty_label=_("Whatever lacks")
    )
    completeness_from = django_filters.NumberFilter(
        field_name="completeness", lookup_expr="gte", label=_("Completeness from"), widget=forms.HiddenInput
    )
    completeness_below = django_filters.NumberFilter(
        field_name="completeness", lookup_expr="lt", label=_("Completeness below"), widget=forms.HiddenInput
    )
    enterprise_size = django_filters.ChoiceFilter(
        choices=EnterpriseSize.choices,
        label=_("Size"),
        null_label="—",
        null_value="none",
        widget=forms.HiddenInput,
        method="by_blank",
    )
    ownership = django_filters.ChoiceFilter(
        choices=Ownership.choices,
        label=_("Ownership"),
        null_label="—",
        null_value="none",
        widget=forms.HiddenInput,
        method="by_blank",
    )
    source = django_filters.ChoiceFilter(choices=Source.choices, label=_("Source"), widget=forms.HiddenInput)
    parent = django_filters.NumberFilter(label=_("Parent company"), widget=forms.HiddenInput)
    credit_hold = django_filters.BooleanFilter(label=_("Credit hold"), widget=forms.HiddenInput)
    status = django_filters.ChoiceFilter(
        choices=CustomerStatus.choices, label=_("Status"), widget=forms.HiddenInput
    )
    branch = django_filters.ModelChoiceFilter(queryset=branches, label=_("Branch"), widget=forms.HiddenInput)
    owner = django_filters.ModelChoiceFilter(queryset=owners, label=_("Owner"), widget=forms.HiddenInput)
    care_class = django_filters.ChoiceFilter(
        method="by_class", choices=CareClass.choices, label=_("Rhythm of contact"), widget=forms.HiddenInput
    )
    board = django_filters.ChoiceFilter(
        method="by_board",
        choices=[("all", _("Counted customers")), *BoardFlag.choices],
        label=_("Boards"),
        widget=forms.HiddenInput,
    )
    pool_status = django_filters.ChoiceFilter(
        choices=PoolStatus.choices, label=_("Without owner"), widget=forms.HiddenInput
    )
    tag = django_filters.CharFilter(method="by_tag", label=_("Tag"), widget=forms.HiddenInput)
    segment = django_filters.NumberFilter(method="by_segment", label=_("Segment"), widget=forms.HiddenInput)
    import_batch = django_filters.NumberFilter(label=_("Import"), widget=forms.HiddenInput)
    historical = django_filters.BooleanFilter(label=_("History only"), widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """Name, pinyin, initials, code, a contact's name or number."""
        return rows.matching(value)

    def by_class(self, rows: Any, name: str, value: str) -> Any:
        """Those whose rhythm of contact is that of the class."""
        return rows.filter(PROMISED, CLASSES[value])

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        user, now = self.request.user, db_now()
        if value == "mine":
            return rows.owned_by(user)
        if value == "branch":
            return rows.filter(branch__in=user.authority().branch_ids)
        if value == "overdue":
            return rows.overdue(now)
        if value == "neglected":
            return rows.neglected(now)
        if value == "incomplete":
            return rows.below_target()
        return rows.filter(owner__isnull=True) if value == "unowned" else rows

    def by_board(self, rows: Any, name: str, value: str) -> Any:
        """Those behind a number of the boards: all that were counted, or those with the sign at the last count."""
        counted = BoardRow.objects.visible_to(self.request.user)
        counted = counted if value == "all" else counted.flagged(value)
        return rows.filter(pk__in=counted.values("pk"))

    def by_tag(self, rows: Any, name: str, value: str) -> Any:
        """Those that carry the word."""
        return rows.filter(tags__contains=[value])

    def by_segment(self, rows: Any, name: str, value: Any) -> Any:
        """Those of a segment the user may use; nothing for any other."""
        from crm.segments import members_of

        return rows.filter(pk__in=members_of(value, self.request.user).order_by().values("pk"))

    def by_kind(self, rows: Any, name: str, value: str) -> Any:
        """Primary kind or one of the further ones."""
        return rows.filter(Q(kind=value) | Q(kinds__contains=[value]))

    def by_risk(self, rows: Any, name: str, value: str) -> Any:
        """Low below the amber limit in force, medium below the red one, high from there."""
        rules = rules_at(db_now()).risk
        if value == RiskBand.LOW:
            return rows.filter(risk_score__lt=rules.amber)
        rows = rows.filter(risk_score__gte=rules.red if value == RiskBand.HIGH else rules.amber)
        return rows if value == RiskBand.HIGH else rows.filter(risk_score__lt=rules.red)

    def by_gap(self, rows: Any, name: str, value: str) -> Any:
        """Customers that lack this, by the stored completeness."""
        return rows.filter(completeness_gaps__contains=[value])

    def by_blank(self, rows: Any, name: str, value: str) -> Any:
        """A column's code, or "none" for those where nobody filled it."""
        return rows.filter(**{name: "" if value == "none" else value})


CONTACT_STATES = (
    ("here", _("Still there")),
    ("unverified", _("Not checked for a year")),
    ("no_phone", _("Without a phone")),
    ("left", pgettext_lazy("contact", "Have left")),
    ("outlived", pgettext_lazy("contact", "Kept too long")),
)


class ContactFilter(ScopedFilterSet):
    """People by text, role and customer."""

    search = django_filters.CharFilter(method="by_text", label=_("Search"))
    decision_role = django_filters.ChoiceFilter(
        choices=DecisionRole.choices, label=_("Decision role"), empty_label=_("All roles")
    )
    attitude = django_filters.ChoiceFilter(
        choices=Attitude.choices, label=_("Attitude"), empty_label=_("All attitudes")
    )
    presence = django_filters.ChoiceFilter(
        method="by_presence", choices=CONTACT_STATES, label=_("Presence"), empty_label=_("There or not")
    )
    purpose = django_filters.ChoiceFilter(
        method="by_purpose",
        choices=Purpose.choices,
        label=_("May be contacted for"),
        empty_label=_("Any purpose"),
    )
    branch = django_filters.ModelChoiceFilter(
        field_name="customer__branch", queryset=branches, label=_("Branch"), widget=forms.HiddenInput
    )
    owner = django_filters.ModelChoiceFilter(
        field_name="customer__owner", queryset=owners, label=_("Owner"), widget=forms.HiddenInput
    )
    counted = django_filters.BooleanFilter(
        method="by_board", label=_("Counted customers"), widget=forms.HiddenInput
    )
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)
    segment = django_filters.NumberFilter(method="by_segment", label=_("Segment"), widget=forms.HiddenInput)

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def by_board(self, rows: Any, name: str, value: bool) -> Any:
        """People at the customers the boards counted for this reader, or at others."""
        return at_counted(rows, self.request.user, value)

    def by_presence(self, rows: Any, name: str, value: str) -> Any:
        """Still there, not checked for more than 365 days, gone, or without contact and business for years."""
        if value == "unverified":
            return rows.unverified(db_now())
        if value == "no_phone":
            return rows.here().filter(mobile_masked="", phone_masked="")
        if value == "outlived":
            now = db_now()
            return rows.outlived(now, int(param("crm.contact_kept_days", at=now)))
        return rows.here() if value == "here" else rows.filter(left_at__isnull=False)

    def by_purpose(self, rows: Any, name: str, value: str) -> Any:
        """Who may be contacted for a purpose: not gone, no objection, and the separate consent where one is needed."""
        return rows.reachable_for(value, db_now())

    def by_segment(self, rows: Any, name: str, value: Any) -> Any:
        """People at the customers of a segment the user may use; nobody for any other."""
        from crm.segments import members_of

        return rows.filter(customer__in=members_of(value, self.request.user).order_by().values("pk"))

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """A person's name or number, or the customer's name."""
        customers = Customer.objects.alive().matching_names(value)
        people = Contact.objects.matching(value).values("pk")
        at_customer = Contact.objects.filter(customer__in=customers.values("pk")).values("pk")
        return rows.filter(pk__in=people.union(at_customer))


class SiteFilter(ScopedFilterSet):
    """Places by customer."""

    customer = django_filters.NumberFilter(label=_("Customer"))

    class Meta:
        model = Site
        fields: tuple[str, ...] = ()


ACTIVITY_VIEWS = (
    ("", pgettext_lazy("logs", "All")),
    ("mine", _("Mine")),
    ("verified", _("Two-way")),
    ("doubted", _("Suspicious")),
)


class ActivityFilter(ScopedFilterSet):
    """Logs by customer, author, channel and day; suspicious ones only where the reader may know the score."""

    view = django_filters.ChoiceFilter(
        method="by_view", choices=ACTIVITY_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    type = django_filters.ChoiceFilter(
        choices=ActivityType.choices, label=_("Channel"), empty_label=_("All channels")
    )
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)
    author = django_filters.NumberFilter(label=_("Author"), widget=forms.HiddenInput)
    branch = django_filters.ModelChoiceFilter(
        field_name="customer__branch", queryset=branches, label=_("Branch"), widget=forms.HiddenInput
    )
    counted = django_filters.BooleanFilter(
        method="by_board", label=_("Counted customers"), widget=forms.HiddenInput
    )
    verified = django_filters.BooleanFilter(label=_("Two-way"), widget=forms.HiddenInput)
    occurred_from = django_filters.IsoDateTimeFilter(
        field_name="occurred_at", lookup_expr="gte", widget=forms.HiddenInput
    )
    occurred_to = django_filters.IsoDateTimeFilter(
        field_name="occurred_at", lookup_expr="lt", widget=forms.HiddenInput
    )

    def by_board(self, rows: Any, name: str, value: bool) -> Any:
        """Logs of the customers the boards counted, or of others."""
        return at_counted(rows, None, value)

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        user = self.request.user
        if value == "mine":
            return rows.filter(author=user)
        if value == "doubted":
            return rows.doubted().score_visible_to(user)
        return rows.verified() if value == "verified" else rows

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ()


class MergeFilter(ScopedFilterSet):
    """Merges by state and customer."""

    state = django_filters.ChoiceFilter(
        choices=MergeState.choices, label=_("State"), empty_label=_("All states")
    )
    survivor = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)

    class Meta:
        model = CustomerMerge
        fields: tuple[str, ...] = ()


class DuplicatePairFilter(ScopedFilterSet):
    """Possible duplicates by state; without one, those to be looked at."""

    state = django_filters.ChoiceFilter(
        choices=PairState.choices, label=_("State"), empty_label=_("To be looked at")
    )

    class Meta:
        model = DuplicatePair
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.open()


FOLLOW_UP_VIEWS = (
    ("mine", _("Mine")),
    ("team", _("Team")),
    ("overdue", _("Overdue")),
    ("care", _("Care")),
    ("visits", _("Visits")),
    ("all", _("All")),
)
DUE_WHEN = (
    ("overdue", _("Overdue")),
    ("today", _("Today")),
    ("week", _("This week")),
    ("later", _("Later")),
)


class FollowUpFilter(ScopedFilterSet):
    """Next steps by person, state and lateness."""

    search = django_filters.CharFilter(method="by_text", label=_("Search"))
    view = django_filters.ChoiceFilter(
        method="by_view", choices=FOLLOW_UP_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    state = django_filters.ChoiceFilter(
        choices=FollowUpState.choices, label=_("State"), empty_label=_("All states")
    )
    kind = django_filters.ChoiceFilter(
        choices=FollowUpKind.choices, label=_("Sort"), empty_label=_("All sorts")
    )
    when = django_filters.ChoiceFilter(
        method="by_day", choices=DUE_WHEN, label=_("Due"), empty_label=_("Due at any time")
    )
    tier = django_filters.ChoiceFilter(
        field_name="customer__tier", choices=Tier.choices, label=_("Tier"), empty_label=_("All tiers")
    )
    owner = django_filters.ModelChoiceFilter(queryset=owners, label=_("Owner"), empty_label=_("All owners"))
    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)
    due_from = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="gte", widget=forms.HiddenInput
    )
    due_before = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="lt", widget=forms.HiddenInput
    )

    class Meta:
        model = FollowUp
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """The customer's name, or words of the step itself."""
        customers = Customer.objects.alive().matching_names(value).values("pk")
        return rows.filter(Q(customer__in=customers) | Q(text__icontains=value.strip()))

    def by_day(self, rows: Any, name: str, value: str) -> Any:
        """The group of the list: overdue, today, this week, later."""
        return rows.due_when(value, db_now())

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        if value == "mine":
            return rows.filter(owner=self.request.user)
        if value == "team":
            return rows.exclude(owner=self.request.user)
        if value == "care":
            return rows.filter(kind__in=CARE_KINDS)
        if value == "visits":
            return rows.filter(kind__in=[FollowUpKind.VISIT, FollowUpKind.SPONSOR])
        return rows.overdue(db_now()) if value == "overdue" else rows


HANDOVER_VIEWS = (
    ("open", _("Under way")),
    ("from_me", _("From me")),
    ("to_me", _("To me")),
    ("overdue", _("Overdue")),
    ("all", _("All")),
)


class HandoverFilter(ScopedFilterSet):
    """Handovers by person, state and reason."""

    search = django_filters.CharFilter(method="by_text", label=_("Search"))
    view = django_filters.ChoiceFilter(
        method="by_view", choices=HANDOVER_VIEWS, label=_("Show"), widget=forms.HiddenInput
    )
    state = django_filters.ChoiceFilter(
        choices=HandoverState.choices, label=_("State"), empty_label=_("All states")
    )
    trigger = django_filters.ChoiceFilter(
        choices=HandoverTrigger.choices, label=_("Reason"), empty_label=_("All reasons")
    )
    customer = django_filters.NumberFilter(
        field_name="entries__customer", label=_("Customer"), widget=forms.HiddenInput
    )
    owner = django_filters.NumberFilter(label=_("Hands over"), widget=forms.HiddenInput)
    receiver = django_filters.NumberFilter(label=_("Receives"), widget=forms.HiddenInput)

    class Meta:
        model = Handover
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """Number, or the name of a customer in it."""
        customers = Customer.objects.visible_to(self.request.user).matching_names(value).values("pk")
        return rows.filter(Q(code__icontains=value.strip()) | Q(entries__customer__in=customers)).distinct()

    def by_view(self, rows: Any, name: str, value: str) -> Any:
        """The chips above the list."""
        if value == "open":
            return rows.under_way()
        if value == "from_me":
            return rows.filter(owner=self.request.user)
        if value == "to_me":
            return rows.filter(receiver=self.request.user)
        return rows.overdue(db_now()) if value == "overdue" else rows


class HandoverItemFilter(ScopedFilterSet):
    """Lines of one dossier."""

    handover = django_filters.NumberFilter(label=_("Handover"))
    customer = django_filters.NumberFilter(label=_("Customer"))
    missing = django_filters.BooleanFilter(
        field_name="done_at", lookup_expr="isnull", label=pgettext_lazy("state", "Open")
    )

    class Meta:
        model = HandoverItem
        fields: tuple[str, ...] = ()
