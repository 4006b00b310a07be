"""Boards about customers as a whole: each number opens exactly its rows, for each reader; who may not is refused."""

from datetime import timedelta
from html import unescape
from re import findall

import pytest

from core.params import set_param
from crm.board_choices import BoardFlag
from crm.board_scan import count_boards
from crm.boards import Reader, composition, last_run, private_board, quality
from crm.models import BoardCount, BoardRow, Contact, Customer
from crm.operations import count_due_completeness, record_facts
from tests.crm.factories import make_activity, make_contact, make_customer

pytestmark = pytest.mark.django_db
PAGES = ("privatisation", "composition", "quality")


@pytest.fixture
def counted(personas, now):
    """Beijing: one known to `pm` alone, one to two colleagues, one without anybody; Shanghai: one of its own."""
    pm, other, far = personas.pm, personas.pm_other, personas.outsider_pm
    alone = make_customer(pm, now, owner=pm, industry="power", province_code="11", city_code="110100")
    shared = make_customer(pm, now, owner=pm, kind="dealer")
    empty = make_customer(other, now, owner=other)
    away = make_customer(far, now, owner=far, industry="fire")
    for customer, people in ((alone, (pm,)), (shared, (pm, personas.bm)), (away, (far,))):
        person = make_contact(customer, people[0], now)
        for author in people:
            make_activity(customer, author, now - timedelta(hours=1), contacts=[person])
    Customer.objects.filter(pk=alone.pk).update(tier="vip", stage="stable")
    Customer.objects.filter(pk=empty.pk).update(contact_due_at=now - timedelta(days=1))
    Contact.objects.filter(customer=shared).update(
        created_at=now - timedelta(days=400), mobile_masked="", phone_masked=""
    )
    record_facts(customer=alone, source="contracts", facts={"signed_amount_24m": 900_000}, now=now)
    count_due_completeness(now)
    count_boards(now)
    return {"alone": alone, "shared": shared, "empty": empty, "away": away}


def flags(customer):
    return set(BoardRow.objects.get(customer=customer).flags) - {"short", "users"}


def test_signs_are_found(counted):
    assert flags(counted["alone"]) == {"one_person", "one_contact"}
    assert flags(counted["shared"]) == {"one_contact", "no_phone"}
    assert flags(counted["empty"]) == {"nobody", "no_phone", "silent"}


def test_a_colleague_who_left_knows_nobody_for_the_company(counted, personas, now):
    type(personas.bm).objects.filter(pk=personas.bm.pk).update(is_active=False)
    count_boards(now, force=True)
    assert "one_person" in flags(counted["shared"])
    type(personas.pm).objects.filter(pk=personas.pm.pk).update(is_active=False)
    count_boards(now, force=True)
    assert "nobody" in flags(counted["shared"])


@pytest.mark.parametrize("who", ["bm", "outsider_bm", "co", "ex"])
@pytest.mark.parametrize("narrowing", ["", "tier=vip"])
def test_every_number_of_the_page_opens_exactly_its_rows(client, personas, counted, who, narrowing):
    client.force_login(personas[who])
    pages = [f"/crm/customers/{page}/?{narrowing if page == 'privatisation' else ''}" for page in PAGES]
    pages += [f"/crm/customers/composition/?by={by}" for by in ("industry", "province", "kind")]
    opened = 0
    for path in pages:
        page = client.get(path)
        assert page.status_code == 200, path
        for url, shown in findall(
            r'href="(/crm/(?:customers|contacts)/\?[^"]+)"[^>]*>(?:<b>)?(\d+)<', page.content.decode()
        ):
            rows = client.get(unescape(url)).context["rows"]
            assert len(rows) == int(shown), url
            opened += 1
    assert opened > 5 or narrowing


def test_a_project_manager_sees_own_composition_and_quality_only(client, personas, counted):
    client.force_login(personas.pm)
    made = client.get("/crm/customers/composition/").context["made"]
    assert made.totals.every.value == 2
    assert client.get("/crm/customers/quality/").context["quality"].every.value == 2
    assert client.get("/crm/customers/privatisation/").status_code == 403
    client.force_login(personas.outsider_pm)
    page = client.get("/crm/customers/composition/?by=industry").content.decode()
    assert "industry=fire" in page
    assert "industry=power" not in page


@pytest.mark.parametrize("who", ["ae", "dp", "dh", "ad"])
@pytest.mark.parametrize("page", PAGES)
def test_others_are_refused_on_page_and_by_api(client, personas, counted, who, page):
    client.force_login(personas[who])
    assert client.get(f"/crm/customers/{page}/").status_code == 403
    assert client.get(f"/api/v1/customer-boards/{page}/").status_code == 403


def test_a_foreign_branch_a_foreign_tier_and_an_unknown_board_are_not_found(client, personas, counted):
    client.force_login(personas.bm)
    away = counted["away"].branch_id
    for page in PAGES:
        assert client.get(f"/crm/customers/{page}/?branch={away}").status_code == 404
        assert client.get(f"/api/v1/customer-boards/{page}/?branch={away}").status_code == 404
    assert client.get("/crm/customers/privatisation/?tier=golden").status_code == 404
    assert client.get("/crm/customers/composition/?by=moon").status_code == 404
    assert client.get("/api/v1/customer-boards/secrets/").status_code == 404


def test_the_same_numbers_by_api_with_the_lists_that_open_them(client, personas, counted):
    client.force_login(personas.co)
    assert client.get("/api/v1/customer-boards/").json()["results"] == list(PAGES)
    for page in PAGES:
        board = client.get(f"/api/v1/customer-boards/{page}/").json()
        assert board["counted_at"]
        for number in [*board["totals"], *(n for line in board["lines"] for n in line["numbers"])]:
            if number["count"]:
                assert len(client.get(number["rows"]).json()["results"]) == number["count"], number
    client.force_login(personas.fi)
    assert client.get("/api/v1/customer-boards/").json()["results"] == ["composition", "quality"]
    assert client.get("/api/v1/customer-boards/privatisation/").status_code == 403


def test_what_lies_in_one_hand(counted, personas, now):
    board = private_board(Reader(personas.bm, counted["alone"].branch), now)
    first = board.holders[0]
    assert first.person == personas.pm
    assert (first.amount, first.amount_share, first.vips.value, first.asks) == (900_000, 1.0, 1, True)
    assert board.top[0] == (1, 1.0, 1.0)
    assert sum(line.every.value for line in board.lines) == board.every.value == 3


def test_scores_are_counted_only_for_whom_they_concern(counted, personas, now):
    run = last_run()
    assert quality(Reader(personas.fi), now, run).score is None
    assert quality(Reader(personas.co), now, run).score is not None
    assert quality(Reader(personas.co), now, run).lines[0].extra["score"] is not None


def test_counted_once_a_day_and_again_when_a_rule_changes(counted, personas, now):
    assert count_boards(now + timedelta(hours=1)) == 0
    assert count_boards(now + timedelta(days=1)) == 4
    assert count_boards(now + timedelta(days=1, minutes=5)) == 0
    later = now + timedelta(days=1, hours=1)
    set_param(
        "crm.known_within_days",
        30,
        by=personas.co,
        approved_by=personas.ex,
        reason="更短的窗口",
        valid_from=later,
        now=now,
    )
    assert count_boards(later + timedelta(minutes=1)) == 4


def test_a_kill_in_the_middle_keeps_the_old_count(counted, now, monkeypatch):
    before = BoardCount.objects.count()
    monkeypatch.setattr("crm.board_scan.CELLS", "SELECT 1/0")
    with pytest.raises(Exception, match="zero"):
        count_boards(now, force=True)
    assert BoardCount.objects.count() == before > 0


def test_pages_read_the_roll_up_whatever_the_number_of_customers(
    counted, personas, now, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        private_board(Reader(personas.ex), now)
        composition(Reader(personas.ex), "stage")


def test_customers_that_no_longer_count_leave(counted, now):
    Customer.objects.filter(pk=counted["alone"].pk).update(status="lost")
    assert count_boards(now, force=True) == 3
    assert not BoardRow.objects.flagged(BoardFlag.ONE_PERSON).filter(customer=counted["alone"]).exists()
