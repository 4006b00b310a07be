"""What the boards show: signs on each customer and a roll-up of the whole, counted at night."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopeColumns
from core.models import Row
from crm.board_choices import BoardFlag, Dimension
from crm.board_querysets import BoardCountQuerySet, BoardRowQuerySet
from crm.models.customers import Customer


class BoardRow(Row):
    """A customer as the last count saw it: whose it was, and its signs. Customers not counted have none."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="board"
    )
    branch = models.ForeignKey("accounts.OrgUnit", on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    flags = ArrayField(models.CharField(max_length=12, choices=BoardFlag), default=list)

    objects = BoardRowQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("customer on the boards")
        indexes = [
            GinIndex(fields=["flags"], name="boardrow_flags", fastupdate=False),
            models.Index(fields=["branch", "customer"], name="boardrow_branch"),
            models.Index(fields=["owner", "customer"], name="boardrow_owner"),
        ]


class BoardCount(Row):
    """One cell of the roll-up. `owner` is the customers' owner, for logs their author; `amount` is the net amount signed in
    24 months (CNY), for `band` the sum of completeness, for `logs` the sum of scores."""

    branch = models.ForeignKey("accounts.OrgUnit", on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    dimension = models.CharField(max_length=10, choices=Dimension)
    value = models.CharField(max_length=16, blank=True)
    across = models.CharField(max_length=16, blank=True)
    count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    objects = BoardCountQuerySet.as_manager()

    scope_columns: ClassVar = ScopeColumns(department=None)

    class Meta:
        verbose_name = _("cell of the boards")
        indexes = [
            models.Index(fields=["dimension", "branch"], name="boardcount_branch"),
            models.Index(fields=["dimension", "owner"], name="boardcount_owner"),
        ]


class BoardRun(Row):
    """The one last count: when, by which parameters, over how many customers; its lock keeps a second one waiting."""

    counted_at = models.DateTimeField(null=True)
    rules = models.JSONField(default=dict)
    customers = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of the boards")
