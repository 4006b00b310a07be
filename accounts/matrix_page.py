"""The permission matrix arranged for reading: one table an app, permissions down, roles across."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.matrix import MATRIX, SCOPES

SCOPE_WORDS = {
    "own": pgettext_lazy("scope", "own"),
    "branch": pgettext_lazy("scope", "branch"),
    "dept": pgettext_lazy("scope", "department"),
    "all": pgettext_lazy("scope", "all"),
}
APPS = {
    "accounts": _("People and rights"),
    "core": _("Records of the system"),
    "crm": _("Customers"),
    "projects": _("Projects"),
    "service": _("Service"),
    "complaints": _("Complaints"),
    "surveys": _("Surveys"),
    "training": _("Training"),
    "kpi": _("Scorecards"),
}


@dataclass
class Line:
    """One permission: its code and, per role, the scopes ("own, branch *"; * = under a condition)."""

    code: str
    cells: list[str] = field(default_factory=list)
    flags: str = ""


@dataclass
class Table:
    """The permissions of one app."""

    app: str
    label: Any
    roles: list[str]
    lines: list[Line]


def matrix_tables() -> list[Table]:
    """The whole matrix in the order of its source."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for right in MATRIX:
        app = right.code.partition(".")[0]
        word = str(SCOPE_WORDS[right.scope]) + (" *" if right.condition else "")
        scopes = found.setdefault(app, {}).setdefault(right.code, {}).setdefault(right.subject, [])
        if word not in scopes:
            scopes.append(word)
    roles = list(Role.values)
    return [
        Table(
            app,
            APPS.get(app, app),
            roles,
            [
                Line(
                    code,
                    [" / ".join(holders.get(role, [])) for role in roles],
                    ", ".join(subject for subject in holders if subject not in roles),
                )
                for code, holders in codes.items()
            ],
        )
        for app, codes in found.items()
    ]


assert set(SCOPES.values()) == set(SCOPE_WORDS), "every scope needs a word"
