"""Who may do what to which project: conditions of the permission matrix and separation of duties."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.conditions import register_column_condition, register_condition
from core.rules import Refusal, rule
from projects import approvers
from projects.choices import AFTER_SHIPMENT_STAGES

register_column_condition("after_shipment", "state", *AFTER_SHIPMENT_STAGES)
register_column_condition("at_g09", "state", "p09")
register_column_condition("at_g11", "state", "p11")
register_column_condition("at_g13", "state", "p13")
register_column_condition("at_payment_gate", "state", "p10")
register_column_condition("at_service_gate", "state", "p11", "p13")
register_condition(
    "price_under_approval",
    lambda user, project: project.state == "p03" and project.submissions.waiting().exists(),
    Q(state="p03", submissions__verdict="waiting"),
)
register_condition("within_own_authority", lambda user, project: _waits_at(project, approvers.OWN))

OTHER_PERSON = _("A gate is decided by someone other than the person who submitted it.")


def _waiting(project: Any) -> Any:
    return project.submissions.waiting().first()


def _waits_at(project: Any, level: str) -> bool:
    submission = _waiting(project)
    return submission is not None and submission.level == level


@rule("projects.approve_gate_project", "projects.return_gate_project")
def decider_is_not_submitter(user: Any, project: Any) -> bool | Refusal:
    """SoD-2: nobody decides a gate they submitted; and the decider's authority must reach the needed level."""
    submission = _waiting(project)
    if submission is None:
        return True  # the transition answers with the wrong state
    if submission.submitted_by_id == user.pk:
        return Refusal(OTHER_PERSON, code="own_submission")
    if not approvers.reaches(user, submission.level, project):
        return Refusal(approvers.NEEDED[submission.level], code="level_too_low")
    return True


@rule("projects.release_conditionally_project")
def releaser_is_not_submitter(user: Any, project: Any) -> bool | Refusal:
    """SoD-2 holds for exceptions too, and the project manager never releases the own project."""
    submission = _waiting(project)
    if project.owner_id == user.pk or (submission is not None and submission.submitted_by_id == user.pk):
        return Refusal(OTHER_PERSON, code="own_submission")
    return True


@rule("projects.cancel_project")
def cancelling_is_for_executives(user: Any, project: Any) -> bool | Refusal:
    """After the contract only an executive ends a project."""
    if user.authority().has_role(Role.EX):
        return True
    return Refusal(_("A signed order is cancelled by an executive; ask the general manager."))
