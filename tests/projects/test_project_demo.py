"""The demo company's projects: every stage and end, waiting and returned gates, through the real steps."""

from datetime import UTC, datetime

import pytest

import accounts.demo
import crm.demo
import projects.demo
from core.demo import DemoWorld
from projects.models import GateSubmission, Project

pytestmark = pytest.mark.django_db


def test_the_demo_has_every_stage_end_and_verdict() -> None:
    world = DemoWorld(now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    for floor in (accounts.demo, crm.demo, projects.demo):
        floor.load(world)
    assert Project.objects.count() == 48
    states = set(Project.objects.values_list("state", flat=True))
    assert states == {"p01", "p02", "p03", "p04", "p05", "p06", "lost", "abandoned", "cancelled", "suspended"}
    verdicts = set(GateSubmission.objects.values_list("verdict", flat=True))
    assert verdicts >= {"waiting", "passed", "returned", "conditional"}
