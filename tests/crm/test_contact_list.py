"""The list of people stays exact and short however many people of others are newer: what is met first, what is collected."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import OrgUnit, RecordAccess
from core.copying import copy_rows
from crm.models import Contact, Customer
from crm.querysets import few_customers
from crm.views.contacts import OPENING
from tests.crm.factories import make_contact, make_customer
from tests.personas import NOW

pytestmark = pytest.mark.django_db
NUMBERS = count(1)
NEAR, OWN, NEWER = 100, 65, 3_000
PAGES = "/crm/contacts/"


def people(owner, number, *, branch=None):
    """Customers of somebody (or of the pool), each with one person; returns the people, oldest first."""
    pooled = {"pool_status": "pool", "pool_entered_at": NOW} if owner is None else {}
    made = [
        Customer(
            name="机械厂", code=f"T-{next(NUMBERS)}", kind="end_user", branch=branch or owner.branch,
            owner=owner, stage_since=NOW, **pooled,
        )
        for _one in range(number)
    ]  # fmt: skip
    copy_rows(made)
    rows = [Contact(customer=row, name="周敏", mobile=f"141{row.pk:08d}") for row in made]
    copy_rows(rows)
    return rows


@pytest.fixture
def near(monkeypatch):
    """A short way to look before rows are collected; it is written into the kept statements."""
    monkeypatch.setattr("core.keyset.NEAR", NEAR)
    for kept in (OPENING.met, OPENING.collected):
        kept._for.cache_clear()
    yield
    for kept in (OPENING.met, OPENING.collected):
        kept._for.cache_clear()


@pytest.fixture
def after_import(personas, near):
    """One's own people, older than thousands that came into the pool; two newer ones; a granted customer's; another's."""
    mine = people(personas.pm, OWN)
    granted = people(personas.outsider_pm, 2)
    for row in granted:
        RecordAccess.objects.create(
            kind="crm.customer", object_id=row.customer_id, user=personas.pm_other, source="collaborator"
        )
    people(None, NEWER, branch=personas.pm.branch)
    mine += people(personas.pm, 2, branch=OrgUnit.objects.get(code="02"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_customer, crm_contact")
    return [row.pk for row in reversed(mine)]


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def walk(client, step, query=""):
    """Every page from the first (or, by `previous`, from the last) as ids."""
    pages, address = [], f"{PAGES}?{query}"
    while True:
        page = client.get(address).context["page"]
        pages.append([row.pk for row in page.rows])
        cursor = getattr(page, step)
        if cursor is None:
            return pages, address
        address = f"{PAGES}?{query}&cursor={cursor}"


@contextmanager
def most_read() -> Iterator[list[int]]:
    """How many people each statement inside read at most in one step of its plan; a table of three thousand is not worth an
    index, one of a million is."""
    found: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    def explain(execute, sql, params, many, context):
        if "crm_contact" in sql:
            with connection.cursor().cursor as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                found.append(
                    max(rows_read(json.loads(json.dumps(cursor.fetchone()[0]))[0]["Plan"]), default=0)
                )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def rows_read(plan: dict) -> Iterator[int]:
    if plan.get("Relation Name") == "crm_contact":
        passed = sum(plan.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter"))
        yield int(passed * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from rows_read(inner)


def test_every_page_in_both_directions_shows_ones_own_and_nobody_elses(personas, after_import):
    client = client_of(personas.pm)
    forwards, last = walk(client, "next")
    assert [len(page) for page in forwards] == [30, 30, 7]
    assert list(chain(*forwards)) == after_import
    page = client.get(last).context["page"]
    backwards = [row.pk for row in page.rows]
    while page.previous:
        page = client.get(f"{PAGES}?cursor={page.previous}").context["page"]
        backwards = [row.pk for row in page.rows] + backwards
    assert backwards == after_import
    filtered, _last = walk(client, "next", "decision_role=unknown")
    assert list(chain(*filtered)) == after_import
    assert walk(client, "next", "decision_role=user")[0] == [[]]


def test_the_first_page_reads_no_more_than_it_looks_at_and_ones_own(personas, after_import):
    for user, own in ((personas.pm, len(after_import)), (personas.pm_other, 2)):
        client = client_of(user)
        for query in ("", "?decision_role=unknown"):
            client.get(PAGES + query)
            with most_read() as found:
                shown = client.get(PAGES + query).context["page"].rows
            assert [row.pk for row in shown] == list(
                Contact.objects.visible_to(user).order_by("-pk").values_list("pk", flat=True)[:30]
            )
            assert len(found) == 2
            assert max(found) <= NEAR + own < NEWER


def test_who_has_enough_among_the_newest_is_asked_about_once(personas, near):
    people(personas.outsider_pm, 200)
    mine = people(personas.pm, 40)
    client = client_of(personas.pm)
    client.get(PAGES)
    with most_read() as found:
        rows = client.get(PAGES).context["page"].rows
    assert [row.pk for row in rows] == [row.pk for row in reversed(mine)][:30]
    assert len(found) == 1


def test_the_api_pages_and_counts_the_same_people_upwards_and_downwards(personas, after_import):
    client = client_of(personas.pm)
    for ordering, expected in (("-id", after_import), ("id", after_import[::-1])):
        seen, cursor = [], ""
        while cursor is not None:
            found = client.get(
                "/api/v1/contacts/", {"ordering": ordering, "limit": 20, "count": 1, "cursor": cursor}
            ).json()
            seen += [row["id"] for row in found["results"]]
            cursor = found["next"]
        assert seen == expected
        assert (found["count"], found["count_capped"]) == (len(after_import), False)
    assert client.get("/api/v1/contacts/", {"cursor": "x"}).status_code == 400
    one = after_import[-1]
    only = client.get("/api/v1/contacts/", {"customer": Contact.objects.get(pk=one).customer_id}).json()
    assert [row["id"] for row in only["results"]] == [one]
    assert client.get("/crm/contacts/?count=1").context["count"] == len(after_import)


def keys(rows):
    return set(rows.values_list("pk", flat=True))


def test_collected_met_and_visible_are_the_same_people_for_everyone(personas, now):
    """With access that holds, access that ended, deleted people, and people of deleted customers."""
    for owner in (personas.pm, personas.pm_other, personas.outsider_pm):
        for _one in range(3):
            make_contact(make_customer(owner, now, owner=owner), owner, now)
    everyone = list(Contact.objects.order_by("pk"))
    for row, until in zip(
        everyone[:4], (None, None, timezone.now() - timezone.timedelta(days=1), None), strict=True
    ):
        RecordAccess.objects.create(
            kind="crm.customer", object_id=row.customer_id, user=personas.outsider_pm, source="collaborator",
            until=until,
        )  # fmt: skip
    RecordAccess.objects.create(
        kind="crm.customer",
        object_id=everyone[6].customer_id,
        unit=OrgUnit.objects.get(code="TEC"),
        source="department",
    )
    Contact.objects.filter(pk__in=[everyone[0].pk, everyone[7].pk]).update(deleted_at=now)
    Customer.objects.filter(pk__in=[everyone[1].customer_id, everyone[8].customer_id]).update(deleted_at=now)
    seen = {}
    for name in {*personas.roles, "outsider_pm"}:
        user = personas.fresh(name)
        visible = keys(Contact.objects.visible_to(user))
        assert keys(Contact.objects.visible_to(user, shape="met")) == visible, name
        assert keys(Contact.objects.visible_to(user, shape="collected")) == visible, name
        if few_customers(user) is not None:
            seen[name] = len(visible)
    assert (seen["pm"], seen["outsider_pm"]) == (1, 2)
    assert not {"bm", "ex", "co", "sv"} & set(seen)
