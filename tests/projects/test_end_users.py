"""End-user coverage: customers through whom we sell are warned when an open project names nobody who runs the pumps."""

import pytest

from core.sweep import run_scan
from crm.board_scan import count_boards
from crm.models import BoardRow, CustomerFacts
from projects.choices import PartyRole
from projects.models import Project
from projects.operations import name_party
from tests.crm.factories import make_customer
from tests.projects.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(personas, now):
    """A project of a dealer, drawn by a design institute, for nobody knows whom."""
    dealer = make_customer(personas.pm, now, owner=personas.pm, kind="dealer")
    institute = make_customer(personas.pm, now, owner=personas.pm, kind="design_institute")
    project = make_project(personas.pm, now, customer=dealer)
    name_party(by=personas.pm, now=now, project=project, customer=institute, role=PartyRole.DESIGNER)
    return {"dealer": dealer, "institute": institute, "project": project}


def blind(customer):
    return CustomerFacts.objects.get(customer=customer).projects_without_user


def test_dealer_and_designer_are_told_until_the_user_is_named(client, personas, sold, now):
    assert blind(sold["dealer"]) == blind(sold["institute"]) == 1
    client.force_login(personas.pm)
    for key in ("dealer", "institute"):
        page = client.get(f"/crm/customers/{sold[key].pk}/").content.decode()
        assert "1 个进行中项目未写明最终用户" in page
    count_boards(now, force=True)
    assert BoardRow.objects.flagged("users").filter(customer=sold["institute"]).exists()
    user = make_customer(personas.pm, now, owner=personas.pm)
    name_party(by=personas.pm, now=now, project=sold["project"], customer=user, role=PartyRole.USER)
    assert blind(sold["dealer"]) == blind(sold["institute"]) == 0
    assert "未写明最终用户" not in client.get(f"/crm/customers/{sold['dealer'].pk}/").content.decode()
    count_boards(now, force=True)
    assert not BoardRow.objects.flagged("users").filter(customer=sold["institute"]).exists()


def test_an_end_user_that_buys_itself_has_no_such_gap(personas, now):
    project = make_project(personas.pm, now)
    assert not (CustomerFacts.objects.filter(customer=project.customer, projects_without_user__gt=0)).exists()


def test_the_scan_finds_what_was_left_half_done_and_forgets_ended_projects(personas, sold, now):
    CustomerFacts.objects.filter(customer=sold["dealer"]).update(projects_without_user=None)
    assert run_scan("projects.end_users", now=now, force=True) == 1
    assert run_scan("projects.end_users", now=now, force=True) == 0
    project = Project.objects.get(pk=sold["project"].pk)
    project.abandon(by=personas.bm, now=now, reason="业主取消")
    assert run_scan("projects.end_users", now=now, force=True) == 2
    assert blind(sold["dealer"]) == 0
