"""Joining, moving, leaving, granting: who may, what follows at once, what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import operations as op
from accounts.models import ApiToken, BranchRegion, Delegation, Grant, Membership, OrgUnit, User
from core.errors import NotAllowed, RuleBroken, WrongState
from core.models import AuditEntry, OutboxMessage, Task
from core.tasks_list import describe_tasks
from tests.personas import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def tec(db):
    return OrgUnit.objects.get(code="TEC")


def invite(by, unit, **columns):
    return op.invite_user(
        by=by, now=NOW, username=" New.One ", name_zh="新同事", unit=unit, role="DH", **columns
    )


def test_administrator_invites_and_a_mail_is_queued(personas, tec):
    user = invite(personas.ad, tec, email="new@example.com")
    assert user.username == "new.one"
    assert not user.has_usable_password()
    assert Membership.objects.filter(user=user, unit=tec, role="DH", valid_to=None).exists()
    assert OutboxMessage.objects.get(kind="password_mail").payload == {"user": user.pk, "invitation": True}
    assert AuditEntry.objects.filter(code="accounts.add_user", object_id=user.pk, actor=personas.ad).exists()


def test_only_an_administrator_invites(personas, tec):
    before = User.objects.count()
    for name in ("pm", "bm", "ex", "co", "au", "dm"):
        with pytest.raises(NotAllowed):
            invite(personas[name], tec)
    assert User.objects.count() == before


def test_bad_user_names_are_refused(personas, tec):
    with pytest.raises(ValidationError):
        op.invite_user(by=personas.ad, now=NOW, username="有 空格", name_zh="x", unit=tec)


def test_moving_closes_the_old_membership(personas, tec):
    op.move_user(by=personas.ad, now=NOW, user=personas.pm, unit=tec, role="DH")
    assert personas.fresh("pm").unit == tec
    old = Membership.objects.get(user=personas.pm, role="PM")
    assert old.valid_to == NOW


def test_closing_ends_tokens_delegations_and_memberships_at_once(personas):
    op.create_token(by=personas.pm, now=NOW, user=personas.pm, name="script")
    op.delegate(
        by=None,
        now=NOW - timedelta(days=1),
        from_user=personas.pm,
        to_user=personas.pm_other,
        until=NOW + timedelta(days=5),
        reason="leave",
    )
    op.deactivate_user(by=personas.ad, now=NOW, user=personas.pm, reason="left")
    assert not ApiToken.objects.usable(NOW).filter(user=personas.pm).exists()
    assert not Delegation.objects.in_force(NOW).exists()
    assert not Membership.objects.in_force(NOW).filter(user=personas.pm).exists()


def test_closing_kills_the_session(personas, client):
    client.force_login(personas.pm, backend="accounts.backends.PasswordBackend")
    assert client.get("/accounts/profile/").status_code == 200
    op.deactivate_user(by=personas.ad, now=NOW, user=personas.pm)
    assert client.get("/accounts/profile/").status_code == 302


def test_closing_refuses_oneself_a_closed_one_and_the_last_administrator(personas):
    with pytest.raises(RuleBroken):
        op.deactivate_user(by=personas.ad, now=NOW, user=personas.ad)
    op.deactivate_user(by=personas.ad, now=NOW, user=personas.pm)
    with pytest.raises(WrongState):
        op.deactivate_user(by=personas.ad, now=NOW, user=personas.pm)
    op.deactivate_user(by=personas.ad, now=NOW, user=personas.ad_security)
    with pytest.raises(RuleBroken):
        op.deactivate_user(by=None, now=NOW, user=personas.ad)
    with pytest.raises(NotAllowed):
        op.deactivate_user(by=personas.bm, now=NOW, user=personas.pm_other)


def test_nobody_can_be_a_superuser(personas):
    assert "is_superuser" not in {field.name for field in User._meta.get_fields()}
    assert not any(personas[name].is_superuser or personas[name].is_staff for name in personas.roles)
    assert not hasattr(User.objects, "create_superuser")


# --- grants ---------------------------------------------------------------------------------------------------------


def propose(personas, by, role="DM", **more):
    unit = OrgUnit.objects.get(code="TEC")
    return op.grant_role(
        by=personas[by], now=NOW, user=personas.dh, role=role, scope_unit=unit, reason="x", **more
    )


def test_a_grant_needs_a_second_administrator(personas):
    grant = propose(personas, "ad")
    with pytest.raises(NotAllowed):
        grant.approve(by=personas.ad, now=NOW)
    approved = grant.approve(by=personas.ad_security, now=NOW)
    assert approved.state == "active"
    assert approved.approved_by == personas.ad_security


def test_a_proposal_waits_on_the_approvers_list_until_it_is_settled(personas):
    grant = propose(personas, "ad")
    assert [task.assignee for task in Task.objects.filter(object_id=grant.pk, closed_at=None)] == [
        personas.ad_security
    ]
    assert list(describe_tasks(Task.objects.filter(kind="accounts.approve_grant"), personas.ad_security))
    grant.approve(by=personas.ad_security, now=NOW)
    assert not Task.objects.filter(object_id=grant.pk, closed_at=None).exists()


def test_the_security_administrator_cannot_approve_own_proposals(personas):
    grant = propose(personas, "ad_security")
    with pytest.raises(NotAllowed):
        grant.approve(by=personas.ad_security, now=NOW)


def test_nobody_approves_a_grant_to_himself(personas):
    unit = OrgUnit.objects.get(code="TEC")
    grant = op.grant_role(by=personas.ad, now=NOW, user=personas.ad_security, role="DM", scope_unit=unit)
    with pytest.raises(NotAllowed):
        grant.approve(by=personas.ad_security, now=NOW)


def test_supervision_and_executive_grants_need_an_executive(personas):
    grant = propose(personas, "ad", role="SV")
    with pytest.raises(NotAllowed):
        grant.approve(by=personas.ad_security, now=NOW)
    assert grant.approve(by=personas.ex, now=NOW).state == "active"


def test_an_executive_does_not_approve_ordinary_grants(personas):
    with pytest.raises(NotAllowed):
        propose(personas, "ad").approve(by=personas.ex, now=NOW)


def test_branch_managers_propose_for_their_branch_only(personas):
    beijing, shanghai = OrgUnit.objects.get(code="01"), OrgUnit.objects.get(code="02")
    op.grant_role(by=personas.bm, now=NOW, user=personas.dh, role="PM", scope_unit=beijing)
    with pytest.raises(NotAllowed):
        op.grant_role(by=personas.bm, now=NOW, user=personas.dh, role="PM", scope_unit=shanghai)


def test_auditor_and_administrator_are_never_one_person(personas):
    headquarters = OrgUnit.objects.get(code="00")
    with pytest.raises(RuleBroken):
        op.grant_role(by=personas.ad, now=NOW, user=personas.au, role="AD", scope_unit=headquarters)
    with pytest.raises(RuleBroken):
        op.grant_role(by=personas.ad_security, now=NOW, user=personas.ad, role="AU", scope_unit=headquarters)


def test_the_same_grant_twice_is_refused(personas):
    propose(personas, "ad")
    with pytest.raises(RuleBroken):
        propose(personas, "ad")


def test_withdrawn_grant_gives_nothing(personas):
    grant = Grant.objects.get(user=personas.pm)
    grant.withdraw(by=personas.ad, now=NOW, reason="moved")
    assert not personas.fresh("pm").has_perm("crm.add_customer")


def test_refused_proposal_stays_refused(personas):
    grant = propose(personas, "ad")
    grant.refuse(by=personas.ad_security, now=NOW, reason="not needed")
    with pytest.raises(WrongState):
        grant.approve(by=personas.ad_security, now=NOW)


def test_the_database_itself_wants_two_people(personas):
    grant = propose(personas, "ad")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(approved_by=personas.ad)


# --- delegation and regions -----------------------------------------------------------------------------------------


def test_delegation_limits(personas):
    plain = {"now": NOW, "from_user": personas.pm, "to_user": personas.pm_other, "reason": "leave"}
    with pytest.raises(RuleBroken):
        op.delegate(by=personas.pm, until=NOW + timedelta(days=100), **plain)
    with pytest.raises(NotAllowed):
        op.delegate(by=personas.pm_other, until=NOW + timedelta(days=3), **plain)
    row = op.delegate(by=personas.pm, until=NOW + timedelta(days=3), **plain)
    with pytest.raises(RuleBroken):
        op.delegate(by=personas.pm, until=NOW + timedelta(days=3), **plain)
    ended = op.end_delegation(by=personas.pm, now=NOW + timedelta(hours=1), delegation=row)
    with pytest.raises(WrongState):
        op.end_delegation(by=personas.pm, now=NOW + timedelta(hours=2), delegation=ended)


def test_branch_manager_arranges_for_the_branch(personas):
    until = NOW + timedelta(days=3)
    op.delegate(
        by=personas.bm, now=NOW, from_user=personas.pm, to_user=personas.pm_other, until=until, reason="ill"
    )
    with pytest.raises(NotAllowed):
        op.delegate(
            by=personas.bm,
            now=NOW,
            from_user=personas.outsider_pm,
            to_user=personas.pm,
            until=until,
            reason="ill",
        )


def test_a_province_belongs_to_one_branch_at_a_time(personas):
    shanghai = OrgUnit.objects.get(code="02")
    op.assign_province(by=personas.ad, now=NOW, unit=shanghai, province_code="37", valid_from=NOW)
    assert BranchRegion.objects.in_force(NOW).get(province_code="37").unit == shanghai
    assert BranchRegion.objects.in_force(NOW - timedelta(days=1)).get(province_code="37").unit.code == "01"
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchRegion.objects.create(
            unit=OrgUnit.objects.get(code="03"), province_code="37", valid_from=NOW - timedelta(days=9)
        )
    with pytest.raises(NotAllowed):
        op.assign_province(by=personas.bm, now=NOW, unit=shanghai, province_code="37", valid_from=NOW)


def test_every_province_has_a_branch(db):
    served = BranchRegion.objects.in_force(NOW).values_list("province_code", flat=True)
    assert len(served) == len(set(served)) == 34
