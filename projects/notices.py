"""How notices and time-line entries of projects read."""

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.timeline import register_event

DETAIL = "projects:project_detail"

register_notice(
    "projects.gate_submitted", _("%(gate)s of “%(subject)s” waits for your decision."), url_name=DETAIL
)
register_notice(
    "projects.gate_passed", _("%(gate)s of “%(subject)s” is passed."), url_name=DETAIL, tone="good"
)
register_notice(
    "projects.gate_returned",
    _("%(gate)s of “%(subject)s” was returned; see the reason."),
    url_name=DETAIL,
    tone="warn",
)
register_notice(
    "projects.stage_overdue",
    _("“%(subject)s” is in %(stage)s longer than the standard time."),
    url_name=DETAIL,
    tone="warn",
)

for code, sentence, icon in (
    ("projects.add_project", _("Opportunity opened: %(subject)s"), "opportunity"),
    ("projects.submit_gate_project", _("Gate submitted: %(subject)s, %(before)s → %(after)s"), "gate"),
    ("projects.approve_gate_project", _("Gate approved: %(subject)s, now %(after)s"), "gate"),
    ("projects.return_gate_project", _("Gate returned: %(subject)s"), "reply"),
    (
        "projects.release_conditionally_project",
        _("Released conditionally: %(subject)s, now %(after)s"),
        "warning",
    ),
    ("projects.lose_project", _("Lost: %(subject)s"), "close"),
    ("projects.abandon_project", _("Abandoned: %(subject)s"), "stop"),
    ("projects.cancel_project", _("Order cancelled: %(subject)s"), "close"),
    ("projects.suspend_project", _("Suspended: %(subject)s"), "pause"),
    ("projects.resume_project", _("Resumed: %(subject)s, %(after)s"), "play"),
):
    register_event(code, sentence, icon=icon, group="gate", url_name=DETAIL)
