"""The sixteen signals find what was planted in invented logs, and little else; they never see the truth."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm import authenticity_measure
from crm.authenticity_measure import HEURISTICS, Measure, measure
from crm.labelled_logs import generate

CRM = Path(authenticity_measure.__file__).parent


@pytest.mark.django_db
def test_each_signal_is_precise_and_finds_most():
    out = StringIO()
    call_command("measure_authenticity", stdout=out)
    assert out.getvalue().count(" ok") == len(HEURISTICS), out.getvalue()


@pytest.mark.django_db
def test_blind_signals_fail_the_measure(monkeypatch):
    monkeypatch.setattr("crm.authenticity_measure.detect", lambda authors, calendar: [])
    with pytest.raises(CommandError, match="H1"):
        call_command("measure_authenticity", authors=3, weeks=8, stdout=StringIO())


def test_shares_without_anything_found():
    assert Measure("H1", 10, 0, 0).precision == 0.0
    assert not Measure("H1", 10, 8, 7).is_good
    assert Measure("H1", 10, 9, 9).is_good


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_rows():
    from core.calendars import work_calendar

    first, second = (generate(7, 4, 8, work_calendar()) for _turn in range(2))
    assert first == second
    assert sum(one.planted for one in measure(first, work_calendar())) > 0


def test_the_detector_cannot_read_the_labels():
    readers = {path.name for path in CRM.rglob("*.py") if "labelled_logs" in path.read_text(encoding="utf-8")}
    assert readers == {"authenticity_measure.py", "measure_authenticity.py", "labelled_logs.py"} - {
        "labelled_logs.py"
    }
