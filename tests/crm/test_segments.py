"""Tags are the company's words; segments are groups asked anew or noted once, narrowed to what the reader sees."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from core.errors import NotAllowed, RuleBroken, StaleVersion
from core.models import AuditEntry
from crm.models import Customer, Segment, Tag
from crm.operations import (
    add_tag,
    change_segment,
    change_tag,
    count_due_segments,
    make_segment,
    remove_segment,
    tag_customer,
)
from crm.segments import members
from crm.tags import changed_tags, tag_key, tag_name
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def words(personas, now):
    return [add_tag(by=personas.co, now=now, name=name) for name in ("标杆", "框架协议")]


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, owner=personas.pm)


# --- words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"), [("  ＶＩＰ  客户 ", "VIP 客户"), ("a,b", "a b"), ("#热点", "热点"), ("", "")]
)
def test_a_word_is_written_plainly(typed, shown):
    assert tag_name(typed) == shown


def test_words_are_compared_without_case_width_and_blanks():
    assert tag_key("VIP 客户") == tag_key("ｖｉｐ客户")
    assert changed_tags(["甲", "乙"], ["丙", "甲"], ["乙"]) == ["甲", "丙"]
    with pytest.raises(RuleBroken):
        changed_tags([str(n) for n in range(12)], ["一个多"], [])


def test_the_vocabulary_belongs_to_office_and_branch_managers(personas, now, words):
    with pytest.raises(RuleBroken):
        add_tag(by=personas.bm, now=now, name=" 标 杆")
    with pytest.raises(RuleBroken):
        add_tag(by=personas.bm, now=now, name=" # ")
    with pytest.raises(NotAllowed):
        add_tag(by=personas.pm, now=now, name="我的")
    with pytest.raises(NotAllowed):
        change_tag(by=personas.bm, now=now, tag=words[0], name="样板")


def test_customers_follow_a_renamed_word_and_keep_a_retired_one(personas, now, words, customer):
    tag_customer(by=personas.pm, now=now, customer=customer, add=["标杆"])
    change_tag(by=personas.co, now=now, tag=words[0], name="样板工程", retired=True)
    customer.refresh_from_db()
    assert customer.tags == ["样板工程"]
    with pytest.raises(RuleBroken):
        tag_customer(
            by=personas.pm,
            now=now,
            customer=make_customer(personas.pm, now, owner=personas.pm),
            add=["样板工程"],
        )
    with pytest.raises(RuleBroken):
        change_tag(by=personas.co, now=now, tag=words[0], name="框架协议")


def test_who_may_tag_whom(personas, now, words, customer):
    row = tag_customer(by=personas.pm, now=now, customer=customer, add=["标 杆"])
    assert row.tags == ["标杆"]
    with pytest.raises(RuleBroken):
        tag_customer(by=personas.pm, now=now, customer=customer, add=["没有的词"])
    with pytest.raises(StaleVersion):
        tag_customer(by=personas.pm, now=now, customer=customer, remove=["标杆"], version=row.version - 1)
    assert tag_customer(by=personas.bm, now=now, customer=customer, add=["新词"]).tags == ["标杆", "新词"]
    assert Tag.objects.filter(name="新词").exists()
    with pytest.raises(NotAllowed):
        tag_customer(by=personas.ex, now=now, customer=customer, add=["标杆"])
    entry = AuditEntry.objects.filter(code="crm.tag_customer").order_by("seq").first()
    assert entry.data == {"add": [words[0].pk], "remove": []}


def test_tagging_on_the_page_and_by_api(personas, now, words, customer):
    page = client_of(personas.pm)
    assert "另一个词" not in page.get(f"/crm/customers/{customer.pk}/tag/").content.decode()
    answer = page.post(
        f"/crm/customers/{customer.pk}/tag/", {"tags": ["标杆"], "version": customer.version}, follow=True
    )
    assert "?tag=%E6%A0%87%E6%9D%86" in answer.content.decode()
    found = page.get("/crm/customers/?tag=标杆").content.decode()
    assert customer.name in found
    assert customer.name not in page.get("/crm/customers/?tag=框架协议").content.decode()
    api = api_of(personas.pm)
    answer = api.post(f"/api/v1/customers/{customer.pk}/tag/", {"tags": ["框架协议"]}, format="json")
    assert answer.status_code == 200
    assert answer.json()["tags"] == ["框架协议"]
    wrong = api.post(f"/api/v1/customers/{customer.pk}/tag/", {"tags": ["没有"]}, format="json")
    assert wrong.status_code == 400
    assert api.post("/api/v1/tags/", {"name": "x"}, format="json").status_code == 403
    assert api_of(personas.co).post("/api/v1/tags/", {"name": "x"}, format="json").status_code == 201


def test_many_are_tagged_and_taken_back(personas, now, words):
    rows = [make_customer(personas.pm, now, owner=personas.pm) for _turn in range(2)]
    api = api_of(personas.pm)
    body = {"action": "tag", "ids": [row.pk for row in rows], "add": ["标杆"]}
    done = api.post("/api/v1/customers/bulk/", {**body, "apply": True}, format="json")
    assert done.status_code == 200, done.json()
    assert {tuple(row.tags) for row in Customer.objects.filter(pk__in=body["ids"])} == {("标杆",)}


# --- segments ------------------------------------------------------------------------------------------------------------


def test_a_filter_is_asked_anew_and_narrowed_to_the_reader(personas, now, words, customer):
    segment = make_segment(by=personas.bm, now=now, name="样板", query="tag=标杆", audience="branch")
    assert (segment.size, segment.size_capped) == (0, False)
    tag_customer(by=personas.pm, now=now, customer=customer, add=["标杆"])
    foreign = make_customer(personas.outsider_pm, now, owner=personas.outsider_pm)
    Customer.objects.filter(pk=foreign.pk).update(tags=["标杆"])
    assert list(members(segment, personas.bm)) == [customer]
    assert list(members(segment, personas.pm)) == [customer]
    assert list(members(segment, personas.outsider_pm)) == []
    assert count_due_segments(now + timedelta(hours=5)) == 0
    assert count_due_segments(now + timedelta(hours=7)) == 1
    segment.refresh_from_db()
    assert segment.size == 1


def test_noted_members_stay(personas, now, words, customer):
    tag_customer(by=personas.pm, now=now, customer=customer, add=["标杆"])
    segment = make_segment(by=personas.pm, now=now, name="回访", query="tag=标杆", is_frozen=True)
    tag_customer(by=personas.pm, now=now, customer=customer, remove=["标杆"])
    assert list(members(segment, personas.pm)) == [customer]
    other = make_customer(personas.pm, now, owner=personas.pm)
    assert change_segment(by=personas.pm, now=now, segment=segment, customers=[other, customer]) == 1
    assert change_segment(by=personas.pm, now=now, segment=segment, customers=[customer], leave=True) == 1
    assert list(members(segment, personas.pm)) == [other]
    with pytest.raises(NotAllowed):
        change_segment(by=personas.bm, now=now, segment=segment, customers=[customer])
    with pytest.raises(NotAllowed):
        remove_segment(by=personas.bm, now=now, segment=segment)
    remove_segment(by=personas.pm, now=now, segment=segment)
    assert not Segment.objects.exists()


def test_what_a_segment_refuses(personas, now):
    living = make_segment(by=personas.pm, now=now, name="全部")
    with pytest.raises(RuleBroken):
        make_segment(by=personas.pm, now=now, name="全部")
    with pytest.raises(RuleBroken):
        change_segment(by=personas.pm, now=now, segment=living, customers=[])
    personas.ex.unit = None
    with pytest.raises(RuleBroken):
        make_segment(by=personas.ex, now=now, name="分公司", audience="branch")
    nonsense = make_segment(by=personas.pm, now=now, name="坏的", query="kind=nonsense")
    assert list(members(nonsense, personas.pm)) == []
    inner = make_segment(by=personas.pm, now=now, name="圈", query=f"segment={living.pk}&kind=end_user")
    assert members(inner, personas.pm).count() == 0


def test_segments_on_pages_and_by_api(personas, now, words, customer):
    tag_customer(by=personas.pm, now=now, customer=customer, add=["标杆"])
    page = client_of(personas.pm)
    panel = page.get("/lists/crm.customer/?query=tag%3D%E6%A0%87%E6%9D%86").content.decode()
    assert "/crm/segments/add/?query=" in panel
    answer = page.post(
        "/crm/segments/add/", {"name": "样板", "audience": "own", "query": "tag=标杆"}, follow=True
    )
    assert customer.name in answer.content.decode()
    segment = Segment.objects.get()
    assert "样板" in page.get("/crm/segments/").content.decode()
    assert "样板" not in client_of(personas.bm).get("/crm/segments/").content.decode()
    hidden = client_of(personas.bm).get(f"/crm/customers/?segment={segment.pk}").content.decode()
    assert customer.name not in hidden
    api = api_of(personas.pm)
    assert [row["id"] for row in api.get(f"/api/v1/customers/?segment={segment.pk}").json()["results"]] == [
        customer.pk
    ]
    wrong = api.post(f"/api/v1/segments/{segment.pk}/join/", {"customers": [customer.pk]}, format="json")
    assert wrong.status_code == 400
    assert api_of(personas.bm).post(f"/api/v1/segments/{segment.pk}/remove/", {}).status_code == 404
    assert page.post(f"/crm/segments/{segment.pk}/remove/").status_code == 302
    assert not Segment.objects.exists()


def test_two_people_change_a_word_and_an_empty_one_is_refused(personas, now, words):
    tag = Tag.objects.first()
    office = client_of(personas.co)
    url, seen = f"/crm/tags/{tag.pk}/edit/", tag.version
    form = {"name": tag.name, "note": "先改的", "version": seen}
    assert office.post(url, form).status_code == 302
    assert office.post(url, {**form, "note": "后改的"}).status_code == 409
    tag.refresh_from_db()
    assert tag.note == "先改的"
    api = api_of(personas.co)
    late = {"name": tag.name, "version": seen}
    assert api.post(f"/api/v1/tags/{tag.pk}/change/", late, format="json").status_code == 409
    with pytest.raises(StaleVersion):
        change_tag(by=personas.co, now=now, tag=tag, name="别的", version=seen)
    with pytest.raises(RuleBroken):
        change_tag(by=personas.co, now=now, tag=tag, name=" ＃ ")


def test_the_list_says_which_group_and_word_it_shows(personas, now, customer):
    mine = make_segment(by=personas.pm, now=now, name="年底回访")
    secret = make_segment(by=personas.bm, now=now, name="经理自用")
    page = client_of(personas.pm).get("/crm/customers/", {"segment": mine.pk, "tag": "无"})
    assert "年底回访 ×" in page.content.decode()
    assert "无 ×" in page.content.decode()
    hidden = client_of(personas.pm).get("/crm/customers/", {"segment": secret.pk}).content.decode()
    assert "经理自用" not in hidden
    assert customer.name not in hidden


def test_customers_of_a_word_are_found_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Customer.objects.filter(tags__contains=["标杆"]).order_by()
    assert "customer_tags" in plan.explain()
