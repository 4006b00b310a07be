"""How the notices of surveys read, and how their steps read on time lines."""

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.timeline import register_event

RECOVERY, INVITATION = "surveys:recovery_detail", "surveys:invitation_detail"

register_notice(
    "surveys.low_score",
    _("Low score (%(csat)s of 5) for ticket %(subject)s: please call the customer."),
    url_name=RECOVERY,
    tone="danger",
    always=True,
)
register_notice(
    "surveys.recovery_late",
    _("Nobody has called the unhappy customer of ticket %(subject)s in time."),
    url_name=RECOVERY,
    tone="danger",
    always=True,
)

for code, sentence, url_name in (
    ("send_invitation", _("The customer was asked about ticket %(subject)s"), INVITATION),
    ("answer_invitation", _("The customer answered the survey about ticket %(subject)s"), INVITATION),
    ("exclude_invitation", _("Ticket %(subject)s: the customer is not asked"), INVITATION),
    ("open_recovery", _("Low score for ticket %(subject)s: a call is due"), RECOVERY),
    ("call_recovery", _("The unhappy customer of ticket %(subject)s was called"), RECOVERY),
    ("propose_recovery", _("Ticket %(subject)s: what we promise was agreed"), RECOVERY),
    ("close_recovery", _("Ticket %(subject)s: the promise was kept"), RECOVERY),
    ("reask_recovery", _("Ticket %(subject)s: the customer is asked again"), RECOVERY),
    ("complain_recovery", _("A complaint was made of the answer about ticket %(subject)s"), RECOVERY),
):
    minor = code in ("send_invitation", "exclude_invitation", "propose_recovery", "reask_recovery")
    register_event(f"surveys.{code}", sentence, icon="survey", group="survey", url_name=url_name, minor=minor)
