"""The API of customers, contacts, sites, activities and follow-ups; imports and exports add their own."""

from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bulk import BulkMixin
from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.forms import TransitionForm
from core.rules import ask, require
from crm import operations
from crm.api import (
    board_viewsets,
    calendar_viewsets,
    care_viewsets,
    export_viewsets,
    handover_viewsets,
    import_viewsets,
    log_review_viewsets,
    merge_viewsets,
    pool_viewsets,
    privacy_viewsets,
    segment_viewsets,
    value_viewsets,
)
from crm.api.log_review_viewsets import ReviewActions
from crm.api.merge_viewsets import MergeActions
from crm.api.of_customer import OfCustomerViewSet
from crm.api.pool_viewsets import PoolActions
from crm.api.privacy_viewsets import ConsentActions
from crm.api.segment_viewsets import TagActions
from crm.api.serializers import (
    ActivityDetailSerializer,
    ActivitySerializer,
    AffiliationSerializer,
    ContactSerializer,
    CustomerDetailSerializer,
    CustomerSerializer,
    FollowUpSerializer,
    SiteSerializer,
)
from crm.api.value_viewsets import StandingActions
from crm.choices import UNVERIFIED, EnteredVia
from crm.filters import ActivityFilter, ContactFilter, CustomerFilter, FollowUpFilter, SiteFilter
from crm.forms.activities import ActivityForm, ActivityUpdateForm, CheckInForm
from crm.forms.bulk import NothingForm
from crm.forms.contacts import (
    AffiliationCreateForm,
    ContactCreateForm,
    ContactForm,
    LeaveForm,
    MoveForm,
    RevealForm,
    SiteCreateForm,
    SiteForm,
    TieForm,
)
from crm.forms.customers import AssignForm, CreditForm, CustomerCreateForm, CustomerForm, StatusForm
from crm.forms.follow_ups import (
    FOLLOW_UP_FORMS,
    FinishForm,
    FollowUpForm,
    FollowUpUpdateForm,
)
from crm.models import Activity, Affiliation, Contact, Customer, FollowUp, Site
from crm.relations import relation_map
from crm.views.contacts import OfFewCustomers
from crm.views.customers import CUSTOMER_ORDERINGS
from crm.views.visits import visit_link


class CustomerViewSet(BulkMixin, TagActions, StandingActions, MergeActions, PoolActions):
    """Customers. Owner, tier, stage and contact dates change only by steps, never by PATCH."""

    model = Customer
    list_code = "crm.customer"
    serializer_class = CustomerSerializer
    detail_serializer_class = CustomerDetailSerializer
    filterset_class = CustomerFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = CUSTOMER_ORDERINGS
    create_form_class = CustomerCreateForm
    update_form_class = CustomerForm

    def perform_create(self, form: Any) -> Customer:
        return operations.create_customer(by=self.request.user, now=db_now(), **form.arguments())

    def perform_update(self, form: Any, version: Any) -> Customer:
        return operations.change_customer(by=self.request.user, now=db_now(), form=form, version=version)

    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: str | None = None) -> Response:
        """Keep where one is, for today's visit log; `km` is the distance to the nearest site, null where none is known."""
        row = self.get_object()
        require(request.user, "crm.add_activity", row)
        values = self.checked_form(CheckInForm, request.data).cleaned_data
        made = operations.check_in(by=request.user, now=db_now(), customer=row, **values)
        far = operations.distance_of(made)
        return Response({"at": made.at, "km": None if far is None else round(far, 1)})

    def available_actions(self, row: Any) -> list[str]:
        codes = [
            row.giving_right,
            *("crm.set_status_customer", "crm.set_credit_customer"),
            *self.pool_rights(row),
            *("crm.propose_merge_customer", "crm.merge_customer", "crm.tag_customer"),
            *(("crm.undo_merge_customer",) if row.former_codes else ()),
            *(("crm.verify_identity_customer",) if row.identity in UNVERIFIED else ()),
        ]
        return [
            code.removeprefix("crm.").removesuffix("_customer")
            for code in codes
            if ask(self.request.user, code, row)
        ]

    @action(detail=True, methods=["post"])
    def set_status(self, request: Request, pk: str | None = None) -> Response:
        """Mark dormant, lost, blacklisted or active again, with a reason."""
        return self._step(request, "crm.set_status_customer", StatusForm, operations.set_status)

    @action(detail=True, methods=["post"])
    def set_credit(self, request: Request, pk: str | None = None) -> Response:
        """Credit limit, days and hold; finance only."""
        return self._step(request, "crm.set_credit_customer", CreditForm, operations.set_credit)

    def _step(self, request: Request, code: str, form_class: Any, operation: Any) -> Response:
        row = self.get_object()
        require(request.user, code, row)
        wanted = {"row": row} if form_class is StatusForm else {}
        values = self.checked_form(form_class, request.data, **wanted).cleaned_data
        return self.answer_once(
            request, lambda: operation(by=request.user, now=db_now(), customer=row, **values)
        )

    @action(detail=True, methods=["get"], url_path="relationship-map", url_name="map")
    def relationship_map(self, request: Request, pk: str | None = None) -> Response:
        """Reporting lines, missing roles and who of us knows whom (strength 1–3)."""
        row = self.get_object()
        require(request.user, "crm.view_contact", row)
        drawn = relation_map(row, request.user, now=db_now())
        people = [
            {
                "contact": node.contact.pk,
                "reports_to": node.contact.reports_to_id,
                "decision_role": node.contact.decision_role,
                "attitude": node.contact.attitude,
                "influence": node.contact.influence,
                "ties": [{"user": user.pk, "strength": strength} for user, strength in node.ties],
            }
            for node in drawn.nodes
        ]
        return Response({"people": people, "missing_roles": list(drawn.missing), "left_out": drawn.left_out})

    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Name the owner of a customer that has none."""
        return self._give_to(request, "crm.assign_customer")

    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str | None = None) -> Response:
        """Give an owned customer to another person, with a reason."""
        return self._give_to(request, "crm.transfer_customer")

    def _give_to(self, request: Request, code: str) -> Response:
        row = self.get_object()
        require(request.user, code, row)
        values = self.checked_form(AssignForm, request.data, row=row).cleaned_data
        return self.answer_once(
            request,
            lambda: operations.assign_customer(by=request.user, now=db_now(), customer=row, **values),
        )


class ContactViewSet(OfFewCustomers, BulkMixin, ConsentActions, OfCustomerViewSet):
    """People at customers; numbers are masked."""

    model = Contact
    list_code = "crm.contact"
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",), "id": ("id",)}
    create_form_class = ContactCreateForm
    update_form_class = ContactForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Contact:
        return operations.add_contact(by=self.request.user, now=db_now(), customer=customer, **data)

    def perform_update(self, form: Any, version: Any) -> Contact:
        return operations.change_contact(by=self.request.user, now=db_now(), form=form, version=version)

    def available_actions(self, row: Any) -> list[str]:
        verbs = ("verify", "leave", "move", "reveal")
        steps = [verb for verb in verbs if ask(self.request.user, f"crm.{verb}_contact", row)]
        may_withdraw = ask(self.request.user, "crm.withdraw_consent", row)
        return [*steps, *(["withdraw_consent"] if may_withdraw else [])]

    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str | None = None) -> Response:
        """Checked today: still there and reachable."""
        return self._step(request, "verify", TransitionForm, operations.verify_contact)

    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str | None = None) -> Response:
        """Has left, and who took over."""
        return self._step(request, "leave", LeaveForm, operations.leave_contact)

    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """Works for another customer now; what was said stays where it was said."""
        return self._step(request, "move", MoveForm, operations.move_contact)

    @action(detail=True, methods=["post"])
    def tie(self, request: Request, pk: str | None = None) -> Response:
        """Who of us knows the person, and how well; strength 0 takes the tie off."""
        row = self.get_object()
        require(request.user, "crm.change_contact", row)
        values = self.checked_form(TieForm, request.data).cleaned_data
        operations.set_tie(by=request.user, now=db_now(), contact=row, **values)
        return Response(self.represent(row))

    def _step(self, request: Request, verb: str, form_class: Any, operation: Any) -> Response:
        row = self.get_object()
        require(request.user, f"crm.{verb}_contact", row)
        wanted = {"row": row} if verb == "leave" else {}
        values = self.checked_form(form_class, request.data, **wanted).cleaned_data
        return self.answer_once(
            request, lambda: operation(by=request.user, now=db_now(), contact=row, **values)
        )

    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str | None = None) -> Response:
        """The full numbers, for a reason; each opening is kept in the audit and counted."""
        row = self.get_object()
        require(request.user, "crm.reveal_contact", row)
        reason = self.checked_form(RevealForm, request.data).cleaned_data["reason"]
        opened = operations.reveal_contact(by=request.user, now=db_now(), contact=row, reason=reason)
        shown = {name: getattr(opened, name) for name in ("mobile", "phone", "wechat", "email")}
        return Response({"id": opened.pk, **shown}, headers={"Cache-Control": "private, no-store"})


class AffiliationViewSet(ScopedViewSet):
    """Whom people also serve, and where they worked before; POST `contact`, `customer`; `end` ends one today."""

    model = Affiliation
    serializer_class = AffiliationSerializer
    create_form_class = AffiliationCreateForm

    def code(self, verb: str) -> str:
        return f"crm.{'view' if verb == 'view' else 'change'}_contact"

    def perform_create(self, form: Any) -> Affiliation:
        return operations.add_affiliation(by=self.request.user, now=db_now(), **form.cleaned_data)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """The person serves that customer no longer, from today."""
        row = self.get_object()
        require(request.user, "crm.change_contact", row.contact)
        return self.answer_once(
            request,
            lambda: operations.end_affiliation(by=request.user, now=db_now(), affiliation=row),
        )


class SiteViewSet(OfCustomerViewSet):
    """Places of customers."""

    model = Site
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    create_form_class = SiteCreateForm
    update_form_class = SiteForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Site:
        return operations.add_site(by=self.request.user, now=db_now(), customer=customer, **data)


class ActivityViewSet(ReviewActions, OfCustomerViewSet):
    """Contact logs; POST writes the log, the next step and settles `follow_up` in one go."""

    model = Activity
    serializer_class = ActivitySerializer
    detail_serializer_class = ActivityDetailSerializer
    filterset_class = ActivityFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-occurred_at": ("-occurred_at", "-id"),
        "occurred_at": ("occurred_at", "id"),
    }
    create_form_class = ActivityForm
    update_form_class = ActivityUpdateForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Activity:
        return operations.log_activity(
            by=self.request.user, now=db_now(), customer=customer, entered_via=EnteredVia.API, **data
        )

    def perform_update(self, form: Any, version: Any) -> Activity:
        return operations.correct_activity(by=self.request.user, now=db_now(), form=form, version=version)

    @action(detail=True, methods=["post"])
    def confirm_visit(self, request: Request, pk: str | None = None) -> Response:
        """Make the link on which the customer says whether the visit took place."""
        row = self.get_object()
        require(request.user, "crm.confirm_visit_activity", row)
        self.checked_form(NothingForm, request.data)
        made = operations.ask_about_visit(by=request.user, now=db_now(), activity=row)
        return Response(
            {"link": visit_link(request, made), "expires_at": made.expires_at, "statement": made.statement}
        )


class FollowUpViewSet(BulkMixin, OfCustomerViewSet):
    """Planned next steps with `complete`, `snooze` and `cancel`."""

    model = FollowUp
    list_code = "crm.followup"
    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "due_at": ("due_at", "id"),
        "-due_at": ("-due_at", "-id"),
    }
    create_form_class = FollowUpForm
    update_form_class = FollowUpUpdateForm
    transition_forms: ClassVar[dict[str, Any]] = FOLLOW_UP_FORMS

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str | None = None) -> Response:
        """Done, and the next step planned in the same breath."""
        row = self.get_object()
        require(request.user, "crm.complete_followup", row)
        values = self.checked_form(FinishForm, request.data).cleaned_data
        return self.answer_once(
            request,
            lambda: operations.finish_follow_up(by=request.user, now=db_now(), follow_up=row, **values),
        )

    def add(self, customer: Customer, data: dict[str, Any]) -> FollowUp:
        return operations.plan_follow_up(by=self.request.user, now=db_now(), customer=customer, **data)


ROUTES = [
    *handover_viewsets.ROUTES,
    ("customers", CustomerViewSet),
    ("contacts", ContactViewSet),
    ("affiliations", AffiliationViewSet),
    ("sites", SiteViewSet),
    ("activities", ActivityViewSet),
    ("follow-ups", FollowUpViewSet),
    *board_viewsets.ROUTES,
    *calendar_viewsets.ROUTES,
    *care_viewsets.ROUTES,
    *export_viewsets.ROUTES,
    *import_viewsets.ROUTES,
    *log_review_viewsets.ROUTES,
    *merge_viewsets.ROUTES,
    *pool_viewsets.ROUTES,
    *privacy_viewsets.ROUTES,
    *segment_viewsets.ROUTES,
    *value_viewsets.ROUTES,
]
