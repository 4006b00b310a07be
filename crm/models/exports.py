"""Lists taken out of the product: who asked for what and why, who approved it, and the file while it lasts."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import WrongState
from core.flow import Outcome, transition
from core.models import Versioned
from core.tasks_list import close_tasks
from crm.exports.choices import EXPORT_TONES, ExportResource, ExportState, StopCode
from crm.exports.querysets import ExportQuerySet
from crm.imports.choices import FileFormat

LINK_FOR = timedelta(hours=24)


class Export(Versioned):
    """A list taken out: whose wish, why, which rows by which filter, which columns, and the digest of the file.

    `rows` were asked for (and approved), `file_rows` stand in the file. `columns` are codes of the table of its resource,
    `unmasked` says that full numbers are among them. The file lies under `stored_name` in `EXPORT_DIR`, locked by a password
    that is kept sealed until its owner has read it once.
    """

    code = models.CharField(_("number"), max_length=24, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports", verbose_name=_("taken by")
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.REQUESTED, editable=False
    )
    resource = models.CharField(
        _("list"), max_length=40, choices=ExportResource, default=ExportResource.CUSTOMERS
    )
    query = models.TextField(_("filter"), blank=True)
    columns = ArrayField(
        models.CharField(max_length=40), verbose_name=_("columns"), default=list, db_default=[]
    )
    format = models.CharField(_("format"), max_length=4, choices=FileFormat, default=FileFormat.XLSX)
    unmasked = models.BooleanField(_("with full numbers"), default=False)
    reason = models.CharField(_("reason"), max_length=200)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    refusal = models.CharField(_("why refused"), max_length=2000, blank=True, db_default="", editable=False)
    stopped_by = models.CharField(
        _("why stopped"), max_length=8, choices=StopCode, blank=True, db_default="", editable=False
    )
    stored_name = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    file_rows = models.PositiveIntegerField(_("rows in the file"), null=True, editable=False)
    file_size = models.PositiveBigIntegerField(_("size"), null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_password = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    ready_at = models.DateTimeField(null=True, editable=False)
    revealed_at = models.DateTimeField(_("password read"), null=True, editable=False)
    downloaded_at = models.DateTimeField(null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["owner", "-id"], name="export_owner")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return row_address("crm:export_detail", self.pk)

    @property
    def audit_root(self) -> "Export":
        return self

    @property
    def tone(self) -> str:
        return EXPORT_TONES.get(self.state, "")  # type: ignore[call-overload]

    @property
    def link_until(self) -> datetime | None:
        """A ready export can be downloaded for a day."""
        return self.ready_at + LINK_FOR if self.ready_at else None

    @property
    def is_working(self) -> bool:
        """Whether the worker is at it."""
        return self.state == ExportState.WRITING

    def is_open_at(self, now: datetime) -> bool:
        """Whether the file can be downloaded at an instant."""
        return self.state == ExportState.READY and self.link_until is not None and now <= self.link_until

    @transition(source=ExportState.REQUESTED, target=ExportState.WRITING)
    def approve(self, *, by: Any, now: datetime) -> Outcome:
        """Let the list be written; never by the person who asked for it. The auditors are told."""
        from crm.exports.people import tell_auditors
        from crm.exports.work import order

        self.approved_by, self.answered_at = by, now
        close_tasks(self, now=now)
        order(self, run=self.version + 1, now=now)
        tell_auditors(self, now)
        return Outcome(data={"rows": self.rows, "unmasked": self.unmasked, "resource": self.resource})

    @transition(source=ExportState.REQUESTED, target=ExportState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> None:
        """Turn the wish down; the reason is told to who asked."""
        from crm.exports.people import tell_owner

        self.approved_by, self.answered_at, self.refusal = by, now, reason.strip()
        close_tasks(self, now=now)
        tell_owner(self, "crm.export_refused", now)

    @transition(source=ExportState.REQUESTED, target=ExportState.WITHDRAWN)
    def withdraw(self, *, by: Any, now: datetime) -> None:
        """Take one's own wish back before anybody answered."""
        close_tasks(self, now=now)

    @transition(source=ExportState.WRITING, target=ExportState.READY, system=True)
    def finish(self, *, by: Any, now: datetime, **file: Any) -> Outcome:
        """Offer the written file for a day; `file` are its columns: name, size, rows, digest, sealed password."""
        from crm.exports.people import offer_file

        for name, value in file.items():
            setattr(self, name, value)
        self.ready_at = now
        offer_file(self, now)
        return Outcome(data={"rows": self.file_rows})

    @transition(source=ExportState.WRITING, target=ExportState.FAILED, system=True)
    def fail(self, *, by: Any, now: datetime, why: str) -> Outcome:
        """Give up writing, for a reason told to who asked."""
        from crm.exports.people import tell_owner

        self.stopped_by, self.file_rows = why, None
        tell_owner(self, "crm.export_stopped", now)
        return Outcome(data={"why": why})

    @transition(source=ExportState.FAILED, target=ExportState.WRITING)
    def retry(self, *, by: Any, now: datetime) -> None:
        """Write once more what a fault stopped; what stopped for another reason must be asked for anew."""
        from crm.exports.work import order

        if self.stopped_by != StopCode.FAULT:
            raise WrongState(StopCode(self.stopped_by).label)
        self.stopped_by = ""
        order(self, run=self.version + 1, now=now)

    @transition(source=ExportState.READY, target=ExportState.EXPIRED, system=True)
    def expire(self, *, by: Any, now: datetime) -> None:
        """The day is over, or what stands in the file may no longer leave: the file and its password are gone."""
        from crm.exports.files import discard

        discard(self.stored_name)
        self.stored_name = self.sealed_password = ""
        close_tasks(self, now=now)
