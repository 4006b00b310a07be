"""Two customers that may be one, and the merging of two into one with the book by which it can be taken back."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.scoping import ScopeColumns
from core.errors import RuleBroken
from core.flow import Outcome, transition
from core.kinds import RootBy
from core.models import Versioned
from crm.choices import MergeState, PairState
from crm.merge_querysets import CustomerMergeQuerySet, DuplicatePairQuerySet
from crm.models.customers import Customer

UNDO_FOR = timedelta(days=30)


class CustomerMerge(Versioned):
    """A merge of `loser` into `survivor`: proposed by somebody who may not carry it out, or done.

    `steps` is the book of `crm/merge_ledger.py`; `choices` what was chosen in the preview. `owner` is who proposed or
    did it, `branch` the survivor's.
    """

    survivor = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("stays")
    )
    loser = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged away")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MergeState, default=MergeState.PROPOSED, editable=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    branch = models.ForeignKey("accounts.OrgUnit", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    choices = models.JSONField(default=dict, editable=False)
    steps = models.JSONField(default=list, editable=False)
    stayed = models.JSONField(default=dict, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = CustomerMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "-id"], name="customermerge_branch"),
            models.Index(fields=["owner", "-id"], name="customermerge_owner"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(survivor=F("loser")), name="merge_of_two"),
            models.UniqueConstraint(fields=["loser"], condition=Q(state="done"), name="one_merge_per_loser"),
            models.UniqueConstraint(
                fields=["survivor", "loser"], condition=Q(state="proposed"), name="one_proposal_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser.name} → {self.survivor.name}"

    audit_root = RootBy("survivor")

    @property
    def undo_until(self) -> datetime | None:
        """The end of the month in which it can be taken back."""
        return self.decided_at + UNDO_FOR if self.decided_at else None

    @property
    def moved(self) -> dict[str, int]:
        """How many rows of each kind moved."""
        counts: dict[str, int] = {}
        for step in self.steps:
            if step["do"] == "move":
                counts[step["kind"]] = counts.get(step["kind"], 0) + len(step["ids"])
        return counts

    def get_absolute_url(self) -> str:
        return reverse("crm:customermerge_detail", args=[self.pk])

    @transition(source=MergeState.PROPOSED, target=MergeState.DONE)
    def approve(
        self,
        *,
        by: Any,
        now: datetime,
        swap: bool = False,
        choices: dict[str, str] | None = None,
        fold: list[tuple[int, int]] | None = None,
    ) -> Outcome:
        """Merge as proposed, or with `swap` the other way round. Never by whoever proposed it (separation of duties)."""
        from crm.operations.merging import carry_out

        if swap:
            self.survivor, self.loser = self.loser, self.survivor
        return Outcome(data=carry_out(self, by=by, now=now, choices=choices or {}, fold=fold or []))

    @transition(source=MergeState.PROPOSED, target=MergeState.REFUSED)
    def refuse(self, *, by: Any, now: datetime, reason: str) -> Outcome:
        """They are not the same, or must not be merged now; whoever proposed it is told why."""
        from crm.operations.merging import tell_refused

        self.decided_by, self.decided_at = by, now
        tell_refused(self, now=now)
        return Outcome(reason=reason)

    @transition(source=MergeState.PROPOSED, target=MergeState.WITHDRAWN)
    def withdraw(self, *, by: Any, now: datetime) -> None:
        """Take the proposal back."""
        from core.tasks_list import close_tasks

        close_tasks(self, now=now)

    @transition(source=MergeState.DONE, target=MergeState.UNDONE)
    def undo(self, *, by: Any, now: datetime) -> Outcome:
        """Make two customers of one again, each row where it was. Within thirty days, the latest merge first.

        What somebody changed since stays as it is. Refuses when the survivor was itself merged away, when a later
        merge into it stands, and when a name or code has been given to another customer meanwhile.
        """
        from crm.operations.merging import take_back

        if self.undo_until is None or now > self.undo_until:
            raise RuleBroken(_("A merge can be taken back for thirty days; this one is older."))
        self.undone_at = now
        return Outcome(data={"kept": take_back(self, by=by, now=now)})


class DuplicatePair(Versioned):
    """Two customers that the nightly search holds for one; "not the same" is remembered.

    `first` is the one with the smaller id, so that each pair is one row.
    """

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    rules = ArrayField(
        models.CharField(max_length=12), default=list, verbose_name=pgettext_lazy("duplicate", "rules")
    )
    likeness = models.FloatField(_("likeness"), default=1.0)
    state = models.CharField(
        _("state"), max_length=10, choices=PairState, default=PairState.OPEN, editable=False
    )
    found_at = models.DateTimeField(_("found"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = DuplicatePairQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(owner=None, branch="first__branch", department=None)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="one_row_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.first.name} · {self.second.name}"

    @property
    def branch(self) -> Any:
        return self.first.branch

    audit_root = RootBy("first")

    def get_absolute_url(self) -> str:
        return reverse("crm:duplicatepair_list")

    def _decide(self, by: Any, now: datetime) -> None:
        self.decided_by, self.decided_at = by, now

    @transition(source=PairState.OPEN, target=PairState.DIFFERENT)
    def dismiss(self, *, by: Any, now: datetime, reason: str = "") -> None:
        """They are two companies; the search does not bring them up again."""
        self._decide(by, now)

    @transition(source=PairState.OPEN, target=PairState.LINKED)
    def link(self, *, by: Any, now: datetime, parent: Customer) -> Outcome:
        """One is a branch or subsidiary of the other: `parent`, one of the two, becomes the other's parent."""
        from crm.operations.merging import link_to_parent

        child = self.second if parent.pk == self.first_id else self.first
        link_to_parent(child=child, parent=parent, by=by, now=now)
        self._decide(by, now)
        return Outcome(data={"parent": parent.pk, "child": child.pk})

    @transition(source=(PairState.DIFFERENT, PairState.LINKED), target=PairState.OPEN)
    def reopen(self, *, by: Any, now: datetime) -> None:
        """Look at the two again."""
        self.decided_by, self.decided_at = None, None
