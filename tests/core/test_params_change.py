"""A parameter changes from a future instant on, asked for by one person and approved by another."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.clock import db_now
from core.models import Parameter
from core.params import declared_params, param, read_once

pytestmark = pytest.mark.django_db
KEY = "crm.reveals_per_day"


def params(*arguments: str) -> str:
    out = StringIO()
    call_command("params", *arguments, stdout=out)
    return out.getvalue()


def change(personas, *, key=KEY, value="9", by="", approved_by="", days=1):
    return params(
        key,
        value,
        "--from",
        (db_now() + timedelta(days=days)).isoformat(),
        "--by",
        by or personas.ad.username,
        "--approved-by",
        approved_by or personas.ex.username,
        "--reason",
        "quarter review",
    )


def test_the_list_names_every_parameter_with_its_value():
    listed = params()
    assert declared_params()
    assert all(f"{key} = " in listed for key in declared_params())


def test_a_change_holds_from_its_day_on_and_not_before(personas):
    before = param(KEY, at=db_now())
    change(personas)
    assert param(KEY, at=db_now()) == before
    assert param(KEY, at=db_now() + timedelta(days=2)) == 9
    assert Parameter.objects.get(key=KEY).approved_by == personas.ex


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": "crm.nothing"}, "no parameter"),
        ({"value": "nine"}, "not JSON"),
        ({"by": "nobody"}, "no user"),
        ({"days": -1}, "将来|未来|future"),
    ],
)
def test_what_may_not_be_changed_is_refused(personas, wrong, sentence):
    with pytest.raises(CommandError, match=sentence):
        change(personas, **wrong)
    assert not Parameter.objects.filter(key=KEY).exists()


def test_nobody_approves_their_own_change(personas):
    with pytest.raises(CommandError):
        change(personas, by=personas.ad.username, approved_by=personas.ad.username)


def test_a_change_without_its_reasons_is_refused():
    with pytest.raises(CommandError, match="approved_by"):
        params(KEY, "9")


def test_read_once_gives_the_same_values_with_one_statement(personas, django_assert_num_queries):
    change(personas)
    Parameter.objects.create(
        key=KEY, unit_code="01", value=3, valid_from=db_now() - timedelta(days=5), valid_to=db_now()
    )
    asked = [
        (at, unit)
        for at in (db_now() + timedelta(days=days) for days in (-9, -1, 0, 2))
        for unit in ("", "01")
    ]
    expected = [param(KEY, at=at, unit_code=unit) for at, unit in asked]
    assert len(set(expected)) == 3
    with django_assert_num_queries(1), read_once():
        assert [param(KEY, at=at, unit_code=unit) for at, unit in asked] == expected


def test_what_is_read_once_cannot_be_changed_meanwhile(personas):
    with read_once(), pytest.raises(RuntimeError):
        change(personas)
    change(personas)
