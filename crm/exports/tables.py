"""The tables that can be taken out, and their rows as a filter finds them for one reader."""

from typing import Any
from urllib.parse import parse_qs

from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.scoping import scope_rows
from core.errors import NotAllowed, RuleBroken, Sentence
from core.rules import ask
from crm.exports.columns import Column, ExportTable
from crm.exports.contacts import CONTACTS
from crm.exports.customers import CUSTOMERS
from crm.exports.logs import ACTIVITIES
from crm.models import Segment
from crm.segments import Reader

REVEAL = "crm.reveal_contact"
MAX_WORDS = 60
TABLES: dict[str, ExportTable] = {table.resource: table for table in (CUSTOMERS, CONTACTS, ACTIVITIES)}


def table_of(resource: str) -> ExportTable:
    """The table of a resource. Refuses what cannot be taken out."""
    if resource not in TABLES:
        raise RuleBroken(errors={"resource": [", ".join(TABLES)]})
    return TABLES[resource]


def filters_in(query: str) -> MultiValueDict[str, str]:
    """The words of an address with their values. Refuses an address nobody types."""
    try:
        return MultiValueDict(parse_qs(query, max_num_fields=MAX_WORDS))
    except ValueError:
        raise RuleBroken(errors={"query": [_("Unknown filter.")]}) from None


def filterset_of(table: ExportTable, query: str, user: Any) -> Any:
    """The filters of a list address as its page would apply them for this reader now. Refuses words it does not know."""
    words = filters_in(query)
    unknown = sorted(set(words) - set(table.filterset.base_filters))
    if unknown:
        raise RuleBroken(errors={name: [_("Unknown filter.")] for name in unknown})
    rows = table.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    filterset = table.filterset(words, queryset=rows, request=Reader(user))
    if not filterset.is_valid():
        raise RuleBroken(errors={name: list(found) for name, found in filterset.errors.items()})
    return filterset


def only_asks(table: ExportTable, user: Any) -> bool:
    """Whether the user may only ask for these rows. Refuses whoever may neither take them nor ask."""
    if ask(user, table.right):
        return False
    if ask(user, table.wish):
        return True
    raise NotAllowed()


def offered(table: ExportTable, user: Any) -> list[Column]:
    """The columns a user may ask for: full numbers only who may open them one by one."""
    may_open = bool(ask(user, REVEAL))
    return [column for column in table.columns if may_open or not column.personal]


def rows_for(table: ExportTable, query: str, user: Any, *, unmasked: bool) -> Any:
    """The rows a user may take out: what the filter finds, in the scope of the export right, and for full numbers in the
    scope of opening them."""
    code = table.wish if only_asks(table, user) else table.right
    rows = scope_rows(filterset_of(table, query, user).qs, user, code, via=table.via)
    return scope_rows(rows, user, REVEAL, via=table.via) if unmasked else rows


def filter_words(table: ExportTable, query: str, user: Any) -> list[tuple[Sentence, str]]:
    """The filters of an address in words, for whoever must judge the wish: (label, value)."""
    form = filterset_of(table, query, user).form
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [])}
    return [(form.fields[name].label or name, _said(form.fields[name], name, given[name])) for name in given]


def _said(field: Any, name: str, value: Any) -> str:
    """A filter's value as its page shows it."""
    if name == "segment":
        segment = Segment.objects.filter(pk=value).first()
        return str(segment or value)
    if isinstance(value, models.Model):
        return str(value)
    return str(dict(getattr(field, "choices", ())).get(str(value), value))
