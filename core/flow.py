"""State changes: the one decorator through which any `state` column of the product is ever written.

A transition opens a transaction, re-reads the row through `visible_to(by)` under a lock, asks the
permission on the locked row, checks the source state, runs the body, writes the new state and the audit
entry. Source and target stay readable as data: buttons, `available_actions`, the state diagram in the
documentation and the tests all derive from them.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from core import audit
from core.clock import db_now
from core.errors import NotAllowed, NotFound, StaleVersion, WrongState
from core.rules import ask, require

STATE = "state"


@dataclass(frozen=True)
class Outcome:
    """What a transition body adds: the state it chose, and what the audit entry must carry."""

    state: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: Iterable[int] = ()


class Transition:
    """A state change as data and as a method; made by `@transition`.

    `source` are the states it may start from, `target` the state or states it may end in (None: the state
    stays), `system` whether the clock (by=None) may run it.
    """

    def __init__(
        self,
        body: Callable[..., Outcome | None],
        source: Iterable[str],
        target: str | Iterable[str] | None,
        system: bool,
    ) -> None:
        self.body = body
        self.source = frozenset(source)
        if target is None:
            self.targets: frozenset[str] = frozenset()
        else:
            self.targets = frozenset([target] if isinstance(target, str) else target)
        self.system = system
        self.verb = body.__name__
        functools.update_wrapper(self, body)  # type: ignore[arg-type]  # a descriptor, not a function

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.verb = name

    def permission(self, model: type[models.Model]) -> str:
        """The permission code: app label, verb and model name."""
        return f"{model._meta.app_label}.{self.verb}_{model._meta.model_name}"

    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Any:
        if row is None:
            return self
        return functools.partial(self.run, row)

    def run(
        self,
        row: models.Model,
        *,
        by: Any,
        now: datetime | None = None,
        version: int | None = None,
        **arguments: Any,
    ) -> models.Model:
        """Carry the transition out on the locked row and return that fresh row.

        Raises NotFound, NotAllowed, StaleVersion, WrongState in that order, or what the body refuses.
        """
        model = type(row)
        code = self.permission(model)
        with transaction.atomic():
            locked = self._lock(model, row.pk, by)
            if by is None and not self.system:
                raise NotAllowed()
            if by is not None:
                require(by, code, locked)
            if version is not None and version != locked.version:  # type: ignore[attr-defined]
                raise StaleVersion(data={"version": locked.version})  # type: ignore[attr-defined]
            before = getattr(locked, STATE)
            if before not in self.source:
                raise WrongState(data={"state": before, "allowed": sorted(self.source)})
            now = now or db_now()
            outcome = self.body(locked, by=by, now=now, **arguments) or Outcome()
            self._save(locked, before, outcome, by=by, now=now, reason=str(arguments.get("reason", "")))
        return locked

    def _lock(self, model: type[models.Model], pk: Any, by: Any) -> models.Model:
        rows = model._default_manager.visible_to(by) if by is not None else model._default_manager.all()  # type: ignore[attr-defined]
        locked = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if locked is None:
            raise NotFound()
        return locked

    def _save(
        self, locked: models.Model, before: str, outcome: Outcome, *, by: Any, now: datetime, reason: str
    ) -> None:
        after = self._target(before, outcome)
        setattr(locked, STATE, after)
        locked.version += 1  # type: ignore[attr-defined]
        locked.save()
        audit.record(
            self.permission(type(locked)),
            locked,
            by=by,
            now=now,
            from_state=before,
            to_state=after,
            reason=outcome.reason or reason,
            evidence=outcome.evidence,
            data=outcome.data,
        )

    def _target(self, before: str, outcome: Outcome) -> str:
        if outcome.state is not None:
            if self.targets and outcome.state not in self.targets:
                raise AssertionError(f"{self.verb} may not end in {outcome.state}")
            return outcome.state
        if not self.targets:
            return before
        if len(self.targets) > 1:
            raise AssertionError(f"{self.verb} must name which of its target states it reached")
        return next(iter(self.targets))


def transition(
    *, source: str | Iterable[str], target: str | Iterable[str] | None, system: bool = False
) -> Callable[[Callable[..., Outcome | None]], Any]:
    """Make a model method a state change; see `Transition`.

    The body gets the locked row as `self` and keyword arguments `by`, `now` and its own; it changes other
    columns freely and must not touch `state`.
    """

    def wrap(body: Callable[..., Outcome | None]) -> Transition:
        return Transition(body, [source] if isinstance(source, str) else source, target, system)

    return wrap


@functools.cache
def transitions_of(model: type[models.Model]) -> dict[str, Transition]:
    """All transitions of a model by verb, in the order they are written."""
    found: dict[str, Transition] = {}
    for owner in reversed(model.__mro__):
        found.update({name: member for name, member in vars(owner).items() if isinstance(member, Transition)})
    return found


def transitions_for(row: models.Model, user: Any) -> list[Transition]:
    """The transitions this user could start on this row now; order as written in the model."""
    state = getattr(row, STATE)
    return [
        step
        for step in transitions_of(type(row)).values()
        if state in step.source and ask(user, step.permission(type(row)), row)
    ]
