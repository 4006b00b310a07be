"""A person's working life at a customer: checked, left, moved, serving others, known to us; and the drawn map."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.errors import NotAllowed, RuleBroken, StaleVersion
from core.models import AuditEntry
from crm.map_layout import LOOSE_IN_A_ROW, NODE_H, NODE_W, Person, children_of, draw_map
from crm.models import Affiliation, Contact, ContactTie
from crm.operations import (
    add_affiliation,
    end_affiliation,
    leave_contact,
    move_contact,
    set_tie,
    verify_contact,
)
from crm.relations import strength_of, ties_of
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, name="云润水务集团有限公司（示例）")


@pytest.fixture
def team(personas, now, customer):
    """A boss, a primary contact reporting to the boss, and two who report to the primary contact."""
    boss = make_contact(
        customer, personas.pm, now, name="许文博", decision_role="decision_maker", influence=5
    )
    first = make_contact(
        customer, personas.pm, now, name="郭丽萍", decision_role="technical", reports_to=boss, is_primary=True
    )
    below = [
        make_contact(customer, personas.pm, now, name=name, reports_to=first) for name in ("邓家豪", "罗小勇")
    ]
    boss, first = (Contact.objects.get(pk=one.pk) for one in (boss, first))
    return boss, first, below


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def today(now):
    return timezone.localdate(now)


def test_a_leaver_hands_the_reports_and_the_primary_mark_to_the_successor(personas, now, team):
    boss, first, (heir, other) = team
    leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now), successor=heir)
    gone = Contact.objects.get(pk=first.pk)
    assert (gone.left_at, gone.successor, gone.is_primary, gone.is_here) == (today(now), heir, False, False)
    heir.refresh_from_db()
    other.refresh_from_db()
    assert (heir.is_primary, heir.reports_to, heir.decision_role) == (True, boss, "technical")
    assert other.reports_to == heir
    with pytest.raises(RuleBroken):
        verify_contact(by=personas.pm, now=now, contact=gone)


def test_without_a_successor_the_reports_move_up_a_level(personas, now, team):
    boss, first, below = team
    leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now))
    assert {Contact.objects.get(pk=one.pk).reports_to for one in below} == {boss}


def test_leaving_is_refused_ahead_twice_and_to_strangers(personas, now, team):
    _boss, first, _below = team
    stranger = make_contact(make_customer(personas.pm, now), personas.pm, now)
    with pytest.raises(RuleBroken):
        leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now) + timedelta(days=1))
    with pytest.raises(RuleBroken):
        leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now), successor=stranger)
    with pytest.raises(StaleVersion):
        leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now), version=99)
    with pytest.raises(NotAllowed):
        leave_contact(by=personas.sv, now=now, contact=first, left_on=today(now))
    leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now))
    with pytest.raises(RuleBroken):
        leave_contact(by=personas.pm, now=now, contact=first, left_on=today(now))


def test_a_person_who_changes_jobs_takes_nothing_along_but_themselves(personas, now, customer, team):
    boss, first, below = team
    log = make_activity(customer, personas.pm, now, contacts=[first])
    target = make_customer(personas.pm, now, name="青屿石化有限公司（示例）")
    moved = move_contact(
        by=personas.pm, now=now, contact=first, customer=target, moved_on=today(now), title="总工"
    )
    assert (moved.customer, moved.title, moved.reports_to, moved.is_primary) == (target, "总工", None, True)
    log.refresh_from_db()
    assert (log.customer, list(log.contacts.all())) == (customer, [first])
    bond = Affiliation.objects.get(contact=first)
    assert (bond.customer, bond.kind, bond.ended_on) == (customer, "employed", today(now))
    assert {Contact.objects.get(pk=one.pk).reports_to for one in below} == {boss}
    page = client_of(personas.pm).get(f"/crm/contacts/{first.pk}/").content.decode()
    assert log.summary[:10] in page
    assert "云润水务" in page
    both = AuditEntry.objects.filter(
        object_id=first.pk, code__in=["crm.move_contact", "crm.take_over_contact"]
    )
    assert {entry.root_id for entry in both} == {customer.pk, target.pk}
    with pytest.raises(RuleBroken):
        move_contact(by=personas.pm, now=now, contact=first, customer=target, moved_on=today(now))


def test_nobody_moves_people_to_a_customer_that_is_not_theirs(personas, now, team):
    _boss, first, _below = team
    foreign = make_customer(personas.outsider_pm, now)
    with pytest.raises(NotAllowed):
        move_contact(by=personas.pm, now=now, contact=first, customer=foreign, moved_on=today(now))
    body = {"customer": foreign.pk, "moved_on": str(today(now))}
    assert (
        api_of(personas.pm).post(f"/api/v1/contacts/{first.pk}/move/", body, format="json").status_code == 400
    )


def test_an_agents_staff_serve_a_second_customer_until_they_do_not(personas, now, customer, team):
    _boss, first, _below = team
    other = make_customer(personas.pm, now, name="北岚钢铁股份有限公司（示例）")
    bond = add_affiliation(by=personas.pm, now=now, contact=first, customer=other, title="代理")
    with pytest.raises(RuleBroken):
        add_affiliation(by=personas.pm, now=now, contact=first, customer=other)
    with pytest.raises(RuleBroken):
        add_affiliation(by=personas.pm, now=now, contact=first, customer=customer)
    assert first.name in client_of(personas.pm).get(f"/crm/customers/{other.pk}/contacts/").content.decode()
    assert end_affiliation(by=personas.pm, now=now, affiliation=bond).ended_on == today(now)
    with pytest.raises(RuleBroken):
        end_affiliation(by=personas.pm, now=now, affiliation=bond)


def test_api_twins_of_the_steps(personas, now, customer, team):
    _boss, first, (heir, _other) = team
    api = api_of(personas.pm)
    url = f"/api/v1/contacts/{first.pk}/"
    assert api.get(url).json()["available_actions"] == [
        "verify",
        "leave",
        "move",
        "reveal",
        "withdraw_consent",
    ]
    checked = api.post(f"{url}verify/", {"version": first.version}, format="json")
    assert (checked.status_code, bool(checked.json()["verified_at"])) == (200, True)
    assert api.post(f"{url}verify/", {"version": first.version}, format="json").status_code == 409
    tied = api.post(f"{url}tie/", {"user": personas.pm.pk, "strength": 3}, format="json")
    assert tied.status_code == 200, tied.json()
    drawn = api.get(f"/api/v1/customers/{customer.pk}/relationship-map/").json()
    assert drawn["missing_roles"] == ["purchaser", "user"]
    ties = {one["contact"]: one["ties"] for one in drawn["people"]}
    assert ties[first.pk] == [{"user": personas.pm.pk, "strength": 3}]
    gone = api.post(f"{url}leave/", {"left_on": str(today(now)), "successor": heir.pk}, format="json")
    assert (gone.status_code, gone.json()["left_at"]) == (200, str(today(now)))
    assert api_of(personas.outsider_pm).post(f"{url}verify/", {}, format="json").status_code == 404
    assert api_of(personas.fi).post(f"{url}verify/", {}, format="json").status_code == 403
    bond = {"contact": heir.pk, "customer": make_customer(personas.pm, now).pk}
    made = api.post("/api/v1/affiliations/", bond, format="json")
    assert made.status_code == 201, made.json()
    ended = api.post(f"/api/v1/affiliations/{made.json()['id']}/end/", {}, format="json")
    assert ended.json()["ended_on"] == str(timezone.localdate())


def test_the_map_is_changed_through_its_form_and_never_closes_a_ring(personas, now, customer, team):
    boss, first, _below = team
    client = client_of(personas.pm)
    url = f"/crm/contacts/{boss.pk}/place/"
    data = {"decision_role": "user", "attitude": "supporter", "influence": "2", "version": boss.version}
    ring = client.post(url, {**data, "reports_to": first.pk})
    assert ring.status_code == 400
    assert client.post(url, {**data, "reports_to": ""}).status_code == 302
    boss.refresh_from_db()
    assert (boss.decision_role, boss.attitude, boss.influence) == ("user", "supporter", 2)
    assert client.post(url, {**data, "attitude": "neutral", "reports_to": ""}).status_code == 409
    page = client.get(f"/crm/customers/{customer.pk}/map/").content.decode()
    assert page.count('data-person="') == 4
    assert page.count('class="map-hole"') == 2
    assert "data-place" in page
    reading = client_of(personas.sv).get(f"/crm/customers/{customer.pk}/map/").content.decode()
    assert "data-place" not in reading
    assert client_of(personas.outsider_pm).get(f"/crm/customers/{customer.pk}/map/").status_code == 404


def test_ties_take_the_better_of_the_logs_and_of_what_people_say(personas, now, customer, team):
    _boss, first, (other, _last) = team
    for _turn in range(3):
        make_activity(customer, personas.pm, now, contacts=[first])
    set_tie(by=personas.pm, now=now, contact=other, user=personas.bm, strength=3)
    ties = ties_of([first.pk, other.pk], now)
    assert ties == {(personas.pm.pk, first.pk): 2, (personas.bm.pk, other.pk): 3}
    assert set_tie(by=personas.pm, now=now, contact=other, user=personas.bm, strength=0) is None
    assert not ContactTie.objects.exists()
    assert [strength_of(times) for times in (1, 2, 3, 7, 8)] == [1, 1, 2, 2, 3]


def test_an_edit_keeps_one_primary_contact(personas, now, customer, team):
    boss, _first, _below = team
    api = api_of(personas.pm)
    answer = api.patch(
        f"/api/v1/contacts/{boss.pk}/", {"is_primary": True, "version": boss.version}, format="json"
    )
    assert answer.status_code == 200, answer.json()
    assert Contact.objects.filter(customer=customer, is_primary=True).get() == boss
    bad = api.patch(
        f"/api/v1/contacts/{boss.pk}/", {"birthday": "13-40", "version": boss.version + 1}, format="json"
    )
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["birthday"])


def test_lists_find_those_not_checked_for_a_year_and_those_gone(personas, now, customer, team):
    boss, first, (heir, other) = team
    Contact.objects.filter(pk=boss.pk).update(verified_at=now - timedelta(days=800))
    Contact.objects.filter(pk__in=[first.pk, heir.pk]).update(verified_at=now)
    leave_contact(by=personas.pm, now=now, contact=other, left_on=today(now))
    api = api_of(personas.pm)

    def names(**query):
        return {row["id"] for row in api.get("/api/v1/contacts/", query).json()["results"]}

    assert names(presence="unverified") == {boss.pk}
    assert names(presence="left") == {other.pk}
    assert names(presence="here", decision_role="technical") == {first.pk}
    assert names(attitude="opponent") == set()


@pytest.mark.parametrize("step", ["", "verify/", "leave/", "move/", "serve/", "tie/", "place/", "edit/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_a_person_open(personas, now, team, step, language):
    client = client_of(personas.pm)
    client.cookies["django_language"] = language
    assert client.get(f"/crm/contacts/{team[1].pk}/{step}").status_code == 200


# --- geometry ---------------------------------------------------------------------------------------------------------


def overlapping(layout):
    spots = [*layout.people.values(), *layout.holes]
    return [
        (a, b)
        for number, a in enumerate(spots)
        for b in spots[number + 1 :]
        if abs(a[0] - b[0]) < NODE_W and abs(a[1] - b[1]) < NODE_H
    ]


def test_nobody_is_drawn_over_another_and_everything_fits_the_sheet():
    people = [
        Person(1, 0, 5),
        *(Person(n, 1, 3) for n in range(2, 6)),
        *(Person(n, 3, 2) for n in range(6, 9)),
    ]
    people += [Person(n, 0, 1) for n in range(20, 30)]
    layout = draw_map(people, 2, [7, 8], [(7, 1, 3), (8, 25, 1)])
    assert set(layout.people) == {one.pk for one in people}
    assert not overlapping(layout)
    assert len(layout.reporting) == 7
    assert all(x >= 0 and x + NODE_W <= layout.width for x, _y in layout.people.values())
    assert all(y >= 0 and y + NODE_H <= layout.height for _x, y in layout.people.values())
    below = {y for x, y in (layout.people[n] for n in range(20, 30))}
    assert len(below) == -(-12 // LOOSE_IN_A_ROW)
    assert [tie.width for tie in layout.ties] == [3, 1]


def test_a_ring_is_cut_at_its_first_member_and_an_empty_map_is_a_sheet():
    ring = [Person(1, 2, 3), Person(2, 3, 3), Person(3, 1, 3)]
    assert [one.pk for one in children_of(ring)[0]] == [1]
    assert set(draw_map(ring, 0, [], []).people) == {1, 2, 3}
    empty = draw_map([], 4, [], [])
    assert (len(empty.holes), empty.people) == (4, {})
