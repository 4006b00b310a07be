"""What is asked: editions of a questionnaire, frozen at the first answer, and their questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.models import Row, Versioned
from core.translated import TranslatedField
from surveys.choices import Kind, QuestionCode, QuestionnaireState, Template
from surveys.querysets import QuestionnaireQuerySet, QuestionQuerySet

S = QuestionnaireState


class Questionnaire(Versioned):
    """One edition of a questionnaire. Sent out is the published edition of its template, and there is only one.

    `frozen_at` is the first answer: from then on its words never change, so that scores stay comparable.
    """

    template = models.CharField(_("template"), max_length=8, choices=Template)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    title = TranslatedField(_("title"))
    intro = TranslatedField(_("introduction"), blank=True)
    thanks = TranslatedField(_("thank-you words"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=QuestionnaireState, default=S.DRAFT, editable=False
    )
    frozen_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["template", "-edition"]
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "edition"], name="one_edition"),
            models.UniqueConstraint(
                fields=["template"], condition=models.Q(state=S.PUBLISHED), name="one_published_edition"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return row_address("surveys:questionnaire_detail", self.pk)

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def state_tone(self) -> str:
        return {S.PUBLISHED: "good", S.DRAFT: "warn"}.get(S(self.state), "")

    @transition(source=S.DRAFT, target=S.PUBLISHED)
    def publish(self, *, by: Any, now: datetime) -> Outcome:
        """Send this edition out from now on; the one in use so far must be retired first."""
        if not self.questions.exists():
            raise RuleBroken(_("A questionnaire needs at least one question."))
        if type(self).objects.in_use(self.template).exists():
            raise RuleBroken(_("Retire the edition in use first."))
        return Outcome(data={"edition": self.edition})

    @transition(source=S.PUBLISHED, target=S.RETIRED)
    def retire(self, *, by: Any, now: datetime) -> Outcome:
        """Send this edition to nobody any more; links already sent still work."""
        return Outcome(data={"edition": self.edition})


class Question(Row):
    """One question of an edition, in the order asked."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=8, choices=QuestionCode)
    kind = models.CharField(max_length=8, choices=Kind)
    text = TranslatedField(_("question"))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="one_question_per_code"),
        ]

    def __str__(self) -> str:
        return str(self.text)
