"""What a checked or finished import tells people: each row with its findings in words, and the file of rejected rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import OrgUnit
from crm.imports.choices import FINDINGS
from crm.imports.fields import by_code
from crm.models import Customer, ImportBatch, ImportRow

SHOWN_TEXT = 60


@dataclass
class Told:
    """One finding in the reader's words."""

    level: str
    field: str
    sentence: str
    hint: str


@dataclass
class ReportRow:
    """A line of the report: the row, the name it carries, its findings and the customer the reader may open."""

    row: ImportRow
    name: str
    told: Sequence[Told]
    url: str = ""

    @property
    def reason(self) -> str:
        """All findings in one line."""
        return " ".join(f"{one.field}: {one.sentence}" if one.field else one.sentence for one in self.told)

    @property
    def hint(self) -> str:
        return " ".join(dict.fromkeys(one.hint for one in self.told if one.hint))


def report_rows(batch: ImportBatch, rows: Iterable[ImportRow], user: Any) -> list[ReportRow]:
    """Rows with their findings for one reader.

    A customer the reader cannot see is told by name, owner and branch and by nothing else: enough to ask the owner,
    not enough to take over.
    """
    rows = list(rows)
    met = _customers_of(rows)
    visible = set(Customer.objects.visible_to(user).filter(pk__in=met).values_list("pk", flat=True))
    units = {unit.code: unit.name for unit in OrgUnit.objects.all()}
    report = []
    for row in rows:
        cells = row.cells
        told = [_tell(batch, row, cells, finding, met, visible, units) for finding in row.findings]
        customer = met.get(row.customer_id or 0)
        url = customer.get_absolute_url() if customer is not None and customer.pk in visible else ""
        report.append(ReportRow(row, _name_of(batch, cells), told, url))
    return report


def _customers_of(rows: Sequence[ImportRow]) -> dict[int, Customer]:
    wanted = {row.customer_id for row in rows if row.customer_id}
    wanted |= {
        finding["data"]["customer"]
        for row in rows
        for finding in row.findings
        if "customer" in finding.get("data", {})
    }
    found = Customer.objects.filter(pk__in=wanted).select_related("owner", "branch").defer("search_terms")
    return {row.pk: row for row in found}


def _name_of(batch: ImportBatch, cells: Sequence[str]) -> str:
    return _cell(batch, cells, "name") or _cell(batch, cells, "short_name")


def _cell(batch: ImportBatch, cells: Sequence[str], field: str) -> str:
    column = batch.mapping.get(field)
    text = cells[column] if column is not None and column < len(cells) else batch.constants.get(field, "")
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…"


def _tell(
    batch: ImportBatch,
    row: ImportRow,
    cells: Sequence[str],
    finding: dict[str, Any],
    met: dict[int, Customer],
    visible: set[int],
    units: dict[str, str],
) -> Told:
    kind = FINDINGS[finding["code"]]
    fields = by_code(batch.kind)
    field = fields.get(finding.get("field", ""))
    data = dict(finding.get("data", {}))
    customer = met.get(data.get("customer") or row.customer_id or 0)
    choices = field.choices if field else None
    places = {
        **data,
        "value": _cell(batch, cells, finding["field"]) if field else "",
        "choices": "、".join(str(label) for label in choices.labels) if choices else "",
        "who": _who(customer, visible),
        "branch": units.get(str(data.get("branch", "")), ""),
        "fields": "、".join(str(fields[code].label) for code in data.get("fields", ()) if code in fields)
        or "—",
    }
    return Told(
        kind.level, str(field.label) if field else "", str(kind.sentence) % places, str(kind.hint) % places
    )


def _who(customer: Customer | None, visible: set[int]) -> str:
    if customer is None:
        return _("a deleted customer")
    owner = customer.owner.name if customer.owner else _("no owner")
    parts = [customer.name, owner, customer.branch.name]
    if customer.pk in visible:
        parts.insert(0, customer.code)
    return " · ".join(parts)
