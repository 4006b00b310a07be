"""`scope_rows`: the rows a list shows are exactly those the permission allows, by SQL that can use an index."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import AccessSource, GrantState
from accounts.models import Grant, OrgUnit, RecordAccess, User
from accounts.scoping import few_ids, scope_rows
from tests.personas import NOW

pytestmark = pytest.mark.django_db
VIEW = "accounts.view_grant"


def names(rows):
    return set(rows.values_list("user__username", flat=True))


def test_own_scope_shows_own_rows(personas):
    assert names(Grant.objects.visible_to(personas.pm)) == {"pm"}


def test_branch_scope_shows_the_branch(personas):
    assert names(Grant.objects.visible_to(personas.bm)) == {"pm", "bm", "pm_other"}


def test_department_scope_shows_the_department(personas):
    assert names(Grant.objects.visible_to(personas.dm)) == {"dm", "dh"}


def test_all_scope_adds_no_condition(personas):
    assert "WHERE" not in str(Grant.objects.visible_to(personas.ad).order_by().query)


def test_no_view_right_shows_nothing(personas):
    assert not scope_rows(User.objects.all(), personas.ad, "crm.view_customer").exists()
    assert not Grant.objects.visible_to(AnonymousUser()).exists()


def test_the_system_sees_all(personas):
    assert Grant.objects.visible_to(None).count() == Grant.objects.count()


def test_closed_account_sees_nothing(personas):
    User.objects.filter(pk=personas.bm.pk).update(is_active=False)
    assert not Grant.objects.visible_to(personas.fresh("bm")).exists()


def test_access_row_adds_one_row_and_its_end_takes_it_away(personas):
    foreign = Grant.objects.get(user=personas.outsider_pm)
    access = RecordAccess.objects.create(
        kind="accounts.grant", object_id=foreign.pk, user=personas.bm, source=AccessSource.ASSIGNEE
    )
    assert "outsider_pm" in names(Grant.objects.visible_to(personas.fresh("bm")))
    access.until = NOW.replace(year=2020)
    access.save()
    assert "outsider_pm" not in names(Grant.objects.visible_to(personas.fresh("bm")))


def test_department_access_row_reaches_the_department(personas):
    foreign = Grant.objects.get(user=personas.outsider_pm)
    RecordAccess.objects.create(
        kind="accounts.grant",
        object_id=foreign.pk,
        unit=OrgUnit.objects.get(code="TEC"),
        source=AccessSource.DEPARTMENT,
    )
    assert "outsider_pm" in names(Grant.objects.visible_to(personas.dm))
    assert "outsider_pm" not in names(Grant.objects.visible_to(personas.dm_prd))


def test_access_row_of_another_type_leaves_plain_equality(personas):
    RecordAccess.objects.create(
        kind="crm.customer", object_id=1, user=personas.bm, source=AccessSource.ASSIGNEE
    )
    sql = str(Grant.objects.visible_to(personas.fresh("bm")).order_by().query)
    assert "UNION" not in sql
    assert " OR " not in sql


def test_lists_and_permissions_agree_for_everyone(personas):
    RecordAccess.objects.create(
        kind="accounts.grant",
        object_id=Grant.objects.get(user=personas.outsider_pm).pk,
        user=personas.pm,
        source=AccessSource.RELATED,
    )
    everything = list(Grant.objects.all())
    for name in personas.roles:
        person = personas.fresh(name)
        listed = set(Grant.objects.visible_to(person).values_list("pk", flat=True))
        allowed = {grant.pk for grant in everything if person.has_perm(VIEW, grant)}
        assert listed == allowed, name


def test_filter_never_joins_or_mixes_by_or(personas):
    RecordAccess.objects.create(
        kind="accounts.grant", object_id=1, user=personas.pm, source=AccessSource.RELATED
    )
    sql = str(Grant.objects.visible_to(personas.fresh("pm")).order_by().query)
    assert "UNION ALL" in sql
    assert "JOIN" not in sql.partition("WHERE")[0]


def test_planner_can_use_the_owner_index(personas):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = Grant.objects.visible_to(personas.pm).order_by().values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "user_id" in plan
    assert "Index" in plan


@pytest.mark.parametrize(("name", "column"), [("pm", "owner_id"), ("bm", "branch_id")])
def test_customer_lists_use_the_scope_index(personas, name, column):
    """With and without access rows: the plan reaches customers by index, never by reading them all."""
    from django.db import connection

    from crm.models import Customer

    def plan(person):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = Customer.objects.visible_to(person).order_by().values("pk").query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            return "\n".join(line for (line,) in cursor.fetchall())

    assert column in plan(personas[name])
    RecordAccess.objects.create(
        kind="crm.customer", object_id=1, user=personas[name], source=AccessSource.RELATED
    )
    wider = plan(personas.fresh(name))
    assert column in wider
    assert "Seq Scan on crm_customer" not in plan(personas[name]) + wider
    assert ("Append" in wider) == (name == "pm")


def test_few_are_given_by_their_ids_and_whoever_sees_a_branch_is_not_asked(personas):
    RecordAccess.objects.create(
        kind="accounts.grant",
        object_id=Grant.objects.get(user=personas.outsider_pm).pk,
        user=personas.pm,
        source=AccessSource.RELATED,
    )
    for name in personas.roles:
        person = personas.fresh(name)
        ids = few_ids(Grant.objects.all(), person, VIEW)
        listed = set(Grant.objects.visible_to(person).values_list("pk", flat=True))
        if ids is not None:
            assert set(Grant.objects.filter(pk__in=ids).values_list("pk", flat=True)) == listed, name
    assert few_ids(Grant.objects.all(), personas.fresh("pm"), VIEW) is not None
    for wide in (personas.bm, personas.ad, None, AnonymousUser()):
        assert few_ids(Grant.objects.all(), wide, VIEW) is None
    assert few_ids(User.objects.all(), personas.ad, "crm.view_customer") is None  # no right, no rows
    User.objects.filter(pk=personas.pm.pk).update(is_active=False)
    assert few_ids(Grant.objects.all(), personas.fresh("pm"), VIEW) is None


# --- two grants are a union ------------------------------------------------------------------------------------------------


def give_also(user, role, unit):
    return Grant.objects.create(
        user=user, role=role, scope_unit=OrgUnit.objects.get(code=unit), valid_from=NOW - timedelta(days=1),
        state=GrantState.ACTIVE,
    )  # fmt: skip


def test_two_grants_show_what_either_shows_and_no_row_twice(personas):
    mine = {"pm", "bm", "pm_other"}
    give_also(personas.bm, "BM", "02")
    seen = list(Grant.objects.visible_to(personas.fresh("bm")).values_list("user__username", flat=True))
    assert set(seen) == mine | {"outsider_pm", "outsider_bm"}
    assert len(seen) == len(set(seen)) + 1  # the manager's own two grants


def test_a_branch_and_an_own_grant_together_and_each_alone(personas):
    both = give_also(personas.outsider_pm, "BM", "01")
    assert names(Grant.objects.visible_to(personas.fresh("outsider_pm"))) == {
        "outsider_pm",
        "pm",
        "bm",
        "pm_other",
    }
    Grant.objects.filter(user=personas.outsider_pm).exclude(pk=both.pk).delete()
    assert names(Grant.objects.visible_to(personas.fresh("outsider_pm"))) == {
        "pm",
        "bm",
        "pm_other",
        "outsider_pm",
    }
    Grant.objects.filter(pk=both.pk).update(valid_to=NOW - timedelta(hours=1))
    assert names(Grant.objects.visible_to(personas.fresh("outsider_pm"))) == set()


def test_a_department_and_a_branch_grant_are_added_not_intersected(personas):
    give_also(personas.dm, "BM", "02")
    assert names(Grant.objects.visible_to(personas.fresh("dm"))) == {"dm", "dh", "outsider_pm", "outsider_bm"}


def test_a_second_grant_gives_its_right_on_its_own_rows_only(personas):
    give_also(personas.pm, "BM", "02")
    user = personas.fresh("pm")
    theirs, colleague = (Grant.objects.get(user=personas[who]) for who in ("outsider_pm", "pm_other"))
    assert user.has_perm("accounts.view_grant", theirs)
    assert not user.has_perm("accounts.view_grant", colleague)


def test_a_grant_waiting_for_approval_adds_nothing(personas):
    give_also(personas.pm, "BM", "02")
    Grant.objects.filter(user=personas.pm, role="BM").update(state=GrantState.PROPOSED)
    assert names(Grant.objects.visible_to(personas.fresh("pm"))) == {"pm"}
