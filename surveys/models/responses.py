"""What customers answered: one response per invitation with its single answers, never changed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.kinds import RootBy
from core.models import Row
from surveys.choices import Fixed, LowReason, QuestionCode
from surveys.querysets import AnswerQuerySet, ResponseQuerySet

if TYPE_CHECKING:
    pass


class Response(Row):
    """One customer's answer. The columns most often counted stand on the row, the rest in `Answer`.

    `csat` 1–5, `ces` 1–7, `nps` 0–10, null when not answered. `low_reasons` are the codes that opened a recovery;
    the score itself is never changed by what follows.
    """

    invitation = models.OneToOneField("surveys.Invitation", on_delete=models.PROTECT, related_name="response")
    questionnaire = models.ForeignKey(
        "surveys.Questionnaire", on_delete=models.PROTECT, related_name="responses"
    )
    ticket = models.ForeignKey(
        "service.Ticket", on_delete=models.PROTECT, related_name="survey_responses", verbose_name=_("ticket")
    )
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="survey_responses", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "crm.Contact", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact")
    )
    engineer = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="survey_responses",
        verbose_name=_("engineer"),
    )
    owner = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("project manager"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    received_at = models.DateTimeField(_("received"))
    language = models.CharField(max_length=8, blank=True)
    entered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    csat = models.PositiveSmallIntegerField(_("overall satisfaction"), null=True)
    ces = models.PositiveSmallIntegerField(_("effort"), null=True)
    nps = models.PositiveSmallIntegerField(_("recommendation"), null=True)
    fixed = models.CharField(_("problem solved"), max_length=6, choices=Fixed, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    low_reasons = ArrayField(models.CharField(max_length=12, choices=LowReason), default=list)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-received_at", "-id"], name="response_received"),
            models.Index(fields=["branch", "-received_at", "-id"], name="response_branch"),
            models.Index(fields=["owner", "-received_at", "-id"], name="response_owner"),
            models.Index(fields=["customer", "-received_at", "-id"], name="response_customer"),
            models.Index(fields=["csat", "-id"], name="response_csat"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(csat__isnull=True) | models.Q(csat__range=(1, 5)), name="csat_1_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(ces__isnull=True) | models.Q(ces__range=(1, 7)), name="ces_1_to_7"
            ),
            models.CheckConstraint(
                condition=models.Q(nps__isnull=True) | models.Q(nps__range=(0, 10)), name="nps_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return self.ticket.code

    def get_absolute_url(self) -> str:
        return row_address("surveys:response_detail", self.pk)

    audit_root = RootBy("customer")

    @property
    def is_low(self) -> bool:
        return bool(self.low_reasons)

    @property
    def low_labels(self) -> list[str]:
        """Why the answer counts as low, in words."""
        return [str(LowReason(code).label) for code in self.low_reasons]


class Answer(Row):
    """The value given to one question: a number, a choice or a text."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey("surveys.Question", on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=8, choices=QuestionCode)
    number = models.PositiveSmallIntegerField(null=True)
    choice = models.CharField(max_length=6, choices=Fixed, blank=True)
    text = models.TextField(max_length=2000, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["question__place", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_per_question"),
        ]

    @property
    def scope_parent(self) -> Response:
        return self.response
