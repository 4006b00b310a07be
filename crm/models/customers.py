"""Who we deal with: customers in the broad sense, the people there, and their places."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.addresses import row_address
from core.fields import PersonalField, SearchTermsField
from core.kinds import RootBy
from core.models import Versioned
from crm.choices import (
    Attitude,
    CustomerKind,
    CustomerStatus,
    DecisionRole,
    EnterpriseSize,
    Identity,
    Industry,
    Ownership,
    PoolStatus,
    Source,
    Stage,
    Tier,
)
from crm.identifiers import USCC_OK, check_uscc
from crm.match_keys import MailDomainField, MatchKeysField
from crm.name_keys import NameKeysField
from crm.pool_choices import AssignmentClass, PlacingRule, PoolReason
from crm.querysets import ContactQuerySet, CustomerQuerySet, SiteQuerySet

LIVE = Q(deleted_at__isnull=True)
# Lists show the newest first and those without a date last; an index in any other order would not serve them.
LAST_CONTACT = (F("last_contact_at").desc(nulls_last=True), F("id").desc())
NEWEST_IN_POOL = (F("pool_entered_at").desc(nulls_last=True), F("id").desc())

NEXT_STEP = """
    UPDATE crm_customer SET next_follow_at = LEAST(%s::timestamptz, (
        SELECT min(due_at) FROM crm_followup
         WHERE customer_id = crm_customer.id AND state = 'open' AND id IS DISTINCT FROM %s))
     WHERE id = %s RETURNING next_follow_at
"""


class Customer(Versioned):
    """Any organisation whose relation we manage, and departments as receivers of a process output.

    `owner` is the one accountable project manager; without one `pool_status` says where it waits. `department`
    looks after parties that are not buyers. Tier, stage, risk and the contact dates are derived: only operations
    write them, no form does. `contact_due_at` is the end of the cadence (`crm/cadence.py`), null when nothing is promised.
    A customer merged away is deleted and names in `merged_into` who stands for it now; `former_codes` keeps its number
    findable there. `verified_uscc` is the credit code somebody compared with the licence: another code is unverified again.
    """

    code = models.CharField(_("customer no."), max_length=24, unique=True, editable=False)
    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    former_names = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("former names")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=CustomerKind)
    kinds = ArrayField(
        models.CharField(max_length=16, choices=CustomerKind),
        default=list,
        blank=True,
        verbose_name=_("further kinds"),
    )
    is_group = models.BooleanField(_("head of a group"), default=False)
    industry = models.CharField(_("industry"), max_length=16, choices=Industry, blank=True)
    industry_text = models.CharField(_("industry as given"), max_length=60, blank=True)
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership, blank=True)
    enterprise_size = models.CharField(_("size"), max_length=6, choices=EnterpriseSize, blank=True)
    province_code = models.CharField(_("province"), max_length=2, blank=True)
    city_code = models.CharField(_("city"), max_length=6, blank=True)
    district = models.CharField(_("district"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    uscc = models.CharField(_("social credit code"), max_length=18, blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    email_domain = models.CharField(_("e-mail domain"), max_length=80, blank=True)
    switchboard = models.CharField(_("switchboard"), max_length=30, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=100, blank=True)
    tax_no = models.CharField(_("tax no."), max_length=20, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source, blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("tags"))
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    preferences = models.TextField(_("preferences and taboos"), max_length=1000, blank=True)
    competitors = models.TextField(_("competitors there"), max_length=1000, blank=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
        verbose_name=_("parent company"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("branch"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="customers",
        db_index=False,
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        "accounts.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    unit = models.OneToOneField(
        "accounts.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="as_customer"
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("executive sponsor"),
    )
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, default=Tier.NA, editable=False)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, blank=True, editable=False)
    stage_since = models.DateTimeField(null=True, editable=False)
    stage_reason = models.JSONField(default=dict, blank=True, editable=False)
    risk_score = models.DecimalField(
        _("churn risk"), max_digits=5, decimal_places=2, null=True, editable=False
    )
    strength = models.DecimalField(
        _("relationship strength"), max_digits=5, decimal_places=2, null=True, editable=False
    )
    clv5 = models.DecimalField(
        _("five-year value"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    pool_status = models.CharField(
        _("pool"), max_length=6, choices=PoolStatus, blank=True, default="", editable=False
    )
    pool_entered_at = models.DateTimeField(null=True, editable=False)
    pool_reason = models.CharField(
        _("reason in the pool"),
        max_length=20,
        choices=PoolReason,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    owned_since = models.DateTimeField(_("with this owner since"), null=True, editable=False)
    claim_due_at = models.DateTimeField(_("first contact after claim by"), null=True, editable=False)
    pool_due_on = models.DateField(_("goes to the pool on"), null=True, editable=False)
    pool_due_limit = models.CharField(max_length=12, blank=True, default="", db_default="", editable=False)
    assignment_class = models.CharField(
        _("served"),
        max_length=12,
        choices=AssignmentClass,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    assignment_reason = models.CharField(max_length=12, blank=True, default="", db_default="", editable=False)
    placed_by_rule = models.CharField(
        max_length=14, choices=PlacingRule, blank=True, default="", db_default="", editable=False
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CustomerStatus, default=CustomerStatus.ACTIVE, editable=False
    )
    status_since = models.DateTimeField(null=True, editable=False)
    credit_limit = models.DecimalField(
        _("credit limit"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    credit_days = models.PositiveSmallIntegerField(_("credit days"), null=True, editable=False)
    credit_hold = models.BooleanField(_("credit hold"), default=False, editable=False)
    completeness = models.PositiveSmallIntegerField(_("completeness"), null=True, editable=False)
    completeness_gaps = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        editable=False,
        verbose_name=_("what lacks"),
    )
    completeness_at = models.DateTimeField(null=True, editable=False)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    last_verified_contact_at = models.DateTimeField(_("last two-way contact"), null=True, editable=False)
    next_follow_at = models.DateTimeField(_("next step due"), null=True, editable=False)
    contact_every_days = models.PositiveSmallIntegerField(_("own rhythm (days)"), null=True, editable=False)
    contact_due_at = models.DateTimeField(_("contact due by"), null=True, editable=False)
    needs_completion = models.BooleanField(_("needs completion"), default=False, editable=False)
    historical = models.BooleanField(_("history only"), default=False, editable=False)
    import_batch = models.ForeignKey(
        "crm.ImportBatch", null=True, on_delete=models.SET_NULL, related_name="customers", editable=False
    )
    deleted_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )
    former_codes = ArrayField(models.CharField(max_length=24), default=list, blank=True, editable=False)
    verified_uscc = models.CharField(max_length=18, blank=True, editable=False)
    name_keys = NameKeysField()
    match_keys = MatchKeysField()
    search_terms = SearchTermsField(
        names=["name", "short_name", "name_en", "former_names"], codes=["code", "uscc", "former_codes"]
    )

    objects = CustomerQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            GinIndex(fields=["search_terms"], name="customer_search", fastupdate=False),
            GinIndex(fields=["name_keys"], name="customer_name_keys", fastupdate=False),
            GinIndex(fields=["match_keys"], name="customer_match_keys", fastupdate=False),
            models.Index(
                fields=["branch", "next_follow_at", "id"], name="customer_branch_next", condition=LIVE
            ),
            models.Index(
                fields=["owner", "next_follow_at", "id"], name="customer_owner_next", condition=LIVE
            ),
            models.Index("branch", *LAST_CONTACT, name="customer_branch_last", condition=LIVE),
            models.Index("owner", *LAST_CONTACT, name="customer_owner_last", condition=LIVE),
            models.Index(fields=["next_follow_at", "id"], name="customer_next", condition=LIVE),
            models.Index(
                fields=["branch", "contact_due_at", "id"], name="customer_branch_due", condition=LIVE
            ),
            models.Index(fields=["owner", "contact_due_at", "id"], name="customer_owner_due", condition=LIVE),
            models.Index(fields=["contact_due_at", "id"], name="customer_due", condition=LIVE),
            models.Index(*LAST_CONTACT, name="customer_last", condition=LIVE),
            models.Index(fields=["branch", "-id"], name="customer_branch_new", condition=LIVE),
            models.Index(
                "branch", *NEWEST_IN_POOL, name="customer_pool", condition=LIVE & ~Q(pool_status="")
            ),
            models.Index(*NEWEST_IN_POOL, name="customer_pools", condition=LIVE & ~Q(pool_status="")),
            models.Index(
                fields=["pool_due_on", "branch"],
                name="customer_pool_due",
                condition=LIVE & Q(pool_due_on__isnull=False),
            ),
            models.Index(
                fields=["claim_due_at"],
                name="customer_claim_due",
                condition=LIVE & Q(claim_due_at__isnull=False),
            ),
            models.Index(fields=["name"], name="customer_name"),
            models.Index(fields=["completeness_at", "id"], name="customer_completeness", condition=LIVE),
            GinIndex(fields=["tags"], name="customer_tags", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=LIVE & ~Q(uscc=""), name="one_customer_per_uscc"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(pool_status=""), name="customer_owned_or_pooled"
            ),
            models.CheckConstraint(
                condition=Q(completeness__isnull=True) | Q(completeness__lte=100), name="completeness_to_100"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False)
                | ~Q(pool_status="")
                | Q(department__isnull=False)
                | Q(unit__isnull=False)
                | Q(historical=True)
                | Q(deleted_at__isnull=False),
                name="customer_never_without_anybody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def giving_right(self) -> str:
        """The permission of naming its owner: a customer that has one is transferred, any other assigned."""
        return "crm.assign_customer" if self.owner_id is None else "crm.transfer_customer"

    @property
    def audit_root(self) -> "Customer":
        return self

    @property
    def called(self) -> str:
        """The name people use: the short one where there is one."""
        return self.short_name or self.name

    @property
    def is_prospect_kind(self) -> bool:
        """Whether this kind of party buys from us."""
        return self.kind in (CustomerKind.END_USER, CustomerKind.EPC, CustomerKind.DEALER)

    @property
    def identity(self) -> str:
        """How far the credit code is known to be right; see `Identity`."""
        if not self.uscc:
            return Identity.NONE
        if self.uscc == self.verified_uscc:
            return Identity.VERIFIED
        return Identity.WELL_FORMED if check_uscc(self.uscc) == USCC_OK else Identity.DOUBTFUL

    @property
    def is_pooled(self) -> bool:
        return bool(self.pool_status)

    def is_overdue_at(self, now: datetime) -> bool:
        """Whether its next step is late."""
        return self.next_follow_at is not None and self.next_follow_at < now

    def is_neglected_at(self, now: datetime) -> bool:
        """Whether the two-way contact it is promised did not take place in time."""
        return self.contact_due_at is not None and self.contact_due_at < now

    def get_absolute_url(self) -> str:
        return row_address("crm:customer_detail", self.pk)

    def refresh_next_follow(self, *, leaving_out: int | None = None, also: datetime | None = None) -> None:
        """Set the next step's day; see `refresh_next_follow`."""
        self.next_follow_at = refresh_next_follow(self.pk, leaving_out=leaving_out, also=also)


def refresh_next_follow(
    customer_id: int, *, leaving_out: int | None = None, also: datetime | None = None
) -> datetime | None:
    """Set the day of a customer's next step to its earliest open follow-up; called by whatever changes one.

    `leaving_out` is a follow-up in the middle of its own change, `also` the new day it will have. Returns the day.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT_STEP, [also, leaving_out, customer_id])
        (day,) = cursor.fetchone() or (None,)
    return day


class Contact(Versioned):
    """A person at the customer. Numbers and addresses are kept encrypted; people see them masked until revealed."""

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="contacts",
        db_index=False,
        verbose_name=_("customer"),
    )
    name = models.CharField(_("name"), max_length=40)
    title = models.CharField(_("title"), max_length=40, blank=True)
    dept = models.CharField(_("department"), max_length=40, blank=True)
    mobile = PersonalField(_("mobile"), kind="phone", blank=True)
    phone = PersonalField(_("landline"), kind="phone", blank=True)
    wechat = PersonalField(_("WeChat"), kind="wechat", blank=True)
    email = PersonalField(_("e-mail"), kind="email", blank=True)
    decision_role = models.CharField(
        _("decision role"), max_length=14, choices=DecisionRole, default=DecisionRole.UNKNOWN
    )
    attitude = models.CharField(_("attitude"), max_length=9, choices=Attitude, default=Attitude.UNKNOWN)
    influence = models.PositiveSmallIntegerField(_("influence (1–5)"), default=3)
    is_primary = models.BooleanField(_("primary contact"), default=False)
    reports_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        verbose_name=_("reports to"),
    )
    source = models.CharField(_("source"), max_length=12, choices=Source, blank=True)
    birthday = models.CharField(_("birthday (month-day)"), max_length=5, blank=True)
    left_at = models.DateField(_("left on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    verified_at = models.DateTimeField(_("last verified"), null=True, editable=False)
    last_contact_at = models.DateTimeField(null=True, editable=False)
    do_not_contact = models.BooleanField(_("does not want to be contacted"), default=False)
    legal_hold = models.CharField(_("kept because of"), max_length=200, blank=True, editable=False)
    contact_removed = models.BooleanField(default=False, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )
    mail_domain = MailDomainField()
    search_terms = SearchTermsField(people=["name"])

    objects = ContactQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            GinIndex(fields=["search_terms"], name="contact_search", fastupdate=False),
            models.Index(fields=["customer", "-is_primary", "id"], name="contact_customer"),
            models.Index(fields=["customer", "-id"], name="contact_newest", condition=LIVE),
            models.Index(fields=["mail_domain"], name="contact_mail_domain", condition=~Q(mail_domain="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_primary=True, deleted_at__isnull=True),
                name="one_primary_contact",
            ),
            models.CheckConstraint(
                condition=Q(influence__gte=1, influence__lte=5),
                name="contact_influence_1_to_5",
                violation_error_message=_("Influence is a number from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    @property
    def is_here(self) -> bool:
        """Still works there and may be contacted."""
        return self.left_at is None and not self.contact_removed

    def get_absolute_url(self) -> str:
        return row_address("crm:contact_detail", self.pk)


class Site(Versioned):
    """A place of the customer: pumps stand there, visits go there. Kilometres are typed by people, 0 unknown."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="sites", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=60)
    province_code = models.CharField(_("province"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    travel_km = models.PositiveIntegerField(_("distance (km)"), default=0)
    notes = models.CharField(_("how to get in"), max_length=200, blank=True)

    objects = SiteQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="one_site_per_name"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_on_earth",
                violation_error_message=_("Give both latitude (−90 to 90) and longitude (−180 to 180)."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_parent(self) -> Customer:
        return self.customer

    audit_root = RootBy("customer")

    def get_absolute_url(self) -> str:
        return f"{self.customer.get_absolute_url()}?tab=contacts"
