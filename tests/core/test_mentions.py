"""@ in a thread: who is meant, who is told and who is not, what the page shows."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.comments import add_comment
from core.mentions import people_named, with_names_marked
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
        User.objects.filter(pk=personas[who].pk).update(name_zh=zh, name_en=en)
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
