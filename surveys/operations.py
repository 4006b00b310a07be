"""Changes of surveys that touch several rows: asking, answering on the public page, complaints out of answers, new editions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.duties import unit_by_code
from complaints.choices import Category, Channel
from complaints.operations import register_complaint
from core import audit
from core.crypto import blind_hash
from core.errors import RuleBroken, TooMany, WrongState
from core.params import param
from surveys import desk
from surveys.choices import QuestionCode, Template
from surveys.models import Invitation, PeerCount, Question, Questionnaire, Recovery, Response

if TYPE_CHECKING:
    from accounts.models import OrgUnit
    from complaints.models import Complaint
    from service.models import Ticket

AFTER_SALES_CODE = "ASD"
CATEGORY_OF = {
    QuestionCode.DIM1: Category.SLOW_RESPONSE,
    QuestionCode.DIM2: Category.ATTITUDE,
    QuestionCode.DIM3: Category.SKILL,
}
"""What the lowest dimension complains about; without one the fault itself."""
COUNTS_KEPT = timedelta(days=2)


def invite(*, by: Any, now: datetime, ticket: Ticket) -> Invitation:
    """Plan the asking about one closed ticket. Refuses old-system tickets, and a ticket already asked about."""
    if ticket.historical or not ticket.closed_at:
        raise RuleBroken(_("Only closed tickets are asked about."))
    questionnaire = Questionnaire.objects.in_use(Template.SERVICE).first()
    if questionnaire is None:
        raise RuleBroken(_("No questionnaire for service is in use."))
    if Invitation.objects.filter(ticket=ticket, recovery=None).exists():
        raise WrongState(_("This ticket has its invitation already."))
    with transaction.atomic():
        return desk.plan(ticket, questionnaire, now=now)


def count_visit(*, peer: str, now: datetime, wrong: bool) -> None:
    """Count a wrong link or a sent answer of one network address, and refuse (429) above the hourly limit.

    Written at once, whatever becomes of the request; a right link that is only looked at is never counted.
    """
    digest = blind_hash(f"peer|{peer}")
    hour = now.replace(minute=0, second=0, microsecond=0)
    column = "misses" if wrong else "posts"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_peercount (peer_digest, hour, misses, posts) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (peer_digest, hour) DO UPDATE SET misses = surveys_peercount.misses + EXCLUDED.misses,"
            " posts = surveys_peercount.posts + EXCLUDED.posts RETURNING misses, posts",
            [digest, hour, int(wrong), int(not wrong)],
        )
        misses, posts = cursor.fetchone()
    limit = param("surveys.wrong_links_per_hour" if wrong else "surveys.answers_per_hour", at=now)
    if {"misses": misses, "posts": posts}[column] > int(limit):
        raise TooMany(_("Many requests came from here in the last hour. Please try again later."))


def forget_visits(now: datetime) -> int:
    """Drop counts that no limit asks about any more."""
    return PeerCount.objects.filter(hour__lt=now - COUNTS_KEPT).delete()[0]


def complain_from_answer(*, now: datetime, response: Response, words: str = "") -> Complaint:
    """The customer makes a complaint of a low answer with one click: registered against after-sales, once.

    A second click gets the same case. Refuses an answer that opened no recovery.
    """
    with transaction.atomic():
        recovery = Recovery.objects.select_for_update(of=("self",)).filter(response=response).first()
        if recovery is None:
            raise WrongState()
        if recovery.complaint is not None:
            return recovery.complaint
        unit = unit_by_code(AFTER_SALES_CODE)
        if unit is None:
            raise RuleBroken()
        facts = "\n".join(
            part for part in (words.strip(), response.remark, scores_in_words(response)) if part
        )
        return _register(recovery, by=None, now=now, unit=unit, category=_category(response), facts=facts)


def treat_as_complaint(
    *, by: Any, now: datetime, recovery: Recovery, lead_department: OrgUnit, category: str, facts: str
) -> Complaint:
    """The manager agrees with the customer to treat the low answer as a complaint. Refuses a second one."""
    with transaction.atomic():
        locked = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery.pk)
        if locked.complaint_id is not None:
            raise WrongState(_("A complaint was registered from this answer already."))
        return _register(locked, by=by, now=now, unit=lead_department, category=category, facts=facts)


def _register(
    recovery: Recovery, *, by: Any, now: datetime, unit: OrgUnit, category: str, facts: str
) -> Complaint:
    response = recovery.response
    case = register_complaint(
        by=by,
        now=now,
        customer=response.customer,
        lead_department=unit,
        category=category,
        facts=facts,
        channel=Channel.SURVEY,
        contact=response.contact,
        ticket=response.ticket,
    )
    Recovery.objects.filter(pk=recovery.pk).update(
        complaint=case, complaint_by_customer=by is None, version=models.F("version") + 1
    )
    audit.record("surveys.complain_recovery", recovery, by=by, now=now, data={"complaint": case.code})
    return case


def _category(response: Response) -> str:
    lowest = response.answers.filter(code__in=list(CATEGORY_OF)).order_by("number", "question__place").first()
    if lowest is None or lowest.number is None or lowest.number > 2:
        return Category.REPEAT_FAULT
    return CATEGORY_OF[QuestionCode(lowest.code)]


def scores_in_words(response: Response) -> str:
    """The scores of an answer in one line, for the statement of a complaint."""
    parts = [
        f"{answer.get_code_display()} {answer.number or answer.get_choice_display()}"
        for answer in response.answers.exclude(number=None, choice="")
    ]
    return _("Scores: %(scores)s") % {"scores": " · ".join(parts)} if parts else ""


def revise_questionnaire(*, by: Any, now: datetime, questionnaire: Questionnaire) -> Questionnaire:
    """A new edition to work on, with the same questions; the old one stays as it was answered."""
    with transaction.atomic():
        newest = Questionnaire.objects.filter(template=questionnaire.template).order_by("-edition").first()
        edition = Questionnaire.objects.create(
            template=questionnaire.template,
            edition=(newest.edition if newest else 0) + 1,
            title=questionnaire.title,
            intro=questionnaire.intro,
            thanks=questionnaire.thanks,
        )
        Question.objects.bulk_create(
            Question(questionnaire=edition, place=one.place, code=one.code, kind=one.kind, text=one.text)
            for one in questionnaire.questions.all()
        )
        audit.record(
            "surveys.add_questionnaire", edition, by=by, now=now, to_state=edition.state,
            data={"edition": edition.edition},
        )  # fmt: skip
    return edition


def word_questionnaire(
    *, by: Any, now: datetime, questionnaire: Questionnaire, words: Mapping[str, Mapping[str, str]]
) -> Questionnaire:
    """Write the title, introduction and questions of an edition nobody has answered; `words` by name, then language.

    Refuses a frozen edition (make a new one) and a missing Chinese text.
    """
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        if locked.is_frozen:
            raise WrongState(_("This edition has been answered; make a new edition to change its words."))
        missing = [name for name, texts in words.items() if name != "intro" and not texts.get("zh-hans")]
        if missing:
            raise RuleBroken(
                errors={f"{name}_zh": [gettext_lazy("The Chinese text is required.")] for name in missing}
            )
        locked.title, locked.intro = words["title"], words.get("intro", {})
        locked.version += 1
        locked.save(update_fields=["title", "intro", "version", "updated_at"])
        for question in locked.questions.all():
            if question.code in words:
                question.text = words[question.code]
                question.save(update_fields=["text"])
        audit.record("surveys.change_questionnaire", locked, by=by, now=now)
    return locked
