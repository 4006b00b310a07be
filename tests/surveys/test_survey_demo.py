"""The demo company shows surveys in every state."""

import pytest
from django.core.management import call_command

from surveys.models import Invitation, Recovery, Response

pytestmark = pytest.mark.django_db


def test_the_demo_has_answers_and_recoveries_in_every_state():
    call_command("load_demo", verbosity=0)
    assert Response.objects.count() >= 25
    assert {"sent", "answered", "expired"} <= set(Invitation.objects.values_list("state", flat=True))
    assert set(Recovery.objects.values_list("state", flat=True)) == {"open", "called", "proposed", "closed"}
    assert Recovery.objects.filter(recovered=True).exists()
    assert Recovery.objects.filter(complaint__isnull=False).exists()
    assert not Recovery.objects.filter(owner=None).exists()
