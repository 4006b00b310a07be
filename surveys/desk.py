"""What follows from asking and answering: who may be asked, what is kept, who must call, what the customer's facts become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Avg, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import duties
from accounts.choices import AccessSource
from accounts.models import User
from accounts.scoping import grant_access
from complaints.models import Complaint
from core import audit, outbox
from core.calendars import work_calendar
from core.errors import DomainError, RuleBroken
from core.notify import notify
from core.params import param
from core.rules import ask
from core.tasks_list import close_tasks, open_task
from core.workdays import WorkCalendar, add_business_minutes, add_calendar_days
from crm import operations as crm
from crm.consents import may_contact
from crm.privacy_choices import Purpose
from surveys.choices import ExcludeReason, Kind, QuestionCode, SendChannel
from surveys.policy import LIFE_DAYS, next_window
from surveys.scoring import RECOVERED_FROM, is_answer, low_reasons

if TYPE_CHECKING:
    from service.models import Ticket
    from surveys.models import Invitation, Question, Questionnaire, Recovery, Response

MAIL_KIND = "surveys.mail"
CALL_TASK, PROMISE_TASK = "surveys.recovery", "surveys.promise"


class LinkClosed(DomainError):
    """The link is no longer answered: its time has passed, or the asking was withdrawn."""

    status = 410
    code = "link_closed"
    default_message = _("This link is no longer valid.")


def calendar() -> WorkCalendar:
    """The days on which customers are written to: the company's."""
    return work_calendar()


def end_of_life(now: datetime, days: int) -> datetime:
    """The last second of the local day that many days on."""
    return add_calendar_days(now, days)


def start_of_day_in(now: datetime, days: int) -> datetime:
    """The first instant of the local day after that many days have passed whole."""
    return add_calendar_days(now, days) + timedelta(seconds=1)


# --- asking ---------------------------------------------------------------------------------------------------------


def plan(
    ticket: Ticket, questionnaire: Questionnaire, *, now: datetime, recovery: Recovery | None = None
) -> Invitation:
    """The row of one asking, to be sent in the next allowed window."""
    from surveys.models import Invitation

    contact = ticket.contact
    invitation = Invitation.objects.create(
        ticket=ticket,
        recovery=recovery,
        questionnaire=questionnaire,
        customer=ticket.customer,
        contact=contact,
        owner=ticket.owner,
        branch=ticket.branch,
        channel=SendChannel.MAIL if contact is not None and contact.email else SendChannel.LINK,
        planned_at=now,
        send_at=next_window(now, calendar()),
        expires_at=end_of_life(now, LIFE_DAYS),
    )
    data = {"ticket": ticket.code, "again": recovery is not None}
    audit.record("surveys.add_invitation", invitation, by=None, now=now, to_state=invitation.state, data=data)
    return invitation


def why_not(invitation: Invitation, *, now: datetime) -> str:
    """Why this contact may not be asked now ("" = may be): §6.2 and separation of duties 7."""
    contact = invitation.contact
    if contact is None or contact.deleted_at is not None:
        return ExcludeReason.NO_CONTACT
    verdict = may_contact(contact, Purpose.SURVEY, now=now)
    if not verdict:
        return ExcludeReason(verdict.reason)
    if _is_employee(contact):
        return ExcludeReason.EMPLOYEE
    grave = Complaint.objects.open().filter(severity__in=["s1", "s2"], received_at__lte=now)
    if grave.filter(customer=invitation.customer).exists():
        return ExcludeReason.OPEN_COMPLAINT
    return _asked_too_often(invitation, now)


def _is_employee(contact: Any) -> bool:
    """Whether one of the contact's addresses belongs to a colleague, past ones included."""
    numbers = [number for number in (contact.mobile, contact.phone) if number]
    known = Q(pk__in=[])
    if contact.email:
        known |= Q(email=contact.email)
    if numbers:
        known |= Q(phone__in=numbers)
    return User.objects.filter(known).exists()


def _asked_too_often(invitation: Invitation, now: datetime) -> str:
    from surveys.models import Invitation

    asked = Invitation.objects.went_out().filter(contact=invitation.contact).exclude(pk=invitation.pk)
    pause = timedelta(days=int(param("surveys.contact_pause_days", at=now)))
    if invitation.recovery_id is None and asked.filter(sent_at__gt=now - pause).exists():
        return ExcludeReason.RECENT
    year = asked.filter(sent_at__gt=now - timedelta(days=365))
    if year.count() >= int(param("surveys.contact_per_year", at=now)):
        return ExcludeReason.YEARLY
    return ""


def require_may_ask(invitation: Invitation, *, now: datetime) -> None:
    """Refuse to send to somebody who may not be asked, naming the reason."""
    reason = why_not(invitation, now=now)
    if reason:
        raise RuleBroken(ExcludeReason(reason).label, code=reason)


def why_not_write(invitation: Invitation, *, now: datetime) -> bool:
    """Whether the contact may not be written to (left, erased, objected since the asking) or has no address."""
    contact = invitation.contact
    return contact is None or not contact.email or not may_contact(contact, Purpose.SURVEY, now=now)


def mail(invitation: Invitation, *, now: datetime, number: int) -> None:
    """Put the invitation (number 0) or a reminder into the outbox, once."""
    key = f"rem:{invitation.pk}:{invitation.generation}:{number}"
    outbox.enqueue(MAIL_KIND, key, {"invitation": invitation.pk, "number": number}, due_at=now)


# --- answering ------------------------------------------------------------------------------------------------------


def keep(
    invitation: Invitation, given: Mapping[str, Any], *, by: Any, now: datetime, language: str
) -> Response:
    """Write the response with its answers, and everything that follows from it."""
    from surveys.models import Response

    if not invitation.is_open_at(now):
        raise LinkClosed()
    asked = {question.code: question for question in invitation.questionnaire.questions.all()}
    values = _checked(asked, given)
    ticket = invitation.ticket
    response = Response.objects.create(
        invitation=invitation,
        questionnaire=invitation.questionnaire,
        ticket=ticket,
        customer=invitation.customer,
        contact=invitation.contact,
        engineer=ticket.engineer,
        owner=invitation.owner,
        branch=invitation.branch,
        received_at=now,
        language=(language or get_language() or settings.LANGUAGE_CODE)[:8],
        entered_by=by,
        csat=values.get(QuestionCode.Q0),
        ces=values.get(QuestionCode.CES),
        nps=values.get(QuestionCode.NPS),
        fixed=values.get(QuestionCode.FIX, ""),
        remark=values.get(QuestionCode.OPEN, ""),
        low_reasons=low_reasons(values, param("surveys.alarm_words", at=now)),
    )
    _keep_answers(response, asked, values)
    if invitation.questionnaire.frozen_at is None:
        type(invitation.questionnaire).objects.filter(pk=invitation.questionnaire_id).update(frozen_at=now)
    if response.engineer is not None:
        grant_access(response, user=response.engineer, source=AccessSource.RELATED, by=None, now=now)
    tell_facts(response, now=now)
    _judge_recovery(invitation, response)
    if response.low_reasons and invitation.recovery_id is None:
        open_recovery(response, now=now)
    return response


def _checked(asked: Mapping[str, Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values without the empty ones; refuses strangers, values off the scale, and nothing at all."""
    values = {code: value for code, value in given.items() if value not in (None, "")}
    wrong = [
        code for code, value in values.items() if code not in asked or not is_answer(asked[code].kind, value)
    ]
    if wrong:
        raise RuleBroken(errors={code: [_("Choose one of the offered answers.")] for code in wrong})
    if not values:
        raise RuleBroken(_("Please answer at least one question."))
    return values


def _keep_answers(response: Response, asked: Mapping[str, Question], values: Mapping[str, Any]) -> None:
    from surveys.models import Answer

    Answer.objects.bulk_create(
        Answer(
            response=response,
            question=asked[code],
            code=code,
            number=value if isinstance(value, int) else None,
            choice=value if asked[code].kind == Kind.YESNO else "",
            text=value if asked[code].kind == Kind.TEXT else "",
        )
        for code, value in values.items()
    )


def tell_facts(response: Response, *, now: datetime) -> None:
    """Count the customer's answers anew, in the transaction of the answer."""
    from surveys.models import Response

    rows = Response.objects.filter(customer=response.customer)
    recent = rows.filter(received_at__gt=now - timedelta(days=365)).aggregate(mean=Avg("csat"))
    longer = rows.filter(received_at__gt=now - timedelta(days=730)).aggregate(mean=Avg("csat"))
    newest = rows.order_by("-received_at", "-pk")
    crm.record_facts(
        customer=response.customer,
        source="surveys",
        facts={
            "answers_total": rows.count(),
            "csat_mean_12m": recent["mean"],
            "csat_mean_24m": longer["mean"],
            "csat_answers_24m": rows.filter(
                csat__isnull=False, received_at__gt=now - timedelta(days=730)
            ).count(),
            "last_csat": newest.filter(csat__isnull=False).values_list("csat", flat=True).first(),
            "last_nps": newest.filter(nps__isnull=False).values_list("nps", flat=True).first(),
        },
        now=now,
    )


def _judge_recovery(invitation: Invitation, response: Response) -> None:
    """An answer to the second asking says whether the customer is won back."""
    from surveys.models import Recovery

    if invitation.recovery_id is not None and response.csat is not None:
        Recovery.objects.filter(pk=invitation.recovery_id).update(recovered=response.csat >= RECOVERED_FROM)


# --- making good ----------------------------------------------------------------------------------------------------


def open_recovery(response: Response, *, now: datetime) -> Recovery:
    """A low answer becomes the case of the manager above the project manager, due by the customer's tier."""
    from surveys.models import Recovery

    tier = "vip" if response.customer.tier == "vip" else "other"
    minutes = int(param("surveys.call_minutes", at=now)[tier])
    recovery = Recovery.objects.create(
        response=response,
        customer=response.customer,
        reasons=response.low_reasons,
        branch=response.branch,
        opened_at=now,
        due_at=add_business_minutes(now, minutes, calendar()),
    )
    manager = recovery.owner = responsible(recovery, response.owner)
    recovery.save(update_fields=["owner"])
    data = {"reasons": response.low_reasons, "csat": response.csat}
    audit.record("surveys.open_recovery", recovery, by=None, now=now, to_state=recovery.state, data=data)
    if response.owner is not None:
        grant_access(recovery, user=response.owner, source=AccessSource.RELATED, by=None, now=now)
    if manager is not None:
        severity = 3 if tier == "vip" else 2
        open_task(CALL_TASK, recovery, manager, due_at=recovery.due_at, severity=severity)
    notify(
        [person for person in (manager, response.owner) if person is not None],
        "surveys.low_score",
        recovery,
        now=now,
        dedupe_key=f"rec:{response.pk}",
        data={"csat": response.csat or "—"},
    )
    return recovery


def responsible(recovery: Recovery, served_by: User | None) -> User | None:
    """The project manager's manager where he may act on the case, else the manager of the branch."""
    manager = duties.manager_of(served_by) if served_by is not None else None
    if manager is not None and ask(manager, "surveys.call_recovery", recovery):
        return manager
    return duties.branch_manager(recovery.branch)


def promise_on_list(recovery: Recovery, *, now: datetime) -> None:
    """The call is done; the promise waits on the manager's list for its day."""
    close_tasks(recovery, now=now, kind=CALL_TASK)
    if recovery.owner is not None and recovery.promised_on is not None:
        local = now.astimezone(calendar().zone)
        days = (recovery.promised_on - local.date()).days
        open_task(PROMISE_TASK, recovery, recovery.owner, due_at=add_calendar_days(now, days), severity=1)


def off_the_list(recovery: Recovery, *, now: datetime) -> None:
    """Nothing is left to do on the case."""
    close_tasks(recovery, now=now)


def was_asked_again(recovery: Recovery) -> bool:
    """Whether the second asking exists already."""
    from surveys.models import Invitation

    return Invitation.objects.filter(recovery=recovery).exists()


def ask_again(recovery: Recovery, *, now: datetime) -> Invitation:
    """Plan the second asking about the same ticket, with the edition now in use."""
    first = recovery.response.invitation
    in_use = type(first.questionnaire).objects.in_use(first.questionnaire.template).first()
    return plan(first.ticket, in_use or first.questionnaire, now=now, recovery=recovery)
