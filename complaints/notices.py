"""How the notices of complaints read, and how the steps of a case read on time lines."""

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.timeline import register_event

DETAIL = "complaints:complaint_detail"

register_notice(
    "complaints.registered",
    _("Complaint %(subject)s was registered; it concerns your work."),
    url_name=DETAIL,
    tone="warning",
    always=True,
)
register_notice(
    "complaints.escalated",
    _("Complaint %(subject)s climbed to %(rung)s: please act now."),
    url_name=DETAIL,
    tone="danger",
    always=True,
)

MINOR = {"triage", "investigate", "resume", "propose", "review", "verify", "change_severity", "inform"}
"""Steps of the work on a complaint; the complaint tells them, the customer's mixed time line does not."""
for code, sentence in {
    "register": _("Complaint %(subject)s registered"),
    "triage": _("Complaint %(subject)s graded"),
    "acknowledge": _("Complaint %(subject)s acknowledged to the complainant"),
    "investigate": _("Complaint %(subject)s is being investigated"),
    "wait": _("Complaint %(subject)s waits for the complainant"),
    "resume": _("Work on complaint %(subject)s goes on"),
    "propose": _("An answer to complaint %(subject)s was proposed"),
    "review": _("Supervision reviewed the answer to complaint %(subject)s"),
    "answer": _("Complaint %(subject)s was answered"),
    "accept_answer": _("The answer to complaint %(subject)s was accepted"),
    "reject_answer": _("The answer to complaint %(subject)s was rejected"),
    "verify": _("What was promised on complaint %(subject)s is being checked"),
    "close": _("Complaint %(subject)s: closing"),
    "close_unresolved": _("Complaint %(subject)s was closed unresolved"),
    "withdraw": _("Complaint %(subject)s was withdrawn"),
    "mark_duplicate": _("Complaint %(subject)s is a duplicate"),
    "reopen": _("Complaint %(subject)s was reopened"),
    "change_severity": _("The severity of complaint %(subject)s was changed"),
    "contain": _("The damage of complaint %(subject)s was contained"),
    "inform": _("The complainant of %(subject)s got an interim update"),
}.items():
    register_event(
        f"complaints.{code}_complaint",
        sentence,
        icon="complaint",
        group="complaint",
        url_name=DETAIL,
        minor=code in MINOR,
    )
