"""Which customers, contacts, activities and follow-ups a person sees, and the adjectives pages ask by."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from accounts.querysets import names_of, only_names, without_private
from accounts.scoping import few_ids, scope_rows
from core.fields import search_terms_filter
from core.querysets import all_but
from core.search import query_terms
from crm.authenticity import BELIEVABLE
from crm.choices import FollowUpState, PoolStatus
from crm.completeness import STALE_AFTER, TARGETS
from crm.planning import REMINDER_OFFSETS, due_before, end_of_day, end_of_week
from crm.privacy_choices import SEPARATE, Purpose


def only_customer(path: str = "customer", *also: str) -> tuple[str, ...]:
    """What to `defer` of a customer that a list joins to name it: all but its names, tier, whose it is, and `also`."""
    from crm.models import Customer

    return all_but(Customer, path, "code", "name", "short_name", "tier", "owner", "branch", *also)


TABLE_COLUMNS = (
    "name", "tier", "stage", "status", "needs_completion", "kind", "industry", "province_code", "city_code",
    "owner", "branch", "pool_status", "last_contact_at", "next_follow_at",
)  # fmt: skip
"""What stands in the table of customers, and what it is sorted by."""


MOST_NAMED = 500
"""Customers found by their people that are named one by one in a statement."""


class CustomerQuerySet(models.QuerySet[Any]):
    """Customers; deleted ones are gone for everybody until restored."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self.alive(), user, "crm.view_customer")

    def in_pool_reach(self, user: Any) -> Self:
        """Customers of the branches whose pool the user may look into, in a pool or not; and headquarters' pool."""
        return scope_rows(self.alive(), user, "crm.view_pool")

    def pool_of(self, user: Any) -> Self:
        """The pool and queue of the branches the user may look into; these rows are shown without contacts."""
        return self.in_pool_reach(user).exclude(pool_status="")

    def pool_due_within(self, today: date, days: int) -> Self:
        """Owned customers whose last day before the pool lies within so many days, as counted last night."""
        return self.filter(pool_due_on__lte=today + timedelta(days=days), owner__isnull=False)

    def for_pool(self) -> Self:
        """A pool row: no owner, no people; `installed_pumps` is the number in service as far as known."""
        return (
            self.select_related("branch")
            .annotate(installed_pumps=F("facts__pumps_in_service"))
            .defer("search_terms", "notes")
            .fetch_mode(models.FETCH_RAISE)
        )

    def alive(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def left_behind(self) -> Self:
        """Customers whose owner's account is closed and that nobody is taking over."""
        entries = self.model.handover_entries.rel.related_model
        taken = entries.objects.open().filter(customer=OuterRef("pk"))
        return self.alive().filter(owner__is_active=False).exclude(Exists(taken))

    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)

    def overdue(self, now: datetime) -> Self:
        """Customers whose next step is late."""
        return self.filter(next_follow_at__lt=now)

    def below_target(self) -> Self:
        """Customers taken up in haste, or described less completely than their tier asks."""
        short = Q(needs_completion=True)
        for tier, target in TARGETS.items():
            short |= Q(tier=tier, completeness__lt=target)
        return self.filter(short)

    def matching(self, typed: str) -> Self:
        """Customers found by name (hanzi, pinyin, initials), code, a contact's name, or a contact's number."""
        if not typed.strip():
            return self
        people = self.model.contacts.rel.related_model.objects.alive().matching(typed).order_by()
        found = set(people.values_list("customer_id", flat=True)[: MOST_NAMED + 1])
        # Asked first, so that the rest is one condition on one table: a word that a tenth of all names carry is then
        # met on a short walk in the order of the list, a rare one through its index; a join allows neither.
        by_person = Q(pk__in=people.values("customer_id") if len(found) > MOST_NAMED else found)
        if not query_terms(typed).tsquery:
            return self.filter(by_person)
        by_name = Q(search_terms__matches=typed)
        return self.filter(by_name | by_person if found else by_name)

    def matching_names(self, typed: str) -> Self:
        """Customers found by their own names and codes only."""
        return search_terms_filter(self, "search_terms", typed)

    def neglected(self, now: datetime) -> Self:
        """Customers whose promised contact did not take place in time, owned or not."""
        return self.filter(contact_due_at__lt=now)

    def with_next_step(self) -> Self:
        """Annotate `next_step`: the words of the earliest open follow-up."""
        follow_up = self.model.follow_ups.rel.related_model
        planned = follow_up.objects.open().filter(customer=OuterRef("pk")).order_by("due_at", "pk")
        return self.annotate(next_step=Subquery(planned.values("text")[:1]))

    def for_list(self) -> Self:
        return (
            self.select_related("owner", "branch")
            .defer("search_terms", "name_keys", *only_names("owner", "branch"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_table(self) -> Self:
        """What the list page shows of a customer, and the next step: fewer columns than the API's list gives out."""
        return (
            self.select_related("owner", "branch")
            .only(*TABLE_COLUMNS, *names_of("owner", "branch"))
            .with_next_step()
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_naming(self) -> Self:
        """Only what names a customer in a sentence."""
        return self.only("name", "short_name")

    def for_detail(self) -> Self:
        """With what the customer's page shows; `changes_hands` says whether a handover is under way."""
        entries = self.model.handover_entries.rel.related_model.objects.open()
        return (
            self.select_related("owner", "branch", "sponsor", "facts", "assessment")
            .defer("search_terms", *only_names("owner", "branch", "sponsor"))
            .annotate(changes_hands=Exists(entries.filter(customer=OuterRef("pk"))))
        )


def few_customers(user: Any) -> Any:
    """The ids of the customers whose people somebody sees who sees few of them; None for other readers."""
    from crm.models import Customer

    return few_ids(Customer.objects.alive(), user, "crm.view_contact")


class ContactQuerySet(models.QuerySet[Any]):
    """People at customers."""

    def visible_to(self, user: Any, *, shape: str = "") -> Self:
        """People at the customers the user sees. Shapes ask for the same people in another way where the user sees few
        customers: "collected" customer by customer; "met" on a walk along the keys, the customers kept in a hash (a plain
        `in` would be turned into a join, for which the customers are read one by one)."""
        ids = few_customers(user) if shape else None
        if ids is None:
            return scope_rows(self.alive(), user, "crm.view_contact", via="customer")
        if shape == "collected":
            return self.filter(deleted_at__isnull=True, customer__in=ids)
        met = When(customer__in=ids, then=Value(True))
        is_met = Case(met, default=Value(False), output_field=models.BooleanField())
        return self.filter(is_met, deleted_at__isnull=True)

    def alive(self) -> Self:
        return self.filter(deleted_at__isnull=True, customer__deleted_at__isnull=True)

    def here(self) -> Self:
        """Those who still work there."""
        return self.filter(left_at__isnull=True, contact_removed=False)

    def reachable_for(self, purpose: str, now: datetime) -> Self:
        """Those who may be contacted for a purpose: `consent_rule.decide` as a query (a test holds the two equal)."""
        consents = self.model.consents.rel.related_model.objects
        words = consents.filter(contact=OuterRef("pk"), purpose=purpose).until(now).spoken_first().reverse()
        said_no = words.annotate(no=Q(withdrawn_at__isnull=False)).values("no")[:1]
        people = self.here().filter(do_not_contact=False).annotate(said_no=Subquery(said_no))
        if Purpose(purpose) in SEPARATE:
            return people.filter(said_no=False)
        return people.filter(Q(said_no__isnull=True) | Q(said_no=False))

    def outlived(self, now: datetime, days: int) -> Self:
        """People with whom, and at whose customer, there has been no contact and no business for so many days.

        A legal hold keeps a person out; so does anything that holds the customer.
        """
        before = now - timedelta(days=days)
        silent = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=before)
        quiet = Q(customer__last_contact_at__isnull=True) | Q(customer__last_contact_at__lt=before)
        holds = self.model.customer.field.related_model.holds.rel.related_model.objects
        held = holds.filter(Q(until__isnull=True) | Q(until__gt=now), customer=OuterRef("customer"))
        rows = self.filter(silent, quiet, created_at__lt=before, contact_removed=False, legal_hold="")
        ordered = Q(customer__facts__last_order_on__gte=before.date())
        return rows.exclude(Exists(held)).exclude(ordered)

    def unverified(self, now: datetime) -> Self:
        """Those still there whom nobody has checked for a year, counted from their entry when never."""
        before = now - STALE_AFTER
        never = Q(verified_at__isnull=True, created_at__lt=before)
        return self.here().filter(Q(verified_at__lt=before) | never)

    def matching(self, typed: str) -> Self:
        """People found by name, pinyin or initials, a whole number, or its last four digits."""
        if not typed.strip():
            return self
        query = query_terms(typed)
        if query.phone:
            return self.filter(Q(mobile=query.phone) | Q(phone=query.phone))
        if query.last_four:
            return self.filter(Q(mobile_last4=query.last_four) | Q(phone_last4=query.last_four))
        if "@" in typed:
            return self.filter(email=typed)
        return search_terms_filter(self, "search_terms", typed)

    def for_list(self) -> Self:
        return (
            self.select_related("customer__owner", "customer__branch")
            .defer("search_terms", *only_customer(), *only_names("customer__owner", "customer__branch"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("customer__owner", "customer__branch", "reports_to")


class AffiliationQuerySet(models.QuerySet[Any]):
    """Bonds of people to customers; whoever sees the customer sees who serves it."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True, contact__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_contact", via="customer")

    def current(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("contact__customer", "customer").defer(
            "contact__search_terms", "contact__customer__search_terms", "customer__search_terms"
        )


class ContactTieQuerySet(models.QuerySet[Any]):
    """Who of us knows whom; seen by whoever sees the contact."""

    def visible_to(self, user: Any) -> Self:
        people = self.model.contact.field.related_model.objects.visible_to(user)
        return self.filter(contact__in=people.values("pk"))

    def for_list(self) -> Self:
        return self.select_related("user", "contact").defer("contact__search_terms", *without_private("user"))


class SiteQuerySet(models.QuerySet[Any]):
    """Places of customers."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_site", via="customer")

    def for_list(self) -> Self:
        return self.select_related("customer").fetch_mode(models.FETCH_RAISE)


class ActivityQuerySet(models.QuerySet[Any]):
    """Contact logs; who sees the customer sees what was said there."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_activity", via="customer")

    def score_visible_to(self, user: Any) -> Self:
        """Those of which the user may know the score: own logs, those of the branch, or all."""
        return scope_rows(self, user, "crm.view_score_activity")

    def verified(self) -> Self:
        """Believable and two-way: what cadence, pool, performance and strength count."""
        return self.filter(verified=True)

    def doubted(self) -> Self:
        """Suspicious by the score; a reason to look, never a judgement."""
        return self.filter(score__lt=BELIEVABLE)

    def for_list(self) -> Self:
        return (
            self.select_related("customer", "author")
            .prefetch_related("contacts")
            .defer(*only_customer(), *only_names("author"))
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("customer__owner", "customer__branch", "author").prefetch_related(
            "contacts"
        )


class FollowUpQuerySet(models.QuerySet[Any]):
    """Planned next steps."""

    def visible_to(self, user: Any) -> Self:
        rows = self.filter(customer__deleted_at__isnull=True)
        return scope_rows(rows, user, "crm.view_followup", via="customer").fetch_mode(models.FETCH_PEERS)

    def open(self) -> Self:
        return self.filter(state=FollowUpState.OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def due_when(self, group: str, now: datetime) -> Self:
        """Open ones that are overdue, due today, in the rest of this week, or later."""
        tonight, sunday = end_of_day(now), end_of_week(now)
        within = {
            "overdue": Q(due_at__lt=now),
            "today": Q(due_at__gte=now, due_at__lte=tonight),
            "week": Q(due_at__gt=tonight, due_at__lte=sunday),
            "later": Q(due_at__gt=sunday),
        }
        return self.open().filter(within[group])

    def to_remind(self, now: datetime) -> Self:
        """Open follow-ups with a reminder level reached that was not yet spoken of.

        Asked of the due date itself, so that a row moved or back-dated by any means is found.
        """
        reached = Q(pk__in=[])
        for offset in REMINDER_OFFSETS:
            reached |= Q(reminded_up_to__lt=offset, due_at__lt=due_before(offset, now))
        return (
            self.open()
            .filter(
                reached,
                reminded_up_to__lt=REMINDER_OFFSETS[-1],
                due_at__lt=due_before(REMINDER_OFFSETS[0], now),
                customer__deleted_at__isnull=True,
                customer__historical=False,
            )
            .exclude(customer__pool_status=PoolStatus.POOL)
        )

    def for_day(self) -> Any:
        """What a line of My day names, as plain values: the step, and the customer's id, names and tier."""
        customer = ("customer", "customer__name", "customer__short_name", "customer__tier")
        return self.values_list("pk", "text", "kind", "occasion", *customer)

    def for_list(self) -> Self:
        return (
            self.select_related("customer__owner", "customer__branch", "owner")
            .defer(
                *only_customer("customer", "last_contact_at"),
                *only_names("owner", "customer__owner", "customer__branch"),
            )
            .order_by("due_at", "pk")
            .fetch_mode(models.FETCH_RAISE)
        )

    def for_detail(self) -> Self:
        return self.select_related("customer__owner", "customer__branch", "owner", "activity")


class TagQuerySet(models.QuerySet[Any]):
    """The vocabulary, the same for everybody who sees customers."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_tag")

    def active(self) -> Self:
        return self.filter(retired_at__isnull=True)


class SegmentQuerySet(models.QuerySet[Any]):
    """Groups of customers: one's own, those of one's branches, those of the company."""

    def visible_to(self, user: Any) -> Self:
        if user is None:
            return self
        if not user.has_perm("crm.view_segment"):
            return self.none()
        shared = Q(audience="company") | Q(audience="branch", branch__in=user.authority().branch_ids)
        return self.filter(shared | Q(owner=user))

    def for_list(self) -> Self:
        return self.select_related("owner", "branch").defer(*without_private("owner"))


class VisitConfirmationQuerySet(models.QuerySet[Any]):
    """What customers said of visits; seen by whoever may know how far a log can be believed."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_score_activity")


class CheckInQuerySet(models.QuerySet[Any]):
    """Where people checked in; seen by whoever sees the visit's author's scores, and by the person."""

    def visible_to(self, user: Any) -> Self:
        return scope_rows(self, user, "crm.view_score_activity")

    def free_of(self, user: Any, customer: Any, since: datetime) -> Self:
        """The person's own, at this customer, taken over by no log yet, the newest first."""
        return self.filter(user=user, customer=customer, activity=None, at__gte=since).order_by("-at")

    def exact_before(self, before: datetime) -> Self:
        """Older than this and still kept to the metre."""
        return self.filter(at__lt=before, blurred=False)
