"""`sla_preview` explains a due instant day by day, on any calendar, and refuses what it cannot count."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def preview(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("sla_preview", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_a_friday_evening_goes_on_on_monday():
    lines = preview("--start", "2026-11-20T16:30", "--minutes", "120")
    assert lines[-1] == "due 2026-11-23T09:30+08:00"
    assert [line.split()[-2] for line in lines[:-1]] == ["60", "0", "0", "60"]
    assert "08:30-12:00 13:00-17:30" in lines[0]
    assert "closed" in lines[1]


def test_holidays_are_named_and_a_year_without_notice_is_provisional():
    assert any("holiday" in line for line in preview("--start", "2026-09-30T17:00", "--minutes", "60"))
    assert preview("--start", "2027-03-01T09:00", "--minutes", "60")[-1].startswith("provisional")


def test_a_duty_that_never_stops_counts_plain_minutes():
    lines = preview("--start", "2026-11-21T22:00:00Z", "--minutes", "90", "--calendar", "24x7")
    assert lines[-1] == "due 2026-11-22T07:30+08:00"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--start", "tomorrow", "--minutes", "60"], "no instant"),
        (["--start", "2026-11-20T16:30", "--minutes", "-1"], "negative"),
        (["--start", "2026-11-20T16:30", "--minutes", "60", "--calendar", "mars"], "company"),
        (["--minutes", "60"], "--start"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_reason(arguments: list[str], sentence: str):
    with pytest.raises(CommandError, match=sentence):
        preview(*arguments)
