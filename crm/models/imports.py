"""Rows of the customer import: the batch with its columns and counts, one row per line of the file."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import row_address
from core.errors import RuleBroken, WrongState
from core.fields import EncryptedTextField
from core.flow import Outcome, transition
from core.models import Row, Versioned
from crm.imports.choices import (
    OUTCOME_TONES,
    STATE_TONES,
    WORKING,
    Decision,
    DuplicatePolicy,
    FileFormat,
    ImportKind,
    ImportState,
    RowOutcome,
)
from crm.imports.fields import missing_columns
from crm.imports.querysets import (
    ImportBatchQuerySet,
    ImportProfileQuerySet,
    ImportRowQuerySet,
)

UNDO_FOR = timedelta(days=7)
MAX_ROWS = 100_000
MAX_ROWS_TO_SUBMIT = 500


class ImportBatch(Versioned):
    """One file on its way into the customers.

    The lines of the file are kept as `ImportRow`, so nothing depends on a file on disk. `mapping` gives a field
    its column number, `constants` the value of fields the file lacks, `value_maps` a field's words of the file (folded)
    our code; `done` counts rows the worker has finished
    in the present phase, `reached` is the last of their line numbers. accepted + waiting + skipped + rejected = total once the batch is checked or done.
    """

    code = models.CharField(_("number"), max_length=24, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="import_batches",
        verbose_name=_("imported by"),
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED, editable=False
    )
    kind = models.CharField(
        _("holds"), max_length=10, choices=ImportKind, default=ImportKind.CUSTOMERS, editable=False
    )
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    format = models.CharField(max_length=4, choices=FileFormat)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    value_maps = models.JSONField(default=dict)
    profile = models.ForeignKey(
        "crm.ImportProfile", null=True, on_delete=models.SET_NULL, related_name="batches", editable=False
    )
    policy = models.CharField(
        _("when the customer exists"), max_length=4, choices=DuplicatePolicy, default=DuplicatePolicy.SKIP
    )
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    updated_rows = models.PositiveIntegerField(default=0)
    waiting_rows = models.PositiveIntegerField(default=0)
    skipped_rows = models.PositiveIntegerField(default=0)
    rejected_rows = models.PositiveIntegerField(default=0)
    pooled_rows = models.PositiveIntegerField(default=0)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-id"], name="importbatch_owner"),
            models.Index(fields=["branch", "-id"], name="importbatch_branch"),
            models.Index(fields=["state"], name="importbatch_working", condition=models.Q(state__in=WORKING)),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return row_address("crm:importbatch_detail", self.pk)

    @property
    def audit_root(self) -> "ImportBatch":
        return self

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def is_fresh(self) -> bool:
        """Nobody has said yet what its columns are."""
        return self.state == ImportState.UPLOADED

    @property
    def accepted_rows(self) -> int:
        return self.created_rows + self.updated_rows

    @property
    def tone(self) -> str:
        return STATE_TONES.get(self.state, "")  # type: ignore[call-overload]

    @property
    def step(self) -> int:
        """Which of the four steps of the pages the import has reached."""
        if self.state in (ImportState.UPLOADED, ImportState.MAPPED):
            return 2
        return 5 if self.state == ImportState.DONE else 4 if self.started_at else 3

    @property
    def delimiter_word(self) -> str:
        """The delimiter as people can see it."""
        return {"\t": "Tab"}.get(self.delimiter, self.delimiter)

    @property
    def undo_until(self) -> datetime | None:
        """The end of the week in which the import can be taken back."""
        return self.finished_at + UNDO_FOR if self.finished_at else None

    @transition(
        source=(ImportState.UPLOADED, ImportState.MAPPED, ImportState.CHECKED), target=ImportState.MAPPED
    )
    def map_columns(
        self,
        *,
        by: Any,
        now: datetime,
        mapping: dict[str, int],
        constants: dict[str, str],
        policy: str = DuplicatePolicy.SKIP,
        branch: Any = None,
        value_maps: dict[str, dict[str, str]] | None = None,
        profile: "ImportProfile | None" = None,
        profile_name: str = "",
    ) -> Outcome:
        """Say which column is what, what holds for every row, and what happens to customers we have."""
        missing = missing_columns(self.kind, mapping)
        if missing:
            raise RuleBroken(
                errors={
                    "columns": [_("Choose the column for: %(columns)s") % {"columns": "、".join(missing)}]
                }
            )
        if len(set(mapping.values())) != len(mapping):
            raise RuleBroken(_("A column can be used only once."))
        self.mapping, self.constants, self.policy = mapping, constants, policy
        self.branch = branch or self.branch
        self.value_maps, self.profile = value_maps or {}, profile
        if profile_name.strip():
            from crm.imports.profiles import keep_profile

            self.profile = keep_profile(self, by=by, now=now, name=profile_name)
        return Outcome(data={"fields": sorted(mapping), "constants": sorted(constants), "policy": policy})

    @transition(source=(ImportState.MAPPED, ImportState.CHECKED), target=ImportState.CHECKING)
    def dry_run(self, *, by: Any, now: datetime) -> None:
        """Let the worker look at every row without writing a customer."""
        from crm.imports.intake import begin

        begin(self, now=now)

    @transition(source=ImportState.CHECKING, target=ImportState.CHECKED, system=True)
    def finish_check(self, *, by: Any, now: datetime) -> Outcome:
        """Every row has been looked at."""
        return Outcome(data=self.counts())

    @transition(source=ImportState.CHECKED, target=ImportState.SUBMITTED)
    def submit(self, *, by: Any, now: datetime) -> None:
        """Ask the branch manager to let the import run."""
        from crm.imports.intake import ask_approval

        ask_approval(self, now=now)

    @transition(source=ImportState.SUBMITTED, target=ImportState.RUNNING)
    def approve(self, *, by: Any, now: datetime) -> None:
        """Let a submitted import run. Never by the person who submitted it (separation of duties)."""
        self._run(by, now)

    @transition(source=ImportState.SUBMITTED, target=ImportState.CHECKED)
    def send_back(self, *, by: Any, now: datetime, reason: str) -> None:
        """Ask for corrections before the import may run."""
        from core.tasks_list import close_tasks

        close_tasks(self, now=now)

    @transition(source=ImportState.CHECKED, target=ImportState.RUNNING)
    def start(self, *, by: Any, now: datetime) -> None:
        """Run an import whose rows have been checked."""
        self._run(by, now)

    def _run(self, by: Any, now: datetime) -> None:
        from core.tasks_list import close_tasks
        from crm.imports.intake import begin

        self.approved_by, self.started_at = by, now
        close_tasks(self, now=now)
        begin(self, now=now)

    @transition(source=ImportState.RUNNING, target=ImportState.DONE, system=True)
    def finish(self, *, by: Any, now: datetime) -> Outcome:
        """Every row is in, skipped or rejected; the importer and the pool's manager are told once."""
        from crm.imports.intake import tell_finished

        self.finished_at = now
        tell_finished(self, now=now)
        return Outcome(data=self.counts())

    @transition(source=WORKING, target=ImportState.FAILED, system=True)
    def fail(self, *, by: Any, now: datetime, reason: str = "") -> Outcome:
        """Stop after a fault that five attempts did not get over; rows already in stay in."""
        return Outcome(reason=reason)

    @transition(source=ImportState.FAILED, target=(ImportState.CHECKING, ImportState.RUNNING))
    def resume(self, *, by: Any, now: datetime) -> Outcome:
        """Go on where a fault stopped the worker."""
        from crm.imports.intake import carry_on

        state = ImportState.RUNNING if self.started_at else ImportState.CHECKING
        carry_on(self, now=now)
        return Outcome(state=state)

    @transition(
        source=(
            ImportState.UPLOADED,
            ImportState.MAPPED,
            ImportState.CHECKED,
            ImportState.SUBMITTED,
        ),
        target=ImportState.CANCELLED,
    )
    def cancel(self, *, by: Any, now: datetime) -> None:
        """Give the import up before any row is in."""
        from core.tasks_list import close_tasks

        close_tasks(self, now=now)

    @transition(source=(ImportState.DONE, ImportState.FAILED), target=ImportState.UNDONE)
    def undo(self, *, by: Any, now: datetime) -> Outcome:
        """Take back everything the import wrote: all or nothing, within seven days, no row touched since."""
        from crm.imports.undo import take_back

        if self.started_at is None:
            raise WrongState(_("Nothing was imported."))
        if now > (self.finished_at or self.started_at) + UNDO_FOR:
            raise WrongState(_("An import can be undone for seven days only."))
        return Outcome(data=take_back(self, by=by, now=now))

    def counts(self) -> dict[str, int]:
        """The outcome in numbers, as the audit and the notice carry it."""
        return {
            "total": self.total,
            "created": self.created_rows,
            "updated": self.updated_rows,
            "waiting": self.waiting_rows,
            "skipped": self.skipped_rows,
            "rejected": self.rejected_rows,
            "pooled": self.pooled_rows,
        }


class ImportRow(Row):
    """One line of an imported file as it stood there, and what became of it.

    `number` is the line number a spreadsheet shows. The cells are sealed: they may hold phone numbers. `name_key` and
    `uscc` find the same customer twice in one file. `findings` are codes with data. `customer` is the customer it made,
    filled in or met; `before` keeps what a fill replaced, `customer_version` what it left, for the undo.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    sealed = EncryptedTextField(default="")
    name_key = models.CharField(max_length=100, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    outcome = models.CharField(max_length=8, choices=RowOutcome, default=RowOutcome.PENDING)
    findings = models.JSONField(default=list)
    customer = models.ForeignKey(
        "crm.Customer", null=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    customer_version = models.PositiveIntegerField(null=True)
    contact = models.ForeignKey(
        "crm.Contact", null=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    before = models.JSONField(default=dict)
    activity = models.ForeignKey(
        "crm.Activity", null=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    decision = models.CharField(max_length=6, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["batch_id", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_line")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "outcome", "number"], name="importrow_outcome"),
            models.Index(fields=["batch", "name_key"], name="importrow_name"),
        ]

    @property
    def cells(self) -> list[str]:
        """The texts of the line, column by column, as they stood in the file."""
        return json.loads(self.sealed) if self.sealed else []

    @property
    def tone(self) -> str:
        return OUTCOME_TONES.get(self.outcome, "")  # type: ignore[call-overload]


class ImportProfile(Versioned):
    """How one kind of file is read: kept by a person, offered to the branch whenever a file has these headers.

    `columns` gives a folded header its field; `header_key` is the digest of all folded headers, for the exact match.
    """

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(max_length=10, choices=ImportKind, default=ImportKind.CUSTOMERS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by")
    )
    branch = models.ForeignKey(
        "accounts.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    header_key = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    value_maps = models.JSONField(default=dict)
    policy = models.CharField(max_length=4, choices=DuplicatePolicy, default=DuplicatePolicy.SKIP)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = ImportProfileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        verbose_name = _("import profile")
        verbose_name_plural = _("import profiles")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["branch", "kind", "name"], name="one_profile_per_name")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "header_key"], name="importprofile_header")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_root(self) -> "ImportProfile":
        return self
