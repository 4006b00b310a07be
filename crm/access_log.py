"""The log of who opened and took out personal data: openings, bursts, exports, copies, erasures, out of the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.kinds import model_for
from core.models import AuditEntry
from crm.choices import RevealReason

WORDS: dict[str, Sentence] = {
    "crm.reveal_contact": _("Full number opened"),
    "crm.burst_of_reveals": _("Burst of openings"),
    "crm.add_export": _("Export asked for"),
    "crm.approve_export": _("Export approved"),
    "crm.refuse_export": _("Export refused"),
    "crm.reveal_export": _("Password of an export shown"),
    "crm.download_export": _("Export downloaded"),
    "crm.copy_privacyrequest": _("Copy made for a person"),
    "crm.erase_contact": _("Person erased"),
    "crm.retire_contact": _("Person to be anonymised after years of silence"),
    "surveys.forget_people": _("Names of old survey answers removed"),
}
KINDS = {
    "reveal": ("crm.reveal_contact", "crm.burst_of_reveals"),
    "export": (
        "crm.add_export",
        "crm.approve_export",
        "crm.refuse_export",
        "crm.reveal_export",
        "crm.download_export",
        "crm.copy_privacyrequest",
    ),
    "erasure": ("crm.erase_contact", "crm.retire_contact", "surveys.forget_people"),
}


@dataclass(frozen=True)
class Line:
    """One line of the log: what happened, to what (its live row, as far as the reader sees it), and why."""

    entry: AuditEntry
    words: Sentence
    subject: Any
    url: str
    reason: str


def entries() -> models.QuerySet[AuditEntry]:
    """Everything in the log; who may read it is asked of `crm.view_accesslog`."""
    return AuditEntry.objects.filter(code__in=list(WORDS)).select_related("actor")


def lines(found: Iterable[AuditEntry], user: Any) -> list[Line]:
    """Entries with what they are about, in the reader's scope; one query per kind of row."""
    found = list(found)
    wanted: dict[str, set[int]] = {}
    for entry in found:
        wanted.setdefault(entry.object_kind, set()).add(entry.object_id)
    subjects: dict[tuple[str, int], Any] = {}
    for kind, ids in wanted.items():
        rows = model_for(kind)._default_manager.visible_to(user).filter(pk__in=ids)  # type: ignore[attr-defined]
        subjects.update({(kind, row.pk): row for row in rows})
    return [_line(entry, subjects.get((entry.object_kind, entry.object_id))) for entry in found]


def _line(entry: AuditEntry, subject: Any) -> Line:
    reasons = dict(RevealReason.choices)
    url = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
    return Line(entry, WORDS[entry.code], subject, url, str(reasons.get(entry.reason, entry.reason)))
