"""Every scan runs over the demo company today and a month on without stumbling over a row."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import db_now
from core.models import SweepFailure, SweepState
from core.sweep import run_all, scans
from tests.access.conftest import *  # noqa: F403 - the demo company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [0, 31])
def test_no_scan_stumbles(demo: Any, days: int) -> None:
    run_all(now=db_now() + timedelta(days=days), force=True)
    assert not list(SweepFailure.objects.values_list("code", "object_kind", "last_error"))
    assert not list(SweepState.objects.exclude(last_error="").values_list("code", "last_error"))
    assert SweepState.objects.filter(finished_at__isnull=False).count() >= len(scans())
