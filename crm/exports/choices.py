"""The closed lists of the export: what may be taken out, where it stands, why the worker stopped."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportResource(models.TextChoices):
    """What a list taken out holds, a row a line."""

    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Contacts")
    ACTIVITIES = "activities", _("Contact logs")


class ExportState(models.TextChoices):
    """From the wish to the file and its end; `writing` is the worker's."""

    REQUESTED = "requested", pgettext_lazy("export", "Waiting for approval")
    WRITING = "writing", pgettext_lazy("export", "Being written")
    READY = "ready", pgettext_lazy("export", "Ready")
    EXPIRED = "expired", pgettext_lazy("export", "Expired")
    REFUSED = "refused", pgettext_lazy("export", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("export", "Withdrawn")
    FAILED = "failed", pgettext_lazy("export", "Stopped")


EXPORT_TONES = {
    ExportState.REQUESTED: "warn",
    ExportState.WRITING: "brand",
    ExportState.READY: "good",
    ExportState.REFUSED: "danger",
    ExportState.FAILED: "danger",
}


class StopCode(models.TextChoices):
    """Why an approved or free export was not written."""

    FAULT = "fault", _("A fault stopped it. Try again; if it stays so, tell the system administrator.")
    GROWN = "grown", _("The filter finds many more rows now than were asked for. Ask anew.")
    RIGHTS = "rights", _("The right to these rows has ended meanwhile.")
