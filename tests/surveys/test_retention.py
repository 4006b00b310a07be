"""Answers older than two years no longer name who gave them; what they say stays."""

from datetime import timedelta

import pytest

from core.models import AuditEntry
from surveys.models import Invitation, Response
from surveys.retention import forget_people
from tests.surveys.factories import CLOSED, GOOD, answered

pytestmark = pytest.mark.django_db


def test_old_answers_forget_the_person_and_keep_the_score(personas):
    response = answered(personas, **{**GOOD, "open": "很快"})
    name = response.contact.name
    remark = f"{name}说很快，电话 {response.contact.mobile}"
    Response.objects.filter(pk=response.pk).update(remark=remark)
    assert forget_people(CLOSED + timedelta(days=729)) == 0
    assert Response.objects.get().contact is not None
    later = CLOSED + timedelta(days=732)
    assert (forget_people(later), forget_people(later)) == (1, 0)
    row = Response.objects.get()
    assert (row.contact, row.csat, Invitation.objects.get().contact) == (None, 5, None)
    assert name not in row.remark
    assert row.remark.startswith("＊说很快")
    assert AuditEntry.objects.filter(code="surveys.forget_people").count() == 1
