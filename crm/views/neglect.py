"""The neglected list: customers whose promised contact did not take place, counted by class; every number opens its rows."""

from typing import Any, ClassVar

from accounts.choices import UnitKind
from accounts.models import OrgUnit, User
from core.clock import db_now
from core.views import ScopedListView
from crm.cadence import cadences
from crm.choices import CareClass
from crm.filters import CustomerFilter
from crm.models import Customer
from crm.neglect import count_neglected


class NeglectedListView(ScopedListView):
    """Longest neglected first; the matrix counts branches, or the people of one branch, by class of customer."""

    model = Customer
    permission = "view_neglected"
    template_name = "crm/customer_neglected.html"
    filterset_class = CustomerFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "contact_due_at": ("contact_due_at", "id"),
        "-contact_due_at": ("-contact_due_at", "-id"),
    }

    def list_rows(self) -> Any:
        return super().list_rows().neglected(db_now()).with_next_step()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = kwargs["now"]
        rows = self.rows().neglected(now)
        branch = self._one_branch()
        lines, totals = self._by_owner(rows, branch) if branch else self._by_branch(rows)
        return super().get_context_data(
            classes=[(code, label, cadences(now).get(code, 0)) for code, label in CareClass.choices],
            lines=lines,
            totals=totals,
            total=sum(totals.values()),
            branch=branch,
            **kwargs,
        )

    def _one_branch(self) -> OrgUnit | None:
        """The branch the matrix is about: the one chosen, or the only one the reader has."""
        chosen = self.request.GET.get("branch", "")
        everywhere = OrgUnit.objects.visible_to(self.request.user).filter(
            kind__in=[UnitKind.BRANCH, UnitKind.HQ]
        )
        if chosen.isdecimal():
            return everywhere.filter(pk=chosen).first()
        own = self.request.user.authority().branch_ids  # type: ignore[union-attr]
        return everywhere.filter(pk__in=own).first() if len(own) == 1 else None

    def _by_branch(self, rows: Any) -> tuple[list[dict[str, Any]], dict[str, int]]:
        cells, totals = count_neglected(rows, "branch")
        units = OrgUnit.objects.visible_to(self.request.user).filter(pk__in=cells).order_by("code")
        return [
            {"label": unit, "query": f"branch={unit.pk}", "cells": cells[unit.pk]} for unit in units
        ], totals

    def _by_owner(self, rows: Any, branch: OrgUnit) -> tuple[list[dict[str, Any]], dict[str, int]]:
        cells, totals = count_neglected(rows.filter(branch=branch), "owner")
        people = User.objects.visible_to(self.request.user).filter(pk__in=[pk for pk in cells if pk])
        place = f"branch={branch.pk}&"
        lines: list[dict[str, Any]] = [
            {"label": one, "query": f"{place}owner={one.pk}", "cells": cells[one.pk]}
            for one in people.order_by("username")
        ]
        if None in cells:
            lines.append({"label": "", "query": f"{place}view=unowned", "cells": cells[None]})
        return lines, totals
