"""The demo people: the contract's logins, each with a grant, heads and lines in place; a second load changes nothing."""

import pytest

from accounts.demo import DEMO_PASSWORD, demo_logins, load_people
from accounts.models import Grant, OrgUnit, User
from core.models import Parameter
from tests.personas import NOW

pytestmark = pytest.mark.django_db
CONTRACT = [
    "pm1",
    "pm2",
    "pm3",
    "bm1",
    "bm2",
    "bm3",
    "ae1",
    "ae2",
    "dp1",
    "am1",
    "dh_tec",
    "dh_prd",
    "dh_qcd",
    "dh_log",
    "dh_pur",
    "dh_fin",
    "dm_sal",
    "dm_tec",
    "dm_prd",
    "dm_qcd",
    "dm_log",
    "dm_pur",
    "dm_asd",
    "dm_fin",
    "sv1",
    "sv2",
    "co1",
    "co2",
    "fi1",
    "ex1",
    "ex2",
    "au1",
    "ad1",
    "ad2",
]


def test_every_login_of_the_contract_exists_with_a_right(db):
    people = load_people(NOW)
    assert set(CONTRACT) <= set(people)
    assert all(person.authority().holds for person in people.values())
    assert people["pm1"].check_password(DEMO_PASSWORD)
    assert people["ad2"].authority().has_flag("security_admin")
    assert OrgUnit.objects.get(code="00").head == people["ex1"]
    assert OrgUnit.objects.get(code="ASD").executive == people["ex2"]


def test_second_load_changes_nothing(db):
    load_people(NOW)
    before = (
        User.objects.count(),
        Grant.objects.count(),
        list(User.objects.values_list("pk", "password", "version")),
    )
    load_people(NOW)
    assert before == (
        User.objects.count(),
        Grant.objects.count(),
        list(User.objects.values_list("pk", "password", "version")),
    )


def test_sign_in_page_lists_people_only_in_the_demo(client, settings, db):
    load_people(NOW)
    assert demo_logins() == []
    settings.DEMO = True
    assert demo_logins() == []
    Parameter.objects.create(key="demo.loaded", value=True, valid_from=NOW)
    listed = [person.username for group in demo_logins() for person in group.people]
    assert set(listed) == set(CONTRACT)
    page = client.get("/accounts/login/").content.decode()
    assert 'value="pm1"' in page
    signed = client.post("/accounts/login/", {"login": "pm1", "password": DEMO_PASSWORD})
    assert signed["Location"] == "/"
