"""Who may do what: a registry of predicates under permission codes, asked through `user.has_perm(code, row)`.

A permission is a *grant* (the role matrix, supplied by accounts) AND every predicate registered for its
code (separation of duties, ownership of a case, …). Pages, API, templates and transitions all ask here.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import NotAllowed, Sentence


@dataclass(frozen=True)
class Refusal:
    """A predicate's "no" with the sentence that tells the user why and who can do it instead."""

    message: Sentence
    code: str = "not_allowed"

    def __bool__(self) -> bool:
        return False


Predicate = Callable[[Any, Any], "bool | Refusal"]
GrantCheck = Callable[[Any, str, Any], bool]

_predicates: dict[str, list[Predicate]] = defaultdict(list)
_grant_check: GrantCheck | None = None


def rule(*codes: str) -> Callable[[Predicate], Predicate]:
    """Register a predicate (user, row) → bool or Refusal under one or more permission codes."""

    def register(predicate: Predicate) -> Predicate:
        for code in codes:
            _predicates[code].append(predicate)
        return predicate

    return register


def set_grant_check(check: GrantCheck) -> None:
    """Install the role matrix. Without one every permission is refused: doors are closed by default."""
    global _grant_check
    _grant_check = check


def ask(user: Any, code: str, row: Any = None) -> bool | Refusal:
    """Answer a permission question with the reason of the first refusal.

    `row=None` asks whether the user could do this to *some* row (menus, empty forms): only the grant is
    asked, since predicates speak about rows.
    """
    if not getattr(user, "is_active", False):
        return Refusal(NotAllowed.default_message)
    if _grant_check is None or not _grant_check(user, code, row):
        return Refusal(NotAllowed.default_message)
    if row is None:
        return True
    for predicate in _predicates.get(code, ()):
        answer = predicate(user, row)
        if not answer:
            return answer if isinstance(answer, Refusal) else Refusal(NotAllowed.default_message)
    return True


def require(user: Any, code: str, row: Any = None) -> None:
    """Raise NotAllowed (403) with the reason unless the user holds the permission on the row."""
    answer = ask(user, code, row)
    if isinstance(answer, Refusal):
        raise NotAllowed(answer.message, code=answer.code)


class RuleBackend:
    """Django authentication backend that answers permission questions only; it signs nobody in."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, code: str, obj: Any = None) -> bool:
        return bool(ask(user, code, obj))
