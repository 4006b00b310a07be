"""How audit entries read on a time line: a sentence, an icon and a group per code, in the reader's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.kinds import kind_of, model_for
from core.models import AuditEntry
from core.querysets import visible_for_naming


@dataclass(frozen=True)
class Event:
    """A registered code. The sentence may use %(subject)s (the live row), %(before)s, %(after)s and data keys.

    A `minor` one is a step of somebody's work: the row's own page and its group's filter tell it, the mixed time line
    of a customer does not.
    """

    code: str
    sentence: Sentence
    icon: str
    group: str
    url_name: str
    minor: bool = False


@dataclass
class Line:
    """One line of a time line; its words are put together when a page asks for them."""

    entry: AuditEntry
    event: Event
    subject: models.Model

    @property
    def icon(self) -> str:
        """The picture of its kind of event."""
        return self.event.icon

    @property
    def group(self) -> str:
        """The filter it stands under."""
        return self.event.group

    @cached_property
    def before(self) -> Sentence:
        """The state before, in the reader's words."""
        return state_label(self.subject, self.entry.from_state)

    @cached_property
    def after(self) -> Sentence:
        """The state after, in the reader's words."""
        return state_label(self.subject, self.entry.to_state)

    @cached_property
    def sentence(self) -> str:
        """What happened."""
        places = {
            **self.entry.data,
            "subject": str(self.subject),
            "before": self.before,
            "after": self.after,
        }
        return str(self.event.sentence) % _Forgiving(places)

    @cached_property
    def url(self) -> str:
        """Where its row has a page."""
        if not self.event.url_name:
            return ""
        try:
            return reverse(self.event.url_name, args=[self.entry.object_id])
        except NoReverseMatch:
            return ""


_events: dict[str, Event] = {}

GROUPS: dict[str, Sentence] = {
    "followup": _("Follow-ups"),
    "gate": _("Gates"),
    "ticket": _("Tickets"),
    "complaint": _("Complaints"),
    "survey": _("Surveys"),
    "payment": _("Payments"),
    "system": _("Record"),
}


def register_event(
    code: str,
    sentence: Sentence,
    *,
    icon: str = "dot",
    group: str = "system",
    url_name: str = "",
    minor: bool = False,
) -> None:
    """Register how an audit code reads; unregistered codes stay off time lines (they remain in the audit)."""
    _events[code] = Event(code, sentence, icon, group, url_name, minor)


def registered_events() -> dict[str, Event]:
    """The registered events by code."""
    return dict(_events)


def codes_of_group(group: str) -> list[str]:
    """The codes shown under one filter chip; without one, those of all groups but for minor ones."""
    return [event.code for event in _events.values() if (event.group == group if group else not event.minor)]


def timeline_lines(root: models.Model, user: Any, *, group: str = "", limit: int = 20) -> list[Line]:
    """The newest lines of a row's time line that this user may see.

    Rows the user cannot see (a confidential complaint, another branch's project) leave no trace: entries are
    read with some to spare and filtered by the visible subjects, one query per kind.
    """
    entries = (
        AuditEntry.objects.filter(root_kind=kind_of(root), root_id=root.pk, code__in=codes_of_group(group))
        .select_related("actor")
        .order_by("-at", "-seq")[: limit * 3]
    )
    return render_entries(entries, user, root=root, most=limit)


def render_entries(
    entries: Iterable[AuditEntry],
    user: Any,
    *,
    root: models.Model | None = None,
    known: Mapping[tuple[str, int], models.Model | None] | None = None,
    most: int | None = None,
) -> list[Line]:
    """Lines for entries, the first `most` of them, those about rows the user cannot see left out.

    `known` are rows the page has already read in the user's scope, by kind and id (None: not visible).
    """
    entries = [entry for entry in entries if entry.code in _events]
    read = known or {}
    unread = [entry for entry in entries if (entry.object_kind, entry.object_id) not in read]
    subjects = {**read, **_visible_subjects(unread, user, root)}
    seen = ((entry, subjects.get((entry.object_kind, entry.object_id))) for entry in entries)
    lines = (Line(entry, _events[entry.code], subject) for entry, subject in seen if subject is not None)
    return list(islice(lines, most))


class _Forgiving(dict[str, Any]):
    """Old entries may lack a key a newer sentence names; a dash is shown instead of an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def state_label(subject: models.Model, code: str) -> Sentence:
    """The reader's word for a state (or status) code of this row's type."""
    return _state_labels(type(subject)).get(code, code)


@cache
def _state_labels(model: type[models.Model]) -> dict[str, Sentence]:
    for name in ("state", "status"):
        try:
            return dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return {}


def _visible_subjects(
    entries: list[AuditEntry], user: Any, root: models.Model | None
) -> dict[tuple[str, int], models.Model]:
    wanted: dict[str, set[int]] = {}
    found: dict[tuple[str, int], models.Model] = {}
    for entry in entries:
        if root is not None and (entry.object_kind, entry.object_id) == (kind_of(root), root.pk):
            found[kind_of(root), root.pk] = root
        else:
            wanted.setdefault(entry.object_kind, set()).add(entry.object_id)
    for kind, ids in wanted.items():
        rows = visible_for_naming(model_for(kind), user).filter(pk__in=ids)
        found.update({(kind, row.pk): row for row in rows.fetch_mode(models.FETCH_PEERS)})
    return found
