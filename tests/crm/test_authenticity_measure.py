"""The sixteen signals find what was planted in invented logs, and little else; they never see the truth."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.calendars import work_calendar
from crm import authenticity_measure
from crm.authenticity import likeness
from crm.authenticity_measure import HEURISTICS, Measure, measure, pooled, table
from crm.labelled_logs import generate

CRM = Path(authenticity_measure.__file__).parent


@pytest.mark.django_db
def test_each_signal_is_precise_and_finds_most():
    out = StringIO()
    call_command("measure_authenticity", authors=45, weeks=20, stdout=out)
    assert out.getvalue().count(" ok") == len(HEURISTICS), out.getvalue()


@pytest.mark.django_db
def test_they_hold_whatever_the_seed():
    """Twelve seeds, each with one author of every habit, taken together."""
    calendar = work_calendar()
    found = pooled(measure(generate(seed, 15, 10, calendar), calendar) for seed in range(1, 13))
    assert all(one.is_good for one in found), "\n".join(table(found).values())


@pytest.mark.django_db
def test_nobody_writes_before_the_contact_and_every_copy_has_its_original():
    data = generate(4, 30, 13, work_calendar())
    for rows in data.authors:
        logs = [log for log, _evidence in rows]
        assert all(log.occurred_at <= log.entered_at for log in logs)
        for copy in (log for log in logs if "H1" in data.truth[log.id]):
            earlier = [log for log in logs if log.id != copy.id and log.entered_at < copy.entered_at]
            assert max(likeness(copy.summary, log.summary) for log in earlier) > 0.8


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
    first, second = (generate(7, 4, 8, work_calendar()) for _turn in range(2))
    assert first == second
    assert sum(one.planted for one in measure(first, work_calendar())) > 0


def test_the_detector_cannot_read_the_labels():
    readers = {path.name for path in CRM.rglob("*.py") if "labelled_logs" in path.read_text(encoding="utf-8")}
    assert readers == {"authenticity_measure.py", "measure_authenticity.py", "labelled_logs.py"} - {
        "labelled_logs.py"
    }
