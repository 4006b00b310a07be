"""Photos and recordings given with a new contact log: kept with it, all or nothing, and a photo used twice is noticed."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from core.files import attachments_of
from core.models import AuditEntry, StoredFile
from core.photos import taken_at
from crm.models import Activity
from crm.operations import log_activity
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.crm.pictures import photo

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
VOICE = b"\x1aE\xdf\xa3" + bytes(40)


@pytest.fixture(autouse=True)
def kept_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def customer(personas, now):
    return make_customer(personas.pm, now, owner=personas.pm)


def given(customer, personas, now, *files):
    return {
        "customer": customer.pk, "contacts": [make_contact(customer=customer, by=personas.pm, now=now).pk],
        "channel": "visit_met", "summary": "王工带我们看了二期泵房，拍了铭牌，说三号泵振动偏大。", "next_step": "发方案",
        "next_on": (now + timedelta(days=400)).date().isoformat(), "files": list(files),
    }  # fmt: skip


def upload(name, data=PNG):
    return SimpleUploadedFile(name, data)


def test_photos_and_recordings_stay_with_the_log(personas, now, customer):
    client = Client()
    client.force_login(personas.pm)
    url = reverse("crm:activity_add")
    assert 'enctype="multipart/form-data"' in client.get(url, {"customer": customer.pk}).content.decode()
    sent = given(customer, personas, now, upload("铭牌.png"), upload("录音.webm", VOICE))
    assert client.post(url, sent).status_code == 302
    names = {one.file.name for one in attachments_of(Activity.objects.get())}
    assert names == {"铭牌.png", "录音.webm"}


def test_what_cannot_be_kept_is_refused_beside_the_field_and_the_words_stay(personas, now, customer):
    client = Client()
    client.force_login(personas.pm)
    sent = given(customer, personas, now, upload("铭牌.png"), upload("x.png", b"<html><script>"))
    answer = client.post(reverse("crm:activity_add"), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "三号泵振动偏大" in page
    assert "只能保存" in page.partition('class="drop"')[2] or "errors" in page.partition('class="drop"')[2]
    assert not Activity.objects.exists()
    assert not StoredFile.objects.exists()
    many = given(customer, personas, now, *(upload(f"{number}.png") for number in range(11)))
    assert client.post(reverse("crm:activity_add"), many).status_code == 400


def test_a_photo_used_for_a_second_log_is_noticed(personas, now, customer):
    client = Client()
    client.force_login(personas.pm)
    url = reverse("crm:activity_add")
    first = given(customer, personas, now, upload("一.png", PNG + b"1"))
    client.post(url, first)
    client.post(
        url,
        given(customer, personas, now, upload("二.png", PNG + b"2"))
        | {"summary": "另一次，说的是别的事情，出口压力正常。"},
    )
    client.post(
        url,
        given(customer, personas, now, upload("三.png", PNG + b"1"))
        | {"summary": "第三次上门，客户要求更换机封备件。"},
    )
    found = [{one["code"] for one in row.signals} for row in Activity.objects.order_by("pk")]
    assert [("H14" in codes) for codes in found] == [False, False, True]


def test_the_same_through_the_api(personas, now, customer):
    api = APIClient()
    api.force_authenticate(personas.pm)
    file = io.BytesIO(PNG)
    file.name = "铭牌.png"
    answer = api.post(
        reverse("api:activities-list"), given(customer, personas, now, file), format="multipart"
    )
    assert answer.status_code == 201, answer.content
    assert attachments_of(Activity.objects.get()).count() == 1


# --- when a photo was taken -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (photo("2026:11:20 10:00:00"), "2026-11-20T10:00:00+08:00"),
        (photo("2026:11:20 10:00:00", "+09:00"), "2026-11-20T10:00:00+09:00"),
        (photo("0000:00:00 00:00:00"), None),
        (photo("yesterday, at noon"), None),
        (photo(), None),
        (photo("2026:11:20 10:00:00")[:60], None),
        (PNG, None),
        (b"", None),
    ],
)
def test_the_camera_says_when(tmp_path, data, told):
    path = tmp_path / "photo"
    path.write_bytes(data)
    at = taken_at(path)
    assert (at and at.isoformat()) == told


def codes_of(log):
    log.refresh_from_db()
    return {one["code"] for one in log.signals} & {"H14", "H14_time", "H16"}


def written(customer, personas, at, summary="王工带我们看了二期泵房，三号泵振动偏大。", **more):
    person = make_contact(customer=customer, by=personas.pm, now=at)
    return make_activity(
        customer, personas.pm, at, summary=summary, contacts=[person], next_step="发方案", next_at=at + timedelta(days=400), **more
    )  # fmt: skip


def add(personas, log, *files, who="pm", kind=""):
    client = Client()
    client.force_login(personas[who])
    url = reverse("core:files", args=["crm.activity", log.pk])
    return client.post(url, {"file": list(files), "kind": kind})


@pytest.mark.parametrize(("hours", "off"), [(-20, False), (-30, True), (20, False), (40, True)])
def test_a_photo_taken_another_day_is_noticed(personas, now, customer, hours, off):
    at = now - timedelta(days=2)
    shot = (at + timedelta(hours=hours)).astimezone().strftime("%Y:%m:%d %H:%M:%S")
    log = log_activity(
        by=personas.pm, now=now, customer=customer, type="call", outcome="reached", summary="王工带我们看了二期泵房",
        occurred_at=at, files=[upload("照片.jpg", photo(shot))],
    )  # fmt: skip
    assert codes_of(log) == ({"H14_time"} if off else set())


# --- what is added later ---------------------------------------------------------------------------------------------


def test_a_file_added_later_lets_the_log_be_judged_again_and_what_it_was_is_kept(personas, now, customer):
    log = written(customer, personas, now - timedelta(days=2))
    score = log.score
    answer = add(personas, log, upload("验收单.png"), kind="signed")
    assert "签字单" in answer.content.decode()
    assert codes_of(log) == {"H16"}
    assert log.score == min(100, score + 10)
    kept = AuditEntry.objects.get(code="crm.rescore_activity", object_id=log.pk)
    assert (kept.actor, kept.data["from"], kept.data["to"]) == (personas.pm, score, log.score)
    assert set(kept.data["are"]) - set(kept.data["were"]) == {"H16"}
    add(personas, log, upload("随便.png", PNG + b"2"))
    assert AuditEntry.objects.filter(code="crm.rescore_activity").count() == 1


def test_a_photo_of_another_log_added_later_is_noticed_and_proves_nothing(personas, now, customer):
    first = written(customer, personas, now - timedelta(days=2))
    add(personas, first, upload("一.png"))
    second = written(
        customer, personas, now - timedelta(days=1), summary="另一次，说的是别的事情，出口压力正常。"
    )
    add(personas, second, upload("二.png"), kind="signed")
    assert (codes_of(first), codes_of(second)) == (set(), {"H14"})


def test_whatever_hangs_on_a_message_that_came_in_is_the_reply(personas, now, customer):
    sent = written(
        customer, personas, now - timedelta(days=2), type="wechat", outcome="sent", direction="out"
    )
    came = written(
        customer, personas, now - timedelta(days=2), type="wechat", direction="in", summary="客户回话说周四之前定下叶轮材质"
    )  # fmt: skip
    add(personas, sent, upload("截屏.png"))
    add(personas, came, upload("截屏.png", PNG + b"2"))
    assert (codes_of(sent), codes_of(came)) == (set(), {"H16"})


def test_a_file_is_what_such_rows_know_and_outsiders_change_nothing(personas, now, customer):
    log = written(customer, personas, now - timedelta(days=2))
    assert add(personas, log, upload("单.png"), kind="gold").status_code == 400
    assert add(personas, log, upload("单.png"), kind="signed", who="outsider_pm").status_code == 404
    assert not StoredFile.objects.exists()
    assert codes_of(log) == set()


def test_a_new_log_says_what_its_files_are(personas, now, customer):
    client = Client()
    client.force_login(personas.pm)
    sent = given(customer, personas, now, upload("单.png")) | {"file_kind": "signed"}
    assert client.post(reverse("crm:activity_add"), sent).status_code == 302
    log = Activity.objects.get()
    assert codes_of(log) == {"H16"}
    assert not AuditEntry.objects.filter(code="crm.rescore_activity").exists()


# --- what cannot be looked at -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "codes"), [("call", ["H11"]), ("site_visit", ["H10"]), ("meeting", [])])
def test_a_log_says_what_nobody_could_look_at(personas, now, customer, kind, codes):
    log = written(customer, personas, now - timedelta(days=2), type=kind)
    client = Client()
    client.force_login(personas.pm)
    silent = client.get(reverse("api:activities-detail", args=[log.pk])).json()["silent"]
    assert [one["code"] for one in silent] == codes
    page = client.get(log.get_absolute_url()).content.decode()
    assert ("没有接入电话系统" in page) is (kind == "call")
    client.force_login(personas.dp)
    hidden = client.get(reverse("api:activities-detail", args=[log.pk])).json()
    assert hidden["silent"] == []
