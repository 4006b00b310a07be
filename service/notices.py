"""How the notices of service read, and how its steps read on time lines."""

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.timeline import register_event

DETAIL = "service:ticket_detail"

register_notice(
    "service.ticket_offered",
    _("%(priority)s ticket %(subject)s is offered to you; please answer in time."),
    url_name=DETAIL,
    tone="warning",
)
register_notice(
    "service.ticket_returned",
    _("Ticket %(subject)s was not answered in time and is back in the queue."),
    url_name=DETAIL,
    tone="warning",
    always=True,
)
register_notice(
    "service.ticket_declined",
    _("Ticket %(subject)s was declined and is back in the queue."),
    url_name=DETAIL,
    tone="warning",
)
register_notice(
    "service.ticket_priority", _("Ticket %(subject)s now has priority %(priority)s."), url_name=DETAIL
)
register_notice(
    "service.ticket_reopened",
    _("Ticket %(subject)s was reopened: the fault is back."),
    url_name=DETAIL,
    tone="danger",
)
register_notice(
    "service.ticket_registered", _("Your customer reported a fault: ticket %(subject)s."), url_name=DETAIL
)
register_notice(
    "service.confirm_nudge",
    _("The customer has not confirmed ticket %(subject)s; please ask (%(n)s of 3)."),
    url_name=DETAIL,
)
register_notice(
    "service.intake_new",
    _("A fault was reported on the public page: %(subject)s."),
    url_name="service:intakereport_detail",
    tone="warning",
)
for kind, words in {
    "response": _("Ticket %(subject)s: %(level)s %% of the response time is used."),
    "onsite": _("Ticket %(subject)s: %(level)s %% of the time until arrival is used."),
    "restore": _("Ticket %(subject)s: %(level)s %% of the time until restoring is used."),
    "resolve": _("Ticket %(subject)s: %(level)s %% of the time until resolving is used."),
}.items():
    register_notice(f"service.clock_{kind}", words, url_name=DETAIL, tone="danger", always=True)

MINOR = {
    "accept", "diagnose", "dispatch", "take", "decline", "return_unanswered", "travel", "arrive", "resume",
    "ask_confirmation", "change_priority", "escalate",
}  # fmt: skip
"""Steps of the desk and the engineer; the ticket tells them, the customer's mixed time line does not."""
for verb, sentence, icon in (
    ("add", _("Fault registered: %(subject)s"), "ticket"),
    ("accept", _("%(subject)s accepted"), "check"),
    ("diagnose", _("First diagnosis on %(subject)s"), "search"),
    ("dispatch", _("%(subject)s offered to an engineer"), "assign"),
    ("take", _("Engineer took %(subject)s"), "check"),
    ("decline", _("Engineer declined %(subject)s"), "blocked"),
    ("return_unanswered", _("%(subject)s came back unanswered"), "clock"),
    ("travel", _("Engineer on the way for %(subject)s"), "travel"),
    ("arrive", _("Engineer on site for %(subject)s"), "sign_in_place"),
    ("wait_parts", _("%(subject)s waits for parts"), "clock"),
    ("wait_customer", _("%(subject)s waits for the customer"), "clock"),
    ("wait_window", _("%(subject)s waits for a shutdown window"), "clock"),
    ("resume", _("Work on %(subject)s goes on"), "restore"),
    ("restore", _("Pump runs again: %(subject)s"), "check"),
    ("resolve", _("%(subject)s resolved"), "check"),
    ("ask_confirmation", _("Customer asked to confirm %(subject)s"), "phone"),
    ("confirm", _("Customer confirmed %(subject)s"), "check"),
    ("call_back", _("Call-back on %(subject)s"), "phone"),
    ("close", _("%(subject)s closed"), "check"),
    ("cancel", _("%(subject)s cancelled"), "blocked"),
    ("merge", _("%(subject)s merged into another ticket"), "link"),
    ("reopen", _("%(subject)s reopened"), "restore"),
    ("change_priority", _("Priority of %(subject)s changed"), "sort"),
    ("escalate", _("%(subject)s: %(level)s %% of a promised time used"), "clock"),
):
    register_event(
        f"service.{verb}_ticket", sentence, icon=icon, group="ticket", url_name=DETAIL, minor=verb in MINOR
    )
register_event(
    "service.submit_servicereport",
    _("Service report handed in: %(subject)s"),
    icon="document",
    group="ticket",
    url_name="service:servicereport_detail",
)
register_event(
    "service.approve_servicereport",
    _("Service report approved: %(subject)s"),
    icon="check",
    group="ticket",
    url_name="service:servicereport_detail",
    minor=True,
)
register_event(
    "service.receive_intakereport",
    _("Fault reported on the public page: %(subject)s"),
    icon="scan",
    group="ticket",
    url_name="service:intakereport_detail",
)
register_event(
    "service.add_pump",
    _("Pump installed: %(subject)s"),
    icon="pump",
    group="system",
    url_name="service:pump_detail",
)
