"""The closed lists of service, with their labels and the tone each state is shown in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketType(models.TextChoices):
    """What the customer wants from us."""

    CONSULT = "consult", _("Consulting")
    REPAIR = "repair", _("Repair")
    INSTALL = "install", _("Installation")
    PARTS = "parts", _("Spare parts")
    MAINTAIN = "maintain", _("Maintenance")
    COMPLAINT = "complaint", _("Complaint")


class Impact(models.TextChoices):
    """How badly the customer's operation suffers; with the tier it decides the priority."""

    I1 = "i1", _("Total stop, safety or environment")
    I2 = "i2", _("Severe, no standby pump")
    I3 = "i3", _("Partial, standby pump runs")
    I4 = "i4", _("No effect on operation")


class Priority(models.TextChoices):
    """Which ticket comes first."""

    P1 = "p1", "P1"
    P2 = "p2", "P2"
    P3 = "p3", "P3"
    P4 = "p4", "P4"


class Channel(models.TextChoices):
    """How the ticket reached us."""

    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    WEB = "web", pgettext_lazy("channel", "Web")
    ON_SITE = "on_site", _("On site")
    QR = "qr", _("QR code")
    AUTO = "auto", pgettext_lazy("channel", "System")


class TicketState(models.TextChoices):
    """Where a ticket stands; the way between them is `Ticket`'s transitions."""

    NEW = "new", pgettext_lazy("ticket", "New")
    ACCEPTED = "accepted", pgettext_lazy("ticket", "Accepted")
    ASSIGNED = "assigned", pgettext_lazy("ticket", "Assigned")
    IN_PROGRESS = "in_progress", pgettext_lazy("ticket", "In progress")
    WAITING_PARTS = "waiting_parts", _("Waiting for parts")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    WAITING_WINDOW = "waiting_window", _("Waiting for a shutdown window")
    RESOLVED = "resolved", pgettext_lazy("ticket", "Resolved")
    PENDING_CONFIRM = "pending_confirm", _("Customer to confirm")
    PENDING_CALLBACK = "pending_callback", _("Call-back due")
    CLOSED = "closed", pgettext_lazy("ticket", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("ticket", "Cancelled")
    REOPENED = "reopened", pgettext_lazy("ticket", "Reopened")


QUEUE_STATES = (TicketState.NEW, TicketState.ACCEPTED, TicketState.REOPENED)
WAITING_STATES = (TicketState.WAITING_PARTS, TicketState.WAITING_CUSTOMER, TicketState.WAITING_WINDOW)
WORK_STATES = (TicketState.IN_PROGRESS, *WAITING_STATES)
ACTIVE_STATES = (*QUEUE_STATES, TicketState.ASSIGNED, *WORK_STATES)
FINISHED_STATES = (TicketState.CLOSED, TicketState.CANCELLED)
OPEN_STATES = tuple(state for state in TicketState if state not in FINISHED_STATES)

STATE_TONES = {
    TicketState.NEW: "brand",
    TicketState.ACCEPTED: "brand",
    TicketState.ASSIGNED: "warn",
    TicketState.IN_PROGRESS: "brand",
    TicketState.WAITING_PARTS: "warn",
    TicketState.WAITING_CUSTOMER: "warn",
    TicketState.WAITING_WINDOW: "warn",
    TicketState.RESOLVED: "good",
    TicketState.PENDING_CONFIRM: "good",
    TicketState.PENDING_CALLBACK: "good",
    TicketState.REOPENED: "danger",
}
PRIORITY_TONES = {"p1": "vip", "p2": "warn", "p3": "brand", "p4": ""}


class Progress(models.TextChoices):
    """What an engineer in progress is doing."""

    REMOTE = "remote", pgettext_lazy("progress", "Remote")
    TRAVEL = "travel", _("Travelling")
    ON_SITE = "on_site", _("On site")


class ClockKind(models.TextChoices):
    """The four promises of a ticket."""

    RESPONSE = "response", pgettext_lazy("clock", "Response")
    ONSITE = "onsite", pgettext_lazy("clock", "On site")
    RESTORE = "restore", pgettext_lazy("clock", "Restore")
    RESOLVE = "resolve", pgettext_lazy("clock", "Resolve")


class PauseKind(models.TextChoices):
    """Proven waits that stop the restore and resolve clocks."""

    CUSTOMER = "customer", _("Waiting for the customer")
    WINDOW = "window", _("Waiting for a shutdown window")
    PARTS = "parts", _("Waiting for parts")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class Answer(models.TextChoices):
    """How an engineer answered an offer; exactly one offer or work of a ticket is open at a time."""

    OFFERED = "offered", pgettext_lazy("assignment", "Offered")
    TAKEN = "taken", pgettext_lazy("assignment", "Taken")
    DECLINED = "declined", pgettext_lazy("assignment", "Declined")
    RETURNED = "returned", pgettext_lazy("assignment", "Returned unanswered")
    REPLACED = "replaced", pgettext_lazy("assignment", "Given to somebody else")
    FINISHED = "finished", pgettext_lazy("assignment", "Finished")


class ReportState(models.TextChoices):
    """A service report is approved by the after-sales manager."""

    DRAFT = "draft", pgettext_lazy("report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")
    APPROVED = "approved", pgettext_lazy("report", "Approved")
    RETURNED = "returned", pgettext_lazy("report", "Sent back")


class IntakeState(models.TextChoices):
    """A public report is looked at by a dispatcher before it becomes a ticket."""

    WAITING = "waiting", pgettext_lazy("intake", "To be checked")
    ACCEPTED = "accepted", pgettext_lazy("intake", "Became a ticket")
    REFUSED = "refused", pgettext_lazy("intake", "Refused")


class PumpStatus(models.TextChoices):
    """Where a pump is in its life."""

    IN_STOCK = "in_stock", _("In stock")
    IN_TRANSIT = "in_transit", _("In transit")
    INSTALLING = "installing", _("Being installed")
    RUNNING = "running", pgettext_lazy("pump", "Running")
    STOPPED = "stopped", pgettext_lazy("pump", "Stopped")
    SCRAPPED = "scrapped", _("Scrapped")
    MOVED = "moved", pgettext_lazy("pump", "Moved")


class ConfirmMethod(models.TextChoices):
    """How the customer's confirmation is proved."""

    SIGNATURE = "signature", _("Signature on the report")
    LINK = "link", _("Tracking link")
    RECORDED_CALL = "recorded_call", _("Recorded call")


class CloseKind(models.TextChoices):
    """Whether the customer ever answered."""

    CONFIRMED = "confirmed", pgettext_lazy("closing", "Confirmed")
    UNCONFIRMED = "unconfirmed", _("Closed unconfirmed")


class CauseClass(models.TextChoices):
    """Where a fault comes from; it names the duty."""

    D = "d", _("D Design or selection")
    C = "c", _("C Casting or material")
    M = "m", _("M Machining or assembly")
    B = "b", _("B Bought-in part")
    T = "t", _("T Transport or storage")
    I = "i", _("I Installation, foundation, piping")  # noqa: E741 - the company's own letter
    U = "u", _("U Operating conditions")
    P = "p", _("P Poor maintenance")
    W = "w", _("W Natural wear")
    E = "e", _("E Power and electrical")
    X = "x", _("X Unknown")


class Criticality(models.IntegerChoices):
    """What stands still when the pump does."""

    PROCESS = 1, _("1 The plant stops")
    PARTIAL = 2, _("2 Output falls")
    MINOR = 3, _("3 Hardly noticed")
