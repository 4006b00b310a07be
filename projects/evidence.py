"""What a gate still needs: reading, checking and fingerprinting the typed evidence of a project.

Blank, unmeasured or reused evidence does not count; every gap says what is missing and who can supply it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import RuleBroken, Sentence
from projects.choices import gate_label
from projects.gates import FIELD, FILE, GATES, Evidence
from projects.records import RECORDS, TEXT
from projects.words import listed

DECISION_CHAIN = "decision_chain"
END_USER = "end_user"
DECISION_CHAIN_FROM = Decimal(500_000)
CHAIN_ROLES = ("decision_maker", "technical", "user")

SUPPLIERS: dict[str, Sentence] = {
    "PM": gettext_lazy("project manager"),
    "TEC": pgettext_lazy("supplier", "technology"),
    "FIN": pgettext_lazy("supplier", "finance"),
    "PRD": pgettext_lazy("supplier", "production"),
    "QCD": pgettext_lazy("supplier", "quality control"),
    "LOG": pgettext_lazy("supplier", "logistics"),
    "ASD": pgettext_lazy("supplier", "after-sales"),
}


@dataclass(frozen=True)
class Line:
    """One item of a gate as it stands: its current evidence (None when there is none) and what is wrong with it."""

    item: Evidence
    row: Any
    problem: Sentence = ""
    value: Any = None

    @property
    def is_done(self) -> bool:
        return not self.problem

    @property
    def supplier(self) -> Sentence:
        return SUPPLIERS.get(self.item.supplier, self.item.supplier)


def checklist(project: Any) -> list[Line]:
    """Every item of the present gate, done or not, in the order of the gate table."""
    gate = GATES.get(project.gate)
    if gate is None:
        return []
    rows = {
        row.item: row
        for row in project.evidence.current().filter(gate=gate.code).select_related("file", "provided_by")
    }
    lines = [_line(project, item, rows.get(item.code)) for item in gate.evidence]
    return lines + _standing_conditions(project)


def gaps(project: Any) -> list[Line]:
    """The items that keep the gate shut."""
    return [line for line in checklist(project) if line.problem]


def complete_checklist(project: Any) -> list[Line]:
    """The checklist when nothing is missing; else RuleBroken naming every item and who can supply it."""
    lines = checklist(project)
    missing = [line for line in lines if line.problem]
    if not missing:
        return lines
    sentences: list[Sentence] = [
        _("%(item)s: %(problem)s Can be supplied by: %(who)s.")
        % {"item": line.item.label, "problem": line.problem, "who": line.supplier}
        for line in missing
    ]
    raise RuleBroken(
        _("%(gate)s cannot be passed yet, %(n)d missing.")
        % {"gate": gate_label(project.gate), "n": len(missing)},
        code="evidence_missing",
        errors={"evidence": sentences},
        data={"missing": [line.item.code for line in missing]},
    )


def figures(lines: list[Line]) -> dict[str, Decimal]:
    """The measured values of a checklist by name."""
    return {
        line.item.field: Decimal(line.row.values["value"])
        for line in lines
        if line.item.type == FIELD and line.row is not None
    }


def ids_of(lines: list[Line]) -> list[int]:
    """Ids of the evidence of a checklist, for the audit entry."""
    return [line.row.pk for line in lines if line.row is not None]


def fingerprint(values: Mapping[str, Any], item: Evidence) -> str:
    """The digest of a record's free words, blind to spacing, case and punctuation; empty when it has none."""
    names = [entry.name for entry in RECORDS[item.code] if entry.kind == TEXT]
    words = "".join(str(values.get(name, "")) for name in names).casefold()
    words = re.sub(r"[\W_]+", "", words)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def refuse_reused(project: Any, item: Evidence, print_: str) -> None:
    """Raise RuleBroken when a file or text already proves another item, gate or project."""
    if not print_:
        return
    used = project.evidence.model.objects.filter(fingerprint=print_).exclude(
        project=project, gate=project.gate, item=item.code
    )
    first = used.select_related("project").order_by("pk").first()
    if first is None:
        return
    kind = _("This file") if item.type == FILE else _("This text")
    where = gate_label(first.gate)
    if first.project_id == project.pk:
        sentence = _("%(kind)s already proves %(gate)s of this project. Each item needs its own evidence.")
    else:
        sentence = _(
            "%(kind)s was already used for %(gate)s of another project. Each project needs its own evidence."
        )
    message = sentence % {"kind": kind, "gate": where}
    supplied = _("Can be supplied by: %(who)s.") % {"who": SUPPLIERS.get(item.supplier, item.supplier)}
    field = "file" if item.type == FILE else "text"
    raise RuleBroken(message, code="evidence_reused", errors={field: [f"{message} {supplied}"]})


def measured(item: Evidence, raw: Any) -> Decimal:
    """A typed-in value as a number. Raises RuleBroken when nothing was measured or the value is out of range."""
    if raw is None or str(raw).strip() == "":
        raise RuleBroken(errors={"value": [_("Enter the measured value.")]})
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise RuleBroken(errors={"value": [_("Enter the measured value as a number.")]})
    return value


def refuse_blank(item: Evidence, values: Mapping[str, Any]) -> None:
    """Raise RuleBroken for every required field of a record that says nothing; signs alone say nothing."""
    blank: dict[str, list[Sentence]] = {
        entry.name: [_("Write something here; a blank record proves nothing.")]
        for entry in RECORDS[item.code]
        if entry.required and not re.sub(r"[\W_]+", "", str(values.get(entry.name) or ""))
    }
    if blank:
        raise RuleBroken(code="evidence_blank", errors=blank)


def _line(project: Any, item: Evidence, row: Any) -> Line:
    if item.type == FIELD and is_column(project, item):
        value = getattr(project, item.field)
        return Line(item, None, "" if value else _("not filled in."), value)
    if row is None:
        words = {FILE: _("no file yet."), FIELD: _("not measured yet.")}
        return Line(item, None, words.get(item.type, _("not recorded yet.")))
    if item.type == FIELD:
        return Line(item, row, _range_problem(item, Decimal(row.values["value"])), row.values["value"])
    return Line(item, row, "")


def is_column(project: Any, item: Evidence) -> bool:
    """Whether the measured value is a column of the project itself."""
    return any(field.name == item.field for field in type(project)._meta.concrete_fields)


def _range_problem(item: Evidence, value: Decimal) -> Sentence:
    if item.minimum and value < Decimal(item.minimum):
        return _("%(value)s %(unit)s is below the lowest allowed %(limit)s %(unit)s.") % {
            "value": value, "unit": item.unit, "limit": item.minimum,
        }  # fmt: skip
    if item.maximum and value > Decimal(item.maximum):
        return _("%(value)s %(unit)s is above the highest allowed %(limit)s %(unit)s.") % {
            "value": value, "unit": item.unit, "limit": item.maximum,
        }  # fmt: skip
    return ""


def _standing_conditions(project: Any) -> list[Line]:
    """G3 also needs an end user among the parties and, from ¥500,000 on, the decision chain identified [§2.7]."""
    if project.gate != "g03":
        return []
    item = Evidence(END_USER, pgettext_lazy("gate evidence", "End user among the parties"), "party", "PM")
    has_user = project.parties.filter(role="user").exists()
    lines = [Line(item, None, "" if has_user else _("name who will run the pumps."))]
    if project.amount >= DECISION_CHAIN_FROM:
        item = Evidence(DECISION_CHAIN, pgettext_lazy("gate evidence", "Decision chain"), "contacts", "PM")
        lines.append(Line(item, None, _chain_problem(project)))
    return lines


def _chain_problem(project: Any) -> Sentence:
    contacts = project.customer.contacts.alive().filter(left_at__isnull=True, decision_role__in=CHAIN_ROLES)
    known = set(contacts.values_list("decision_role", flat=True))
    words = {
        "decision_maker": _("decision maker"),
        "technical": _("technical evaluator"),
        "user": pgettext_lazy("decision role", "user"),
    }
    missing = [str(words[role]) for role in CHAIN_ROLES if role not in known]
    if not missing:
        return ""
    return _("no contact of the customer is marked as %(roles)s.") % {"roles": listed(missing)}
