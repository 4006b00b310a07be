"""Whom a party may be the same as: found by index, told by right, blocked on saving, asked about."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import NotAllowed, RuleBroken, TooMany
from core.models import AuditEntry, Notification, Parameter, Task
from crm.duplicate_search import Without, find_all, find_duplicates, party_of
from crm.duplicates import Party
from crm.key_ids import OLDEST
from crm.models import Contact, Customer
from crm.operations import answer_asker, ask_about_customer, check_duplicates, create_customer
from crm.operations.duplicates import LOOKUP
from tests.crm.factories import make_contact, make_customer
from tests.personas import NOW

BACKEND = "accounts.backends.PasswordBackend"
PLACE = {"province_code": "11", "city_code": "110100"}


def rules(party, **without):
    found = find_duplicates(party, Without(**without))
    return {(hit.customer.name, match.rule, match.effect) for hit in found for match in hit.matches}


@pytest.fixture
def yunrun(personas):
    customer = make_customer(
        personas.pm,
        NOW,
        owner=personas.pm,
        name="北京云润水务集团有限公司",
        former_names=["润泽给排水公司"],
        uscc="91110000600037341L",
        switchboard="010-88880000",
        website="https://www.yunrun.com/about",
        **PLACE,
    )
    make_contact(
        customer,
        personas.pm,
        NOW,
        name="许文博",
        mobile="14100001111",
        phone="010-66660000",
        email="xu@yunrun-mail.com",
    )
    return customer


@pytest.mark.parametrize(
    ("party", "rule", "effect"),
    [
        (Party(("别的公司",), uscc="91110000 600037341l"), "dup_rule_1", "block"),
        (Party(("北京云润水务集团 有限公司",)), "dup_rule_2", "block"),
        (Party(("润泽给排水公司",)), "dup_rule_2", "block"),
        (Party(("云润水务股份有限公司",), **PLACE), "dup_rule_3", "warn"),
        (Party(("别的公司",), mobiles=(("+86 141 0000 1111", "何田田"),)), "dup_rule_4", "warn"),
        (Party(("别的公司",), mobiles=(("141 0000 1111", "许文博"),)), "dup_rule_4", "block_contact"),
        (Party(("别的公司",), landlines=("(010)8888 0000",), **PLACE), "dup_rule_5", "warn"),
        (Party(("别的公司",), landlines=("010 6666 0000",), **PLACE), "dup_rule_5", "warn"),
        (Party(("别的公司",), email_domains=("Yunrun.com",), **PLACE), "dup_rule_5", "warn"),
        (Party(("别的公司",), email_domains=("yunrun-mail.com",), **PLACE), "dup_rule_5", "warn"),
        (Party(("北京云润水务集团有限公司天津分公司",), province_code="12"), "head_office", "link"),
    ],
)  # fmt: skip
def test_each_rule_is_found_in_the_database(yunrun, party, rule, effect):
    assert rules(party) == {(yunrun.name, rule, effect)}


@pytest.mark.parametrize(
    "party",
    [
        Party(("云润水务股份有限公司",), province_code="12"),
        Party(("别的公司",), landlines=("010-88880000",), province_code="12", city_code="120100"),
        Party(("别的公司",), email_domains=("qq.com",), **PLACE),
        Party(("别的公司",), uscc="91350100M000100Y43", **PLACE),
        Party(("",)),
    ],
)
def test_others_are_not_found(yunrun, party):
    assert rules(party) == set()


def test_the_row_being_edited_is_no_duplicate_of_itself(yunrun):
    assert rules(party_of(yunrun), customers=[yunrun.pk]) == set()
    person = Contact.objects.get(customer=yunrun)
    party = Party(("",), mobiles=(("14100001111", "许文博"),))
    assert rules(party, contacts=[person.pk]) == set()


def test_a_whole_chunk_costs_at_most_three_queries_and_finds_the_same(yunrun, personas):
    other = make_customer(personas.pm, NOW, name="青屿石化有限公司", province_code="37")
    parties = [
        Party(("润泽给排水公司",)),
        Party(("青屿石化有限公司",)),
        Party(("没有的公司",), mobiles=(("14199990000", "无"),)),
    ] * 20
    with CaptureQueriesContext(connection) as queries:
        found = find_all(parties)
    assert len(queries) <= 3
    assert [[hit.customer.pk for hit in hits] for hits in found] == [[yunrun.pk], [other.pk], []] * 20


def test_keys_follow_every_change(yunrun):
    yunrun.switchboard, yunrun.city_code = "010-77770000", "110100"
    yunrun.save(update_fields=["switchboard", "match_keys"])
    assert rules(Party(("别的",), landlines=("010-77770000",), **PLACE))
    assert not rules(Party(("别的",), landlines=("010-88880000",), **PLACE))


def test_an_outsider_learns_name_owner_and_branch_and_the_look_up_is_kept(yunrun, personas, client):
    client.force_login(personas.outsider_pm, backend=BACKEND)
    answer = client.post(
        "/api/v1/customers/duplicates/", json.dumps({"uscc": yunrun.uscc}), content_type="application/json"
    )
    (hit,) = answer.json()
    assert hit.pop("ref")
    assert hit == {
        "customer": None,
        "name": yunrun.name,
        "owner_name": str(personas.pm),
        "branch_name": str(yunrun.branch),
        "effect": "block",
        "matches": [{"rule": "dup_rule_1", "effect": "block", "likeness": 1.0}],
    }
    kept = AuditEntry.objects.filter(code=LOOKUP, actor=personas.outsider_pm)
    assert [entry.object_id for entry in kept] == [yunrun.pk]
    page = client.post("/crm/customers/duplicates/", {"name": yunrun.name, "csrfmiddlewaretoken": "x"})
    text = page.content.decode()
    assert yunrun.name in text
    assert yunrun.code not in text
    assert f"/customers/{yunrun.pk}/" not in text
    assert kept.count() == 1


def test_own_look_ups_are_not_counted_and_give_the_row(yunrun, personas):
    (known,) = check_duplicates(by=personas.pm, now=NOW, party=Party((yunrun.name,)))
    assert known.visible
    assert not AuditEntry.objects.filter(code=LOOKUP).exists()


def test_look_ups_of_others_have_a_daily_limit(personas):
    names = [f"第{turn}水厂有限公司" for turn in "甲乙丙"]
    for name in names:
        make_customer(personas.pm, NOW, owner=personas.pm, name=name)
    Parameter.objects.create(key="crm.foreign_lookups_per_day", value=2, valid_from=NOW)
    now = timezone.now()
    for name in names[:2] * 2:
        check_duplicates(by=personas.outsider_pm, now=now, party=Party((name,)))
    with pytest.raises(TooMany):
        check_duplicates(by=personas.outsider_pm, now=now, party=Party((names[2],)))


def test_saving_is_refused_beside_the_field_with_a_pointer(yunrun, personas, client):
    client.force_login(personas.outsider_pm, backend=BACKEND)
    page = client.post("/crm/customers/add/", {"name": "润泽给排水公司", "kind": "end_user"})
    assert page.status_code == 400
    assert str(personas.pm) in page.content.decode()
    body = {"name": "另一家公司", "kind": "end_user", "uscc": yunrun.uscc}
    answer = client.post("/api/v1/customers/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"uscc"}
    with pytest.raises(RuleBroken):
        create_customer(by=personas.pm, now=NOW, name=yunrun.name, kind="end_user", branch=yunrun.branch)


def test_a_warning_does_not_stand_in_the_way(yunrun, personas, client):
    client.force_login(personas.pm, backend=BACKEND)
    body = {"name": "云润水务股份有限公司", "kind": "end_user", **PLACE}
    answer = client.post("/api/v1/customers/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201


def test_the_same_person_is_not_entered_twice(yunrun, personas, client):
    client.force_login(personas.pm, backend=BACKEND)
    other = make_customer(personas.pm, NOW, owner=personas.pm)
    url = f"/crm/customers/{other.pk}/contacts/add/"
    refused = client.post(url, {"name": "许文博", "mobile": "141 0000 1111"})
    assert refused.status_code == 400
    assert yunrun.name in refused.content.decode()
    assert client.post(url, {"name": "许小博", "mobile": "141 0000 1111"}).status_code == 302


def test_renaming_into_another_customer_is_refused_and_other_edits_go_on(yunrun, personas, client):
    client.force_login(personas.pm, backend=BACKEND)
    other = make_customer(personas.pm, NOW, owner=personas.pm)
    url = f"/api/v1/customers/{other.pk}/"
    renamed = client.patch(
        url, json.dumps({"version": 1, "name": yunrun.name}), content_type="application/json"
    )
    assert renamed.status_code == 400
    Customer.objects.filter(pk=other.pk).update(name_keys=yunrun.name_keys)
    noted = client.patch(url, json.dumps({"version": 1, "notes": "已核对"}), content_type="application/json")
    assert noted.status_code == 200


def test_asking_reaches_the_owner_who_shares_or_declines(yunrun, personas):
    (known,) = check_duplicates(by=personas.outsider_pm, now=NOW, party=Party((yunrun.name,)))
    for _again in range(2):
        ask_about_customer(by=personas.outsider_pm, now=NOW, ref=known.ref)
    task = Task.objects.open().get(assignee=personas.pm, kind="crm.asked_customer")
    assert task.data == {"askers": [personas.outsider_pm.pk]}
    assert Notification.objects.filter(user=personas.pm, code="crm.customer_asked").count() == 1
    with pytest.raises(RuleBroken):
        ask_about_customer(by=personas.pm_other, now=NOW, ref=known.ref)
    with pytest.raises(NotAllowed):
        answer_asker(by=personas.sv, now=NOW, customer=yunrun, asker=personas.outsider_pm, share=True)
    assert not Customer.objects.visible_to(personas.outsider_pm).filter(pk=yunrun.pk).exists()
    answer_asker(by=personas.pm, now=timezone.now(), customer=yunrun, asker=personas.outsider_pm, share=True)
    asker = personas.fresh("outsider_pm")
    assert Customer.objects.visible_to(asker).filter(pk=yunrun.pk).exists()
    assert not asker.has_perm("crm.change_customer", yunrun)
    assert not Task.objects.open().filter(kind="crm.asked_customer").exists()
    with pytest.raises(RuleBroken):
        answer_asker(by=personas.pm, now=NOW, customer=yunrun, asker=personas.outsider_pm, share=True)


def test_the_question_is_asked_and_answered_by_pages_and_api(yunrun, personas, client):
    (known,) = check_duplicates(by=personas.outsider_bm, now=NOW, party=Party((yunrun.name,)))
    client.force_login(personas.outsider_bm, backend=BACKEND)
    assert client.post("/crm/customers/ask/", {"ref": known.ref}).status_code == 200
    assert client.post("/crm/customers/ask/", {"ref": "forged"}).status_code == 400
    assert client.post("/api/v1/customers/ask/", {"ref": known.ref}).json() == {"asked": True}
    client.force_login(personas.au, backend=BACKEND)
    assert client.post("/crm/customers/duplicates/", {"name": yunrun.name}).status_code == 403
    client.force_login(personas.pm, backend=BACKEND)
    url = f"/crm/customers/{yunrun.pk}/answer_ask/"
    assert str(personas.outsider_bm) in client.get(url).content.decode()
    assert client.post(url, {"asker": personas.outsider_bm.pk, "share": "0"}).status_code == 302
    assert Notification.objects.get(user=personas.outsider_bm, code="crm.customer_not_shared")
    again = client.post(f"/api/v1/customers/{yunrun.pk}/answer_ask/", {"asker": personas.outsider_bm.pk})
    assert again.status_code == 400


def test_a_line_many_share_leads_to_the_oldest_and_hides_no_like_name(personas):
    """An import of thousands that name one portal as their website must not compare each with all."""
    shared = {"website": "https://portal-of-all.example", **PLACE}
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
    many = [
        make_customer(personas.pm, NOW, owner=personas.pm, name=f"{sign * 3}机械厂", **shared)
        for sign in signs
    ]
    like = make_customer(personas.pm, NOW, owner=personas.pm, name="北京云润水务集团有限公司", **shared)
    asked = Party(names=("云润水务公司",), email_domains=("portal-of-all.example",), **PLACE)
    found = {hit.customer: {match.rule for match in hit.matches} for hit in find_duplicates(asked)}
    assert found.pop(like) == {"dup_rule_3", "dup_rule_5"}
    assert list(found) == many[:OLDEST]
    assert set().union(*found.values()) == {"dup_rule_5"}
