"""Separation of duties asks dated rows: membership of the last 180 days, reporting lines, heads, stand-ins."""

from datetime import timedelta

import pytest

from accounts import duties
from accounts.models import OrgUnit, User
from accounts.operations import delegate, move_user
from tests.personas import NOW

pytestmark = pytest.mark.django_db


def unit(code):
    return OrgUnit.objects.get(code=code)


def test_reporting_line_goes_both_ways_and_up(personas):
    assert duties.in_reporting_line(personas.pm, personas.bm)
    assert duties.in_reporting_line(personas.bm, personas.pm)
    assert duties.in_reporting_line(personas.ae, personas.dm_asd)
    assert not duties.in_reporting_line(personas.pm, personas.ae)


def test_reporting_loop_ends(personas):
    User.objects.filter(pk=personas.bm.pk).update(manager=personas.pm)
    assert not duties.in_reporting_line(personas.fresh("pm"), personas.ae)


def test_membership_counts_180_days_back(personas):
    move_user(by=None, now=NOW - timedelta(days=200), user=personas.sv, unit=unit("SVD"), role="SV")
    move_user(by=None, now=NOW - timedelta(days=100), user=personas.dh, unit=unit("PRD"), role="DH")
    assert duties.was_member_of(personas.dh, unit("TEC"), NOW)
    assert duties.was_member_of(personas.dh, unit("PRD"), NOW)
    assert not duties.was_member_of(personas.dh, unit("TEC"), NOW, days=90)
    assert not duties.was_member_of(personas.sv, unit("TEC"), NOW)


def test_membership_below_counts_for_the_unit_above(personas):
    assert duties.was_member_of(personas.dh, unit("00"), NOW)


def test_heads_and_executives(personas):
    assert duties.head_of(unit("TEC")) == personas.dm
    assert duties.head_of(unit("PUR")) == personas.ex  # no head of its own: the unit above answers
    assert duties.executive_of(unit("ASD")) == personas.ex
    assert duties.general_manager() == personas.ex
    assert duties.head_of_supervision() == personas.sv_head
    assert duties.branch_manager(unit("01")) == personas.bm
    assert duties.branch_manager(unit("TEC")) == personas.dm_sal


def test_inactive_heads_are_passed_over(personas):
    User.objects.filter(pk=personas.dm.pk).update(is_active=False)
    assert duties.head_of(unit("TEC")) == personas.ex


def test_manager_of(personas):
    assert duties.manager_of(personas.pm) == personas.bm
    assert duties.manager_of(personas.dm) == personas.ex  # head of the unit reports to the general manager


def test_holders_of_a_role_for_a_unit(personas):
    assert duties.holders("BM", NOW, unit("01")) == [personas.bm]
    assert set(duties.holders("SV", NOW)) == {personas.sv, personas.sv_head}
    assert duties.holders("PM", NOW, unit("03")) == []


def test_stand_in(personas):
    assert duties.acting_for(personas.pm, NOW) == personas.pm
    delegate(
        by=None,
        now=NOW - timedelta(days=1),
        from_user=personas.pm,
        to_user=personas.pm_other,
        until=NOW + timedelta(days=1),
        reason="leave",
    )
    assert duties.acting_for(personas.pm, NOW) == personas.pm_other
    assert duties.acting_for(personas.pm, NOW + timedelta(days=2)) == personas.pm


def test_supervisors_who_came_from_the_respondent_are_left_out(personas):
    move_user(by=None, now=NOW - timedelta(days=30), user=personas.dm_prd, unit=unit("SVD"), role="SV")
    assert personas.sv in duties.supervisors_outside([unit("PRD")], NOW)
    assert duties.was_member_of(personas.dm_prd, unit("PRD"), NOW)
