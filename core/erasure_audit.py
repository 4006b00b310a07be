"""Cutting an erased person out of what people typed into the audit: reasons, and words among its data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from core import audit
from core.erasure import Person, around, speaking
from core.kinds import kind_of
from core.models import AuditEntry
from core.traces import Traces

COLUMNS: Final = [one for one in AuditEntry._meta.concrete_fields if one.name in ("reason", "data")]


def erase_words(person: Person, *, now: datetime) -> int:
    """Take the person out of every entry of the audit, whose chain still proves the rest; returns the changed entries."""
    with transaction.atomic():
        audit.take_turns()
        changed = {entry.seq: entry for entry in _changed(person)}
        audit.cut(changed.values(), now)
    return len(changed)


def _changed(person: Person) -> list[AuditEntry]:
    """The entries that speak of the person, without them; by number and address everywhere, by name where it is theirs."""
    found = {}
    for rows, named in _where(person):
        if pattern := person.traces.pattern(named=named):
            for entry in speaking(rows, COLUMNS, pattern):
                before = entry.reason, entry.data
                entry.reason = person.traces.scrub(entry.reason, named=named)
                entry.data = _scrub_values(entry.data, person.traces, named=named)
                if (entry.reason, entry.data) != before:
                    found[entry.seq] = entry
    return list(found.values())


def _where(person: Person) -> Any:
    yield AuditEntry.objects.all(), person.only_one
    if not person.only_one and (near := around(AuditEntry, person)) is not None:
        roots = Q(root_kind=kind_of(person.roots[0]), root_id__in=[one.pk for one in person.roots])
        yield AuditEntry.objects.filter(near | roots), True


def _scrub_values(value: Any, traces: Traces, *, named: bool) -> Any:
    """Texts inside the data; its keys are ours, and the database compares it by them."""
    if isinstance(value, dict):
        return {key: _scrub_values(part, traces, named=named) for key, part in value.items()}
    if isinstance(value, list):
        return [_scrub_values(part, traces, named=named) for part in value]
    return traces.scrub_value(value, named=named)
