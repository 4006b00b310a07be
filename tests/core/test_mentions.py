"""@ in a thread: who is meant, who is told and who is not, what the page shows."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.comments import add_comment
from core.mentions import SUGGESTED, people_named, suggested_people, with_names_marked
from core.models import Notification
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(personas: Any) -> Any:
    """Names as people have them: one the beginning of another, one in Latin letters, two people of one name."""
    for who, zh, en in (
        ("bm", "李明", "Li Ming"), ("sv", "李明华", ""), ("pm_other", "王芳", ""), ("outsider_pm", "赵六", ""),
        ("co", "王芳", ""),
    ):  # fmt: skip
        user = personas[who]
        user.name_zh, user.name_en = zh, en
        user.save(update_fields=["name_zh", "name_en", "starts"])
    return personas


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@李明 请看", {"bm"}),
        ("请@李明华看一下", {"sv"}),
        ("@李明请看", {"bm"}),
        ("thanks @Li Ming for this", {"bm"}),
        ("@王芳", {"pm_other", "co"}),
        ("write to a@b.cn, or @nobody", set()),
        ("no name at all", set()),
        ("@", set()),
    ],
)
def test_the_longest_name_that_fits_is_meant(cast: Any, text: str, meant: set[str]) -> None:
    found = {user.pk for users in people_named([text]).values() for user in users}
    assert found == {cast[who].pk for who in meant}


def test_the_user_name_tells_two_people_of_one_name_apart(cast: Any) -> None:
    text = f"@{cast.co.username} please"
    assert [user.pk for users in people_named([text]).values() for user in users] == [cast.co.pk]


def test_a_closed_account_is_not_meant(cast: Any) -> None:
    User.objects.filter(pk=cast.bm.pk).update(is_active=False)
    assert people_named(["@李明 请看"]) == {}


def test_who_sees_the_row_is_told_once_and_the_others_are_named_to_the_writer(cast: Any, now: Any) -> None:
    customer = make_customer(cast.pm, now)
    text = f"@李明 @李明 @赵六 @{cast.pm.username} 请看"
    said = add_comment(by=cast.pm, now=now, subject=customer, text=text)
    assert [user.pk for user in said.not_told] == [cast.outsider_pm.pk]
    told = Notification.objects.filter(code="core.mentioned")
    assert [one.user_id for one in told] == [cast.bm.pk]


def test_the_page_marks_names_tells_the_writer_and_the_notice_leads_to_the_row(cast: Any, now: Any) -> None:
    customer = make_customer(cast.pm, now)
    client = Client()
    client.force_login(cast.pm)
    url = reverse("core:thread", args=["crm.customer", customer.pk])
    page = client.post(url, {"text": "<i>@李明</i> @赵六"}).content.decode()
    assert '&lt;i&gt;<b class="named">@李明</b>&lt;/i&gt;' in page
    assert "赵六" in page.partition("note-warn")[2]
    client.force_login(cast.bm)
    notices = client.get(reverse("core:notification_list")).content.decode()
    assert customer.get_absolute_url() in notices
    assert "提到了您" in notices


def test_names_are_escaped_and_lines_kept() -> None:
    assert with_names_marked("@A&B\n<i>", ["A&B"]) == '<b class="named">@A&amp;B</b><br>&lt;i&gt;'


@pytest.mark.parametrize(
    ("typed", "found"), [("李", {"bm", "sv"}), ("liming", {"bm", "sv"}), ("lmh", {"sv"}), ("Li M", {"bm"})]
)
def test_suggestions_by_hanzi_pinyin_and_initials(cast: Any, typed: str, found: set[str]) -> None:
    client = Client()
    client.force_login(cast.pm)
    page = client.get(reverse("core:people_find"), {"search": typed}).content.decode()
    shown = {who for who in ("bm", "sv", "pm_other", "outsider_pm") if f">{cast[who].username}<" in page}
    assert shown == found


def test_suggestions_need_a_sign_in(client: Client) -> None:
    assert client.get(reverse("core:people_find"), {"search": "李"}).status_code == 302


# --- several thousand colleagues ----------------------------------------------------------------------------------------

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
MANY = 4000


@pytest.fixture
def crowd(personas: Any) -> list[User]:
    rows = [
        User(
            username=f"u{number:05}",
            name_zh=FAMILY[number % 20] + GIVEN[number // 20 % 20] + GIVEN[number // 400 % 20],
            name_en=f"Person {number}",
        )
        for number in range(MANY)
    ]
    made = User.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user")
    return made


def test_thousands_of_colleagues_are_asked_by_the_index_in_one_statement(
    personas: Any, crowd: list[User], django_assert_max_num_queries: Any
) -> None:
    personas.pm.authority()
    for typed, among in (
        ("王伟", "王伟"), ("wangwei", "王伟"), ("ww", ""), ("王", "王"), ("u0123", ""), ("person 39", ""), ("", ""),
    ):  # fmt: skip
        with django_assert_max_num_queries(1):
            found = suggested_people(typed, personas.pm)
        assert len(found) == SUGGESTED
        assert all(one.name_zh.startswith(among) for one in found)
        assert [one.username for one in found] == sorted(one.username for one in found)


def test_a_beginning_costs_the_database_next_to_nothing(personas: Any, crowd: list[User]) -> None:
    def plan_of(typed: str) -> Any:
        rows = User.objects.visible_to(personas.pm).filter(is_active=True, starts__begins=typed)
        return json.loads(rows.order_by("username")[:SUGGESTED].explain(format="json", analyze=True))[0]

    for typed in ("王伟芳", "wangweifang", "wwf", "u01234"):
        plan = plan_of(typed)
        assert "user_starts" in json.dumps(plan)
        assert plan["Execution Time"] < 20
    assert plan_of("w")["Execution Time"] < 20


def test_a_new_name_is_suggested_and_the_old_one_no_more(personas: Any) -> None:
    user = personas.bm
    user.name_zh = "单于明"
    user.save()
    for typed in ("单于", "chanyu", "cym", "单于明"):
        assert user in suggested_people(typed, personas.pm)
    user.name_zh = "O'Brien \\ 明"
    user.save()
    assert user not in suggested_people("chanyu", personas.pm)
    for typed in ("o'b", "O'Brien \\"):
        assert suggested_people(typed, personas.pm) == [user]
    assert suggested_people("zzz':* | 'u", personas.pm) == []
    user.is_active = False
    user.save()
    assert suggested_people("o'b", personas.pm) == []
