"""Every route × person × relation to the row: the status the permission matrix demands, and nothing written on refusal.

The expectation is derived from the two questions the house asks everywhere — does `visible_to` contain the row, does
`has_perm` hold on it — so a view that asks neither, or asks them in the wrong order, is found.
"""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.urls import resolve

from core.flow import transitions_of
from core.views import ScopedView, TransitionView
from tests.access.policy import PUBLIC, SIGNED_IN
from tests.access.routes import Route, all_routes

WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "DROP")
# Forms of single steps are opened by these only: their POSTs are tested for everybody below.
STEPPERS = ("pm1", "bm2", "ae1", "dp1", "dm_prd", "sv1", "ad1")
# Sessions and sign-in throttling are allowed to move when nothing else is.
BOOKKEEPING = ("django_session", "axes_")


def is_scoped(route: Route) -> bool:
    """A scoped page or an API route: its model says what to expect."""
    if route.model is None or route.name in SIGNED_IN:
        return False
    return bool(route.actions) or issubclass(route.view, ScopedView)


@cache
def relation_rows(model: Any, user: Any) -> dict[str, Any]:
    """One row the person sees and one the person does not see, where there are such."""
    rows = model._default_manager
    seen = rows.visible_to(user).order_by("pk").first()
    hidden = rows.exclude(pk__in=rows.visible_to(user).values("pk")).order_by("pk").first()
    return {name: row for name, row in (("seen", seen), ("hidden", hidden)) if row is not None}


def code_of(route: Route, method: str) -> str:
    """The permission code a route asks for a method."""
    meta = route.model._meta
    if route.actions:
        action = route.actions.get(method.lower(), "")
        verb = {"list": "view", "retrieve": "view", "create": "add", "partial_update": "change"}.get(
            action, action
        )
    elif issubclass(route.view, TransitionView):
        verb = route.view.verb
    else:
        verb = route.view.permission
    return f"{meta.app_label}.{verb}_{meta.model_name}"


def test_every_route_is_classified():
    """A new address must be a scoped view, or be entered in the policy by hand."""
    unknown = [
        f"{route.name} {route.path}"
        for route in all_routes()
        if not is_scoped(route) and route.name not in PUBLIC | SIGNED_IN and not route.name.startswith("axes")
    ]
    assert not unknown, "\n".join(sorted(unknown))
    stale = (PUBLIC | SIGNED_IN) - {route.name for route in all_routes()}
    assert not stale, f"no longer there: {sorted(stale)}"


def test_nobody_gets_in_without_signing_in(clients):
    """Anonymous: pages lead to sign-in, the API answers 401, whatever the row."""
    wrong = []
    for route in all_routes():
        if route.name in PUBLIC:
            continue
        address = route.address(1)
        if "<" in address:
            continue
        response = clients["anonymous"].get(address)
        expected = 401 if address.startswith("/api/") and route.name != "api_docs" else 302
        if response.status_code != expected:
            wrong.append(f"{route.name} {address}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_scoped_route_answers_as_the_matrix_demands(demo, clients):
    """GET of lists, rows and forms for every person: 200, 403 or 404 as the two questions say; never 500."""
    wrong, asked = [], Counter()
    for route in filter(is_scoped, all_routes()):
        if route.actions and "get" not in route.actions:
            continue
        if any(name not in ("pk",) for name in _placeholders(route)):
            continue
        for name, user in demo.items():
            if name not in STEPPERS and _is_step(route):
                continue
            code = code_of(route, "get")
            if not route.needs_row:
                expected = 200 if user.has_perm(code) else 403
                _check(route.path, "-", name, expected, clients, wrong, asked)
                continue
            for relation, row in relation_rows(route.model, user).items():
                expected = 404 if relation == "hidden" else (200 if user.has_perm(code, row) else 403)
                _check(route.address(row.pk), relation, name, expected, clients, wrong, asked)
    assert not wrong, f"{len(wrong)} of {asked.total()} cells\n" + "\n".join(wrong[:60])
    assert asked.total() > 1000, asked


def _check(
    address: str, relation: str, name: str, expected: int, clients: Any, wrong: list[str], asked: Counter
) -> None:
    response = clients[name].get(address)
    asked[response.status_code] += 1
    # A form for a step that cannot start now may say so (409), a write-only API route has no GET (405).
    if response.status_code != expected and not (expected == 200 and response.status_code in (409, 405)):
        wrong.append(f"{name} {relation} {address}: {response.status_code} instead of {expected}")


def _placeholders(route: Route) -> list[str]:
    return [part.split(">")[0] for part in route.path.split("<")[1:]]


def test_refused_writes_write_nothing(demo, clients):
    """POST of every step, page and API, by those who may not: 403 or 404, and not one statement that writes."""
    wrong, refused = [], 0
    for route in filter(is_scoped, all_routes()):
        if not route.needs_row or not _is_step(route):
            continue
        for name, user in demo.items():
            for relation, row in relation_rows(route.model, user).items():
                if relation == "seen" and user.has_perm(code_of(route, "post"), row):
                    continue
                expected = 404 if relation == "hidden" else 403
                with _WatchWrites() as writes:
                    response = _post(clients[name], route.address(row.pk))
                refused += 1
                if response.status_code != expected or writes.found:
                    wrong.append(
                        f"{name} {relation} {route.address(row.pk)}: {response.status_code} {writes.found[:1]}"
                    )
    assert not wrong, f"{len(wrong)} of {refused}\n" + "\n".join(wrong[:40])
    assert refused > 500


def _is_step(route: Route) -> bool:
    if route.actions:
        return route.actions.get("post") in transitions_of(route.model)
    return issubclass(route.view, TransitionView)


def _post(client: Any, address: str) -> Any:
    if address.startswith("/api/"):
        return client.post(address, {}, content_type="application/json")
    return client.post(address, {})


class _WatchWrites:
    """Notes every statement that writes while it is open."""

    def __enter__(self) -> "_WatchWrites":
        self.found: list[str] = []
        self.wrapper = connection.execute_wrapper(self._note)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *details: Any) -> None:
        self.wrapper.__exit__(*details)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(name in sql for name in BOOKKEEPING):
            self.found.append(sql[:120])
        return execute(sql, params, many, context)


def test_state_is_written_by_no_patch(demo, clients):
    """No API resource lets a PATCH or POST body set `state`: the name is refused, the row unchanged."""
    tried = 0
    for route in filter(is_scoped, all_routes()):
        if route.actions.get("patch") != "partial_update" or not hasattr(route.model, "state"):
            continue
        assert "state" not in route.view.update_form_class.base_fields, route.name
        for name, user in demo.items():
            row = route.model._default_manager.visible_to(user).order_by("pk").first()
            if row is None:
                continue
            tried += 1
            response = clients[name].patch(
                route.address(row.pk),
                {"state": "closed", "version": row.version},
                content_type="application/json",
            )
            assert response.status_code in (400, 403), (name, route.path, response.status_code)
            assert route.model._default_manager.get(pk=row.pk).state == row.state
    forms = [
        form
        for route in filter(is_scoped, all_routes())
        for form in (
            getattr(route.view, "create_form_class", None),
            getattr(route.view, "update_form_class", None),
        )
        if form is not None
    ]
    assert all("state" not in form.base_fields for form in forms)
    assert tried or forms


def test_a_malformed_id_is_not_found(clients):
    for address in (
        "/api/v1/complaints/abc/",
        "/service/tickets/abc/",
        "/crm/customers/99999999999999999999/",
    ):
        assert clients["sv1"].get(address).status_code == 404, address


def test_the_routes_read_are_the_routes_served():
    """The walk over the URLconf gives addresses that resolve to the same view: it is no fiction."""
    checked = 0
    for route in all_routes():
        address = route.address(1)
        if "<" in address:
            continue
        assert resolve(address).func is route.pattern.callback, route.path
        checked += 1
    assert checked > 100


@pytest.mark.django_db
def test_without_its_world_the_database_is_empty():
    """The demo of these tests is one transaction that ends with the module; nothing of it meets another test."""
    from crm.models import Customer

    assert not Customer.objects.exists()
