"""Photos and recordings given with a new contact log: kept with it, all or nothing, and a photo used twice is noticed."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from core.files import attachments_of
from core.models import StoredFile
from crm.models import Activity
from tests.crm.factories import make_contact, make_customer

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
