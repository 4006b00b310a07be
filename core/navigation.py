"""The registry of navigation entries: each app adds its own in `<app>/navigation.py`, the shell shows what a user may open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Label = str | Promise

# The groups in the order shown; the first has no heading.
GROUPS: Final[dict[str, Label]] = {
    "home": "",
    "customers": pgettext_lazy("navigation", "Customers"),
    "sales": _("Sales and projects"),
    "service": _("Service"),
    "business": _("Business"),
    "system": _("System"),
}


@cache
def _address(url_name: str) -> str:
    """Addresses do not change while a process runs, and every page asks for dozens of them."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


class Linked:
    """What leads to a page by its name."""

    url_name: str
    query: str

    def url(self) -> str:
        """The address, or an empty string while the page does not exist."""
        address = _address(self.url_name)
        return f"{address}?{self.query}" if address and self.query else address


@dataclass(frozen=True)
class Item(Linked):
    """One entry. `task_kinds` are prefixes of task kinds whose open count stands beside the label."""

    group: str
    code: str
    label: Label
    icon: str
    url_name: str
    permission: str = ""
    order: int = 100
    task_kinds: tuple[str, ...] = ()
    badge: Callable[[Any], int] | None = None
    query: str = ""


@dataclass(frozen=True)
class Group:
    """A heading with the entries one user sees below it."""

    code: str
    label: Label
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class QuickAction(Linked):
    """A form that can be opened from every page by button and key (写跟进, 来电登记)."""

    code: str
    label: Label
    icon: str
    url_name: str
    permission: str
    key: str
    order: int
    query: str = ""


_items: dict[str, Item] = {}
_actions: dict[str, QuickAction] = {}


def register_item(
    group: str,
    code: str,
    label: Label,
    icon: str,
    url_name: str,
    permission: str = "",
    *,
    order: int = 100,
    task_kinds: tuple[str, ...] = (),
    badge: Callable[[Any], int] | None = None,
    query: str = "",
) -> None:
    """Add an entry; the same code twice replaces the first. Raises KeyError for a group that does not exist."""
    GROUPS[group]
    _items[code] = Item(group, code, label, icon, url_name, permission, order, task_kinds, badge, query)


def register_action(
    code: str,
    label: Label,
    icon: str,
    url_name: str,
    permission: str = "",
    *,
    key: str = "",
    order: int = 100,
) -> None:
    """Add a form to the top bar; people see the first two they may use, the first also on the phone's bar."""
    _actions[code] = QuickAction(code, label, icon, url_name, permission, key, order)


_actions_by_rights: dict[Any, list[QuickAction]] = {}
_groups_by_rights: dict[Any, list[Group]] = {}


def actions_for(user: Any) -> list[QuickAction]:
    """The quick actions this user may use, in order; the same for all who have the same rights."""
    found = _actions_by_rights.get(user.rights)
    if found is None:
        ordered = sorted(_actions.values(), key=lambda action: action.order)
        found = [
            one for one in ordered if one.url() and (not one.permission or user.has_perm(one.permission))
        ]
        _actions_by_rights[user.rights] = found
    return found


def groups_for(user: Any) -> list[Group]:
    """The entries this user may open, grouped and in order; the same for all who have the same rights.

    Entries without a page are left out.
    """
    found = _groups_by_rights.get(user.rights)
    if found is None:
        found = _groups_by_rights[user.rights] = _allowed_groups(user)
    return found


def _allowed_groups(user: Any) -> list[Group]:
    allowed = [
        item
        for item in sorted(_items.values(), key=lambda item: item.order)
        if item.url() and (not item.permission or user.has_perm(item.permission))
    ]
    groups = [
        Group(code, label, [item for item in allowed if item.group == code]) for code, label in GROUPS.items()
    ]
    return [group for group in groups if group.items]


register_item("home", "my_day", _("My day"), "today", "core:my_day", order=1, task_kinds=("",))
