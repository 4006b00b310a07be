"""Who of those the matrix lets in may do this to *this* case: supervision is independent of the supervised."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import duties
from accounts.choices import Role
from accounts.conditions import register_condition
from complaints import desk
from core.clock import db_now
from core.rules import Refusal, rule

JUDGING = ("review", "answer", "accept_answer", "reject_answer", "verify", "close", "close_unresolved")

register_condition("not_internal", lambda user, case: not case.internal, Q(internal=False))
register_condition("against_supervision", lambda user, case: desk.is_against_supervision(case))
register_condition("severity_s1", lambda user, case: case.severity == "s1")


def cosigns(user: Any, case: Any) -> bool:
    """An executive's second signature under a major case: everybody reports to the top, so the line is no bar."""
    signed = case.severity == "s1" and case.cosigned_by_id is not None
    return signed and user.authority().has_role(Role.EX)


@rule(*(f"complaints.{verb}_complaint" for verb in ("review", "verify", "close", "close_unresolved")))
def judged_from_outside(user: Any, case: Any) -> bool | Refusal:
    """SoD-1: nobody of a department complained about, now or in the last 180 days, nor its handler or his line."""
    now = db_now()
    for unit in case.units_concerned:
        if duties.was_member_of(user, unit, now):
            return Refusal(
                _(
                    "You belong or lately belonged to %(unit)s, which this case is against; supervision judges it."
                )
                % {"unit": unit.name},
                code="separation_of_duties",
            )
    if case.handler_id == user.pk:
        return Refusal(
            _("You handle this case; someone of supervision judges it."), code="separation_of_duties"
        )
    if case.respondents.filter(pk=user.pk).exists():
        return Refusal(_("This case is against you."), code="separation_of_duties")
    if cosigns(user, case):
        return True
    if case.handler is not None and duties.in_reporting_line(user, case.handler):
        return Refusal(
            _("You stand in the reporting line of %(name)s, who handles this case.") % {"name": case.handler},
            code="separation_of_duties",
        )
    return True


@rule(
    *(
        f"complaints.{verb}_complaint"
        for verb in ("triage", "change_severity", "answer", "withdraw", "mark_duplicate")
    )
)
def supervised_from_outside(user: Any, case: Any) -> bool | Refusal:
    """A department never grades, answers for or ends a case against itself."""
    now = db_now()
    if any(duties.was_member_of(user, unit, now, days=0) for unit in case.units_concerned):
        return Refusal(
            _("A case against your own department is graded and answered by supervision."),
            code="separation_of_duties",
        )
    return True


@rule("complaints.answer_complaint")
def second_answer_from_the_top(user: Any, case: Any) -> bool | Refusal:
    """After a rejection the head of supervision or an executive answers (§5.4)."""
    if case.state != "rejected":
        return True
    head = desk.supervision_lead(case)
    if (head is not None and head.pk == user.pk) or user.authority().has_role(Role.EX):
        return True
    return Refusal(_("After a rejected answer only the head of supervision or an executive answers."))


@rule("complaints.close_complaint")
def major_case_needs_two_people(user: Any, case: Any) -> bool | Refusal:
    """The second signature under a major case is another person's."""
    if case.severity == "s1" and case.cosigned_by_id == user.pk:
        return Refusal(
            _("You have signed; a major case needs a second signature of an executive or supervision.")
        )
    return True
