"""Kept questions: the same rows as their querysets, for each reader's rights, over any connection."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections

import core.kept
from accounts.authority import RIGHTS
from accounts.backends import PERSON
from accounts.models import OrgUnit
from accounts.scoping import grant_access, withdraw_access
from config.sessions import IN_FORCE, SessionStore
from core.kept import Kept, KeptRows
from core.models import Notification, Task
from core.my_day import NEWEST as NOTICES
from core.my_day import PACE
from crm.models import Activity, Customer, FollowUp
from crm.panorama import BONDS, LOGS, NEWEST, PEOPLE, STEPS
from crm.task_kinds import _PLANNED as PLANNED
from crm.views.customers import TABLE
from crm.views.follow_ups import OPENING as STEPS_OPENING
from crm.views.panorama import DETAIL
from service.explain import RUNNING
from service.filters import _COUNTS as COUNTS
from service.filters import count_groups
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up
from tests.service.factories import make_ticket

OPEN = Kept(lambda user, name: Customer.objects.visible_to(user).filter(name=name), str)


def test_every_kept_question_gives_what_its_queryset_gives(personas: Any, now: datetime) -> None:
    pm = personas.pm
    customer = make_customer(pm, now)
    contact = make_contact(customer, pm, now)
    log = make_activity(customer, pm, now, contacts=[contact])
    step = make_follow_up(customer, pm, now)
    ticket = make_ticket(personas)
    Notification.objects.create(
        user=pm, code="crm.assigned", at=now, object_kind="crm.customer", object_id=customer.pk
    )
    Task.objects.filter(assignee=pm).update(closed_at=now)
    session = SessionStore()
    session.create()
    questions: list[tuple[Kept, Any, tuple[Any, ...]]] = [
        (RIGHTS, None, (pm.pk,)), (PERSON, None, (pm.pk,)), (IN_FORCE, None, (session.session_key, now)),
        (NOTICES, None, (pm.pk,)), (PACE, None, (pm.pk, now - timedelta(days=60))),
        (DETAIL, pm, (customer.pk,)), (PEOPLE, None, (customer.pk,)), (NEWEST[""], None, (customer.pk,)),
        (STEPS, pm, (customer.pk, [step.pk])), (LOGS, pm, ([log.pk],)), (BONDS, None, ([log.pk],)),
        (PLANNED, pm, ([step.pk],)), (STEPS_OPENING, pm, ()), (RUNNING, None, ([ticket.pk],)), (COUNTS, personas.ex, (now,)),
    ]  # fmt: skip
    for kept, reader, values in questions:
        expected = list(kept._build(reader, *values))
        assert expected, kept._build
        for _time in range(2):
            assert [_columns(row) for row in kept.rows(reader, *values)] == [
                _columns(row) for row in expected
            ]


def _columns(row: Any) -> Any:
    """What was read of a row."""
    if not hasattr(row, "_state"):
        return row
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_a_value_belongs_to_one_call_only(personas: Any, now: datetime) -> None:
    first, second = (
        make_customer(personas.pm, now, name=name) for name in ("东湖水厂（示例）", "西湖水厂（示例）")
    )
    assert OPEN.first(personas.pm, first.name) == first
    assert OPEN.first(personas.pm, second.name) == second
    assert OPEN.first(personas.pm, "' OR 1=1 --") is None
    assert OPEN.rows(personas.pm, "%s") == []
    assert PERSON.first(None, 10**30) is None
    assert PEOPLE.rows(None, -(10**30)) == []


def test_each_reader_sees_what_the_reader_s_rights_allow(personas: Any, now: datetime) -> None:
    customer = make_customer(personas.pm, now)
    outsider = personas.outsider_pm
    assert OPEN.first(personas.pm, customer.name) == customer
    assert OPEN.first(outsider, customer.name) is None
    grant_access(customer, user=outsider, source="collaborator", by=personas.bm, now=now)
    assert OPEN.first(outsider, customer.name) == customer, "new rights, another statement"
    assert customer in TABLE.rows(outsider)
    withdraw_access(customer, user=outsider, by=personas.bm, now=now)
    assert OPEN.first(outsider, customer.name) is None
    assert customer not in TABLE.rows(outsider)
    outsider.is_active = False
    assert OPEN.first(outsider, customer.name) is None


def test_who_sees_nothing_is_told_so_without_a_statement(
    personas: Any, now: datetime, django_assert_num_queries: Any
) -> None:
    nothing = Kept(lambda _user, pk: Customer.objects.none().filter(pk=pk), int)
    with django_assert_num_queries(0):
        assert nothing.rows(None, 1) == []
    assert count_groups(personas.ad, now) == dict.fromkeys(count_groups(personas.ex, now), 0)


def test_a_value_that_gets_lost_is_an_error(db: Any) -> None:
    forgetful = Kept(lambda _user, _pk: Customer.objects.all(), int)
    with pytest.raises(ValueError, match="lost one of its values"):
        forgetful.rows(None, 1)


def test_a_list_may_be_empty_or_long(personas: Any, now: datetime) -> None:
    steps = [make_follow_up(make_customer(personas.pm, now), personas.pm, now) for _number in range(3)]
    assert PLANNED.rows(personas.pm, []) == []
    assert {row[0] for row in PLANNED.rows(personas.pm, [step.pk for step in steps])} == {
        one.pk for one in steps
    }
    among = Activity.contacts.through.objects.filter(activity__among=[1, 2]).query
    assert "= ANY(" in str(among)
    assert FollowUp.objects.filter(pk__among=[steps[0].pk]).get() == steps[0]


def test_a_connection_forgets_the_oldest_plan_when_it_knows_many(db: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(core.kept, "PLANS", 1)
    units = list(OrgUnit.objects.order_by("pk")[:2])
    one, other = (
        Kept(lambda _user, pk: OrgUnit.objects.filter(pk=pk).order_by(), int, planned=True) for _ in "ab"
    )
    for _time in range(3):
        assert one.first(None, units[0].pk) == units[0]
        assert other.first(None, units[1].pk) == units[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept%%'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_another_thread_uses_its_own_connection() -> None:
    unit = OrgUnit.objects.order_by("pk")[0]
    planned = Kept(lambda _user, pk: OrgUnit.objects.filter(pk=pk).order_by(), int, planned=True)
    assert planned.first(None, unit.pk) == unit
    found: list[Any] = []

    def ask() -> None:
        found.append((planned.first(None, unit.pk), id(connection.connection)))
        connections.close_all()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0][0] == unit
    assert found[0][1] != id(connection.connection)


def test_a_session_past_its_day_is_nobody_s(db: Any) -> None:
    session = SessionStore()
    session["kept"] = "yes"
    session.save()
    assert SessionStore(session.session_key)["kept"] == "yes"
    Session.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    late = SessionStore(session.session_key)
    assert late.get("kept") is None
    assert late.session_key is None


def test_rows_begun_once_are_narrowed_for_each_who_asks(personas: Any, now: datetime) -> None:
    customer = make_customer(personas.pm, now)
    begun = KeptRows(lambda user: Customer.objects.visible_to(user))
    assert list(begun.rows(personas.pm).filter(pk=customer.pk)) == [customer]
    assert not begun.rows(personas.pm).filter(pk=0).exists()
    assert begun.rows(personas.pm).filter(pk=customer.pk).exists()
