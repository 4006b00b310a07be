"""What people ask of us about their data, and the list of people erased."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Row, Versioned
from crm.models.customers import Contact
from crm.privacy_choices import (
    OPEN_REQUESTS,
    REQUEST_TONES,
    RequestKind,
    RequestRefusal,
    RequestState,
    VerifiedVia,
)
from crm.privacy_querysets import ErasureQuerySet, PrivacyRequestQuerySet

S = RequestState
PRIVACY_TASK = "crm.privacy_request"


class PrivacyRequest(Versioned):
    """A person asks for a copy, a correction, the deletion or an explanation; answered within 15 working days.

    `owner` is who took it in. A copy and a deletion are carried out by the worker once started; the deletion then
    answers itself.
    """

    code = models.CharField(max_length=24, unique=True, editable=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="privacy_requests", verbose_name=_("contact")
    )
    kind = models.CharField(_("asks for"), max_length=7, choices=RequestKind)
    state = models.CharField(_("state"), max_length=11, choices=S, default=S.RECEIVED, editable=False)
    words = models.CharField(_("in the person's words"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken in by")
    )
    branch = models.ForeignKey("accounts.OrgUnit", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("to be answered by"))
    verified_via = models.CharField(_("identity verified by"), max_length=13, choices=VerifiedVia, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    verified_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    refused_for = models.CharField(_("refused because"), max_length=12, choices=RequestRefusal, blank=True)
    answer = models.CharField(_("answer to the person"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects = PrivacyRequestQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        indexes = [
            models.Index(fields=["state", "due_at"], name="privacyrequest_due"),
            models.Index(fields=["owner", "-id"], name="privacyrequest_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind"],
                condition=models.Q(state__in=[state.value for state in OPEN_REQUESTS]),
                name="one_open_request_per_kind",
                violation_error_message=_("This person's request is open already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"

    audit_root = RootBy("contact.customer")

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in OPEN_REQUESTS

    @property
    def tone(self) -> str:
        """The tone of its state's badge."""
        return REQUEST_TONES[RequestState(self.state)]

    def is_overdue_at(self, now: datetime) -> bool:
        """Whether the answer is late."""
        return self.is_open and self.due_at < now

    @property
    def is_by_worker(self) -> bool:
        """Whether starting it gives work to the worker: a file is made, or the person erased."""
        return self.kind in (RequestKind.COPY, RequestKind.DELETE)

    def get_absolute_url(self) -> str:
        return reverse("crm:privacyrequest_detail", args=[self.pk])

    @transition(source=S.RECEIVED, target=S.VERIFIED)
    def verify(self, *, by: Any, now: datetime, verified_via: str) -> Outcome:
        """The person is who they say they are; how that was seen is kept, no copy of a document."""
        self.verified_via, self.verified_by, self.verified_at = verified_via, by, now
        return Outcome(data={"via": verified_via})

    @transition(source=S.VERIFIED, target=S.IN_PROGRESS)
    def start(self, *, by: Any, now: datetime) -> Outcome:
        """Begin; the worker makes the copy or erases the person. Refuses the deletion of what a law or claim needs."""
        from crm.operations.privacy_requests import begin_work

        begin_work(self, by=by, now=now)
        return Outcome(data={"kind": self.kind})

    @transition(source=S.IN_PROGRESS, target=S.DONE, system=True)
    def finish(self, *, by: Any, now: datetime, answer: str = "") -> Outcome:
        """The answer has gone to the person. Refuses a copy that is not made and a deletion not carried out."""
        from crm.operations.privacy_requests import settle

        if self.is_by_worker and self.made_at is None:
            raise RuleBroken(_("The work on it is not done yet; it takes a moment."))
        if by is not None and not answer.strip():
            raise RuleBroken(errors={"answer": [_("Write what the person was answered.")]})
        self.answer, self.closed_at = answer.strip(), now
        settle(self, now=now)
        return Outcome()

    @transition(source=[S.RECEIVED, S.VERIFIED, S.IN_PROGRESS], target=S.REFUSED)
    def refuse(self, *, by: Any, now: datetime, refused_for: str, answer: str) -> Outcome:
        """Not met, with the reason the person is told."""
        from crm.operations.privacy_requests import settle

        if not answer.strip():
            raise RuleBroken(errors={"answer": [_("Write what the person was answered.")]})
        self.refused_for, self.answer, self.closed_at = refused_for, answer.strip(), now
        settle(self, now=now)
        return Outcome(data={"reason": refused_for})


class Erasure(Row):
    """One person erased: ids, dates and counts, so that a restored copy can erase them again. Never changed or removed."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="erasure")
    request = models.ForeignKey(PrivacyRequest, null=True, on_delete=models.PROTECT, related_name="erasures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows = models.JSONField(default=dict)
    files = models.PositiveIntegerField(default=0)
    by_hand = models.JSONField(default=list)

    objects = ErasureQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch=None, department=None)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return str(self.contact)

    audit_root = RootBy("contact.customer")

    @property
    def scope_parent(self) -> Any:
        return self.contact.customer

    @property
    def row_count(self) -> int:
        """How many rows were changed in all."""
        return sum(self.rows.values())
