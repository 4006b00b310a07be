"""The demo company is believable: pumps seldom fail, boards have something to show, decisions stand in every state."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Q, Sum

from core.clock import db_now
from crm.board_choices import PRIVATE_FLAGS
from crm.choices import OverrideState, PromiseState
from crm.models import BoardCount, Contact, Override, Promise
from service.models import Pump, Ticket

pytestmark = pytest.mark.django_db


def test_the_demo_company_is_believable():
    call_command("load_demo", verbosity=0)
    now = db_now()
    failed = Q(tickets__type="repair", tickets__received_at__gt=now - timedelta(days=365))
    found = Pump.objects.values("model").annotate(
        pumps=Count("pk", distinct=True), faults=Count("tickets", failed)
    )
    rates = {row["model"]: row["faults"] / row["pumps"] for row in found.order_by("model")}
    assert len(rates) == 12
    assert all(0.02 < rate < 0.25 for rate in rates.values()), rates
    assert not Ticket.objects.filter(pumps__delivered_on__gt=F("received_at__date")).exists()
    here = Contact.objects.filter(left_at=None, contact_removed=False)
    assert 10 < here.filter(mobile_masked="", phone_masked="").count() < 40
    assert 15 < here.unverified(now).count() < 60
    flags = BoardCount.objects.filter(dimension="flag").values_list("value", flat=True)
    assert set(PRIVATE_FLAGS) <= set(flags)
    counted = BoardCount.objects.filter(dimension="gap").values("value").annotate(sum=Sum("count"))
    gaps = {row["value"]: row["sum"] for row in counted}
    assert len(gaps) >= 8
    assert all(1 <= count < 60 for gap, count in gaps.items() if gap != "chain"), gaps
    bands = BoardCount.objects.filter(dimension="band").values_list("value", flat=True)
    assert {"40", "60", "80", "90"} <= set(bands)
    assert set(Override.objects.values_list("state", flat=True)) == set(OverrideState.values)
    assert set(Promise.objects.values_list("state", flat=True)) == set(PromiseState.values)
    assert Promise.objects.filter(state=PromiseState.KEPT, closed_at__gt=F("due_at")).exists()
    assert Promise.objects.filter(state=PromiseState.OPEN, due_at__lt=now).exists()
