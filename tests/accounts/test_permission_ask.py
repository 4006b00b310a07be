"""`user.has_perm(code, row)`: the scope of a grant decides row by row; every refusal stands beside its success."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.choices import AccessSource
from accounts.models import OrgUnit, RecordAccess, User
from accounts.operations import deactivate_user, delegate, grant_role
from accounts.rules import matrix_allows
from accounts.scoping import grant_access, withdraw_access
from tests.personas import JOINED, NOW, make_person

pytestmark = pytest.mark.django_db


class Row(SimpleNamespace):
    """Stands for a customer: owner, branch, department."""

    _meta = SimpleNamespace(label_lower="crm.customer")
    pk = None


def row(owner=None, branch=None, department=None, pk=None):
    return Row(
        owner_id=owner and owner.pk,
        branch_id=branch and branch.pk,
        department_id=department and department.pk,
        pk=pk,
    )


@pytest.fixture
def beijing(db):
    return OrgUnit.objects.get(code="01")


@pytest.fixture
def shanghai(db):
    return OrgUnit.objects.get(code="02")


def test_project_manager_holds_only_own_rows(personas, beijing):
    assert personas.pm.has_perm("crm.change_customer", row(owner=personas.pm, branch=beijing))
    assert not personas.pm.has_perm("crm.change_customer", row(owner=personas.pm_other, branch=beijing))


def test_branch_manager_holds_the_branch_and_not_the_next(personas, beijing, shanghai):
    assert personas.bm.has_perm("crm.assign_customer", row(owner=personas.pm, branch=beijing))
    assert not personas.bm.has_perm("crm.assign_customer", row(owner=personas.outsider_pm, branch=shanghai))


def test_a_unit_below_a_branch_belongs_to_it(personas, beijing):
    office = OrgUnit.objects.create(
        code="0101", name_zh="天津办事处", name_en="Tianjin", kind="branch", parent=beijing
    )
    assert personas.bm.has_perm("crm.assign_customer", row(branch=office))


def test_department_head_of_sales_holds_branch_rights_everywhere(personas, shanghai):
    assert personas.dm_sal.has_perm("crm.assign_customer", row(owner=personas.outsider_pm, branch=shanghai))
    assert not personas.dm.has_perm("crm.assign_customer", row(owner=personas.outsider_pm, branch=shanghai))


def test_supervision_sees_all_and_changes_no_customer(personas, shanghai):
    assert personas.sv.has_perm("crm.view_customer", row(branch=shanghai))
    assert not personas.sv.has_perm("crm.change_customer", row(branch=shanghai))


def test_without_a_row_any_grant_answers(personas):
    assert personas.pm.has_perm("crm.add_customer")
    assert not personas.ad.has_perm("crm.view_customer")
    assert not personas.au.has_perm("crm.add_customer")


def test_unknown_permission_is_refused_to_everyone(personas):
    assert not any(personas[name].has_perm("crm.launch_customer") for name in personas.roles)


def test_condition_nobody_registered_holds_for_no_row(personas, beijing):
    assert personas.pm.has_perm("projects.approve_gate_project")
    unknown = row(owner=personas.pm, branch=beijing)
    assert not personas.pm.has_perm("no.such_right", unknown)


def test_executive_dispatches_only_first_priority(personas):
    urgent, ordinary = row(), row()
    urgent.priority, ordinary.priority = "p1", "p3"
    assert matrix_allows(personas.ex, "service.dispatch_ticket", urgent)
    assert not matrix_allows(personas.ex, "service.dispatch_ticket", ordinary)


def test_access_row_makes_own_until_it_ends(personas, shanghai):
    subject = row(owner=personas.outsider_pm, branch=shanghai, pk=7)
    give = {"kind": "crm.customer", "object_id": 7, "source": AccessSource.COLLABORATOR}
    assert not personas.pm.has_perm("crm.change_customer", subject)
    RecordAccess.objects.create(user=personas.pm, until=NOW - timedelta(days=3650), **give)
    assert not personas.fresh("pm").has_perm("crm.change_customer", subject)
    RecordAccess.objects.update(until=None)
    assert personas.fresh("pm").has_perm("crm.change_customer", subject)


def test_former_owner_reads_and_no_longer_writes(personas, shanghai):
    subject = row(owner=personas.outsider_pm, branch=shanghai, pk=7)
    RecordAccess.objects.create(
        kind="crm.customer", object_id=7, user=personas.pm, source=AccessSource.FORMER_OWNER
    )
    assert personas.pm.has_perm("crm.view_customer", subject)
    assert not personas.pm.has_perm("crm.change_customer", subject)


def test_related_access_lets_an_engineer_add_a_note(personas, shanghai):
    subject = row(branch=shanghai, pk=7)
    RecordAccess.objects.create(
        kind="crm.customer", object_id=7, user=personas.ae, source=AccessSource.RELATED
    )
    assert personas.ae.has_perm("crm.view_customer", subject)
    assert personas.ae.has_perm("crm.add_activity", subject)
    assert not personas.ae_other.has_perm("crm.view_customer", subject)


def test_department_access_reaches_its_people_only(personas, shanghai):
    subject = row(branch=shanghai, pk=7)
    tec = OrgUnit.objects.get(code="TEC")
    RecordAccess.objects.create(kind="crm.customer", object_id=7, unit=tec, source=AccessSource.DEPARTMENT)
    assert personas.dh.has_perm("crm.view_customer", subject)
    assert not personas.dm_prd.has_perm("crm.view_customer", subject)


def test_child_rows_take_the_scope_of_their_parent(personas, beijing, shanghai):
    mine = SimpleNamespace(
        _meta=SimpleNamespace(label_lower="crm.contact"),
        pk=None,
        scope_parent=row(owner=personas.pm, branch=beijing),
    )
    theirs = SimpleNamespace(
        _meta=SimpleNamespace(label_lower="crm.contact"),
        pk=None,
        scope_parent=row(owner=personas.outsider_pm, branch=shanghai),
    )
    assert personas.pm.has_perm("crm.change_contact", mine)
    assert not personas.pm.has_perm("crm.change_contact", theirs)


def test_grant_and_withdraw_access_move_the_row(personas):
    subject = personas.pm_other
    grant_access(subject, user=personas.pm, source=AccessSource.ASSIGNEE, by=None, now=NOW)
    grant_access(
        subject,
        user=personas.pm,
        source=AccessSource.ASSIGNEE,
        by=None,
        now=NOW,
        until=NOW + timedelta(days=1),
    )
    assert RecordAccess.objects.filter(user=personas.pm).count() == 1
    assert withdraw_access(subject, user=personas.pm, by=None, now=NOW) == 1


def test_stand_in_acts_for_the_absent_and_is_named(personas, beijing):
    subject = row(owner=personas.pm, branch=beijing)
    assert not personas.pm_other.has_perm("crm.change_customer", subject)
    start = NOW - timedelta(days=400)
    delegation = delegate(
        by=None,
        now=start,
        from_user=personas.pm,
        to_user=personas.pm_other,
        until=start + timedelta(days=30),
        reason="leave",
    )
    type(delegation).objects.update(valid_to=NOW + timedelta(days=3650))
    stand_in = personas.fresh("pm_other")
    assert stand_in.has_perm("crm.change_customer", subject)
    assert stand_in.on_behalf_of_id == personas.pm.pk
    own = row(owner=stand_in, branch=beijing)
    assert stand_in.has_perm("crm.change_customer", own)
    assert stand_in.on_behalf_of_id is None


def test_security_duties_do_not_pass_to_a_stand_in(personas):
    start = NOW - timedelta(days=400)
    delegation = delegate(
        by=None,
        now=start,
        from_user=personas.ad_security,
        to_user=personas.co,
        until=start + timedelta(days=30),
        reason="leave",
    )
    type(delegation).objects.update(valid_to=NOW + timedelta(days=3650))
    assert not personas.fresh("co").has_perm("accounts.approve_grant")
    assert not personas.fresh("co").has_perm("accounts.add_user")


def test_closed_account_holds_nothing(personas, beijing):
    subject = row(owner=personas.pm, branch=beijing)
    gone = deactivate_user(by=personas.ad, now=NOW, user=personas.pm)
    assert not gone.has_perm("crm.view_customer", subject)
    assert not personas.fresh("pm").has_perm("crm.view_customer")


def test_visitor_holds_nothing(personas):
    assert not personas.anonymous.has_perm("crm.view_customer")


def test_proposed_and_ended_grants_do_not_count(personas):
    person = make_person("newcomer", "PM", "01")
    unit = OrgUnit.objects.get(code="TEC")
    proposed = grant_role(by=personas.ad, now=JOINED, user=person, role="DM", scope_unit=unit)
    assert not User.objects.get(pk=person.pk).authority().has_role("DM")
    proposed.approve(by=personas.ad_security, now=NOW)
    assert User.objects.get(pk=person.pk).authority().has_role("DM")
    type(proposed).objects.filter(pk=proposed.pk).update(valid_to=JOINED + timedelta(days=1))
    assert not User.objects.get(pk=person.pk).authority().has_role("DM")


def test_rights_cost_one_statement(personas, django_assert_num_queries):
    person = personas.fresh("pm")
    with django_assert_num_queries(1):  # the rows, with the tree of units
        person.has_perm("crm.view_customer")
        person.has_perm("crm.add_customer")
