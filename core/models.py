"""Rows every app leans on: audit, outbox, tasks, notices, jobs, parameters, calendars, files, comments, counters."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.querysets import (
    AuditEntryManager,
    BulkRunQuerySet,
    NotificationQuerySet,
    SavedViewQuerySet,
    TaskQuerySet,
)


class Row(models.Model):
    """What every row of ours is: cheap to read and to name. Lists make thousands of them."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, *, fetch_mode: Any = None) -> Any:
        """A row of the database as an instance, set down as it is instead of passed through `__init__`.

        Nothing of ours listens to the signals of making instances, and no column is computed there; Django's way
        walks over all eighty columns of a customer even when a list reads fifteen. A column not read stays
        deferred: it is simply not there.
        """
        new = cls.__new__(cls)
        new._state = state = ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        new.__dict__.update(zip(field_names, values, strict=True))
        return new

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django's name
        """The label of a code, as Django's own but from a table made once."""
        labels = _labels_of(field)
        value = getattr(self, field.attname)
        return str(labels[value]) if value in labels else value


@cache
def _labels_of(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


class Timestamped(Row):
    """Rows that remember when they were made and last changed (database instants)."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Versioned(Timestamped):
    """Rows several people edit: an update names the version it was based on, so nobody's words are lost."""

    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True


class AuditEntry(Row):
    """One thing that happened, never changed or removed afterwards (the app's database role cannot).

    What an erased person was known by is cut out of `reason` and `data`, visibly (decision 0026).

    `code` is a permission or event code, `object_*` the row it happened to, `root_*` the row on whose time
    line it belongs (usually the customer). `data` holds codes, ids, dates and amounts — never a personal or
    confidential value; names are rendered from the live rows when read.
    """

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    root_kind = models.CharField(max_length=60, blank=True)
    root_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True)
    rule_version = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = AuditEntryManager()

    class Meta:
        indexes = [
            models.Index(fields=["root_kind", "root_id", "-at", "-seq"], name="audit_root_at"),
            models.Index(fields=["object_kind", "object_id", "-seq"], name="audit_object"),
            models.Index(fields=["actor", "-at"], name="audit_actor_at"),
            models.Index(fields=["at"], name="audit_at"),
        ]


class AuditSeal(Row):
    """A link of the hash chain over a run of committed audit entries; shows a later change or removal."""

    from_seq = models.BigIntegerField()
    to_seq = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    prev = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(db_default=Now())


class AuditExpiry(Row):
    """What is left under a seal after entries whose time was over were `removed`, or an erased person was `cut` out of them.

    The newest row of a seal counts. Written in the transaction of the change, and only where the seal fitted before it.
    """

    to_seq = models.BigIntegerField()
    removed = models.PositiveIntegerField()
    cut = models.PositiveIntegerField(db_default=0)
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    before = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["to_seq", "-id"], name="audit_expiry_seal")]


class OutboxMessage(Row):
    """An effect outside the database that must happen once: written with its cause, sent after the commit."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        QUARANTINED = "quarantined", _("Quarantined")

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "due_at"],
                name="outbox_due",
                condition=models.Q(state__in=["pending", "running"]),
            )
        ]


class SweepState(Row):
    """When each scan last ran and how it went; the lock row that keeps two sweepers from doing one scan twice."""

    code = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)


class SweepFailure(Row):
    """A row a scan could not handle. After five attempts it is left alone and shown, so the others go on."""

    code = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "object_kind", "object_id"], name="one_failure_per_row")
        ]


class Task(Row):
    """One thing a person must do: a line of My day, the digest and the leaver's handover.

    Written in the transaction that causes it, closed in the one that settles it. `severity` sorts tasks due
    on the same day (3 worst). `data` holds codes and ids only.
    """

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    kind = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    root_kind = models.CharField(max_length=60, blank=True)
    root_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField(default=0)
    url_name = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_kind", "object_id", "assignee"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_task",
            )
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_at", "-severity"],
                name="task_open_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(  # each page counts a person's tasks by kind from this index alone
                fields=["assignee", "kind", "due_at"],
                name="task_open_kinds",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["assignee", "closed_at"],
                name="task_done",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(fields=["object_kind", "object_id"], name="task_object"),
        ]


class Notification(Row):
    """A notice to one person; the sentence is rendered when read, in the reader's language and scope."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications", db_index=False
    )
    code = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dedupe_key"], name="one_notice_per_key")]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_user_at"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]


class Parameter(Row):
    """A dated company value of a rule parameter; defaults live in code beside the rule they feed."""

    key = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=12, blank=True)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["key", "unit_code", "-valid_from"], name="parameter_key_from")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "unit_code", "valid_from"], name="one_parameter_value_from"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="parameter_ends_after_start",
            ),
        ]


class Calendar(Row):
    """Working windows by weekday (Monday = 0): `{"0": [["08:30", "12:00"], ["13:00", "17:30"]], …}`."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    windows = models.JSONField(default=dict)


class BusinessDay(Row):
    """A date that differs from its weekday: public holiday, made-up workday, company rest day."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("Workday")
        REST = "rest", _("Rest day")
        HOLIDAY = "holiday", _("Public holiday")
        MAKEUP = "makeup", _("Make-up workday")

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60, blank=True)
    provisional = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_row_per_date")]


class StoredFile(Row):
    """Bytes on disk under a random name; what the file *is* was decided from its content, not its name.

    `removed_at`: the bytes were deleted because they spoke of a person who asked for it; only the row is left.
    """

    name = models.CharField(max_length=255)
    stored_name = models.CharField(max_length=80, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, editable=False)


class Attachment(Row):
    """A file shown on a row; whoever may see the row may read the file, nobody else."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=40, blank=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    attached_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="attachment_object")]


class Comment(Row):
    """A message in the thread of a row, so that talk does not vanish into private chats."""

    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    at = models.DateTimeField()
    not_told: Sequence[Any] = ()  # whom `core.comments.add_comment` could not tell; not a column

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id", "at"], name="comment_object")]


class SavedView(Timestamped):
    """A filter of a list somebody keeps under a name, with the columns they want to see.

    `shared_unit_id` is the unit (of the floor above) whose people see it too, each with their own rows.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    list_code = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    shared_unit_id = models.BigIntegerField(null=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_code", "name"], name="one_view_per_name")
        ]
        indexes = [models.Index(fields=["shared_unit_id", "list_code"], name="view_shared")]

    def __str__(self) -> str:
        return self.name


class BulkRun(Row):
    """One thing done to many rows: `done` pairs each changed row's id with what undoing needs (codes and ids)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    list_code = models.CharField(max_length=60)
    action = models.CharField(max_length=40)
    at = models.DateTimeField()
    done = models.JSONField(default=list)
    refused = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    objects = BulkRunQuerySet.as_manager()


class CodeCounter(Row):
    """The next number of one document prefix, branch and local year."""

    prefix = models.CharField(max_length=4)
    branch_code = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "branch_code", "year"], name="one_counter")]


class IdempotencyKey(Row):
    """The remembered answer to a write request, so that a double click or retry makes one record, not two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    route = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key", nulls_distinct=False)
        ]
