"""Two customers become one, and two again: everything moves, nothing is lost, who may not is refused."""

import json
from datetime import timedelta

import pytest
from django.apps import apps

from accounts.choices import AccessSource
from accounts.scoping import grant_access
from complaints.models import Complaint
from core.comments import add_comment
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Comment, Notification, Task
from crm import operations
from crm.merge_choices import default_choices, merged_facts
from crm.merge_ledger import Ledger
from crm.merging import STAYS, move_all, pointers, relations
from crm.models import Activity, Contact, Customer, CustomerFacts, CustomerMerge, FollowUp, Site
from crm.operations.merging import better_survivor, merge_customers, propose_merge
from projects.models import Project
from service.models import Ticket
from surveys.models import Recovery, Response
from tests.complaints.factories import make_case
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up
from tests.personas import NOW
from tests.projects.factories import make_project
from tests.service.factories import make_pump, make_ticket
from tests.surveys.factories import make_recovery

BACKEND = "accounts.backends.PasswordBackend"
LATER = NOW + timedelta(days=1)
UNTOUCHED = {"core.auditentry", "crm.customermerge", "core.notification", "core.outboxmessage"}


def whole_database():
    """Every table's rows, but for the audit, notices and merges themselves, and versions, which only go forward."""
    rows = {}
    for model in apps.get_models():
        if model._meta.label_lower in UNTOUCHED or not model._meta.managed:
            continue
        names = [
            one.attname for one in model._meta.concrete_fields if one.attname not in ("version", "updated_at")
        ]
        names = [name for name in names if not getattr(model._meta.get_field(name), "derived", False)]
        rows[model._meta.label_lower] = sorted(map(repr, model._base_manager.values_list(*names)))
    return rows


@pytest.fixture
def two(personas):
    """Two records of one company with people, places, logs, steps, facts, a thread, access, a ticket and a hold."""
    survivor = make_customer(
        personas.pm,
        NOW,
        owner=personas.pm,
        name="鼎流机电设备有限公司",
        uscc="91110000600037341L",
        notes="老客户",
    )
    loser = make_customer(
        personas.pm_other,
        NOW,
        owner=personas.pm_other,
        name="鼎流机电",
        short_name="鼎流",
        notes="展会认识",
        tags=["代理"],
    )
    for customer, by in ((survivor, personas.pm), (loser, personas.pm_other)):
        first = make_contact(
            customer, by, NOW, name="麦志成", mobile="" if customer is survivor else "14100002222"
        )
        if customer is loser:
            make_recovery(personas, customer=loser)
            make_case(personas, by="pm_other", customer=loser)
            make_project(by, NOW, customer=loser)
        make_contact(customer, by, NOW, name=f"独有{customer.pk}", reports_to=first)
        operations.add_site(by=by, now=NOW, customer=customer, name="一号泵房")
        make_activity(customer, by, NOW, contacts=[first])
        make_follow_up(customer, by, NOW)
        operations.record_facts(
            customer=customer,
            source="contracts",
            facts={"orders_36m": 2, "signed_amount_24m": "100.50"},
            now=NOW,
        )
        operations.hold(customer=customer, kind="project", ref="SJ-01-2026-00001", now=NOW)
        add_comment(by=by, now=NOW, subject=customer, text="记一笔")
        grant_access(customer, user=personas.ae, source=AccessSource.ASSIGNEE, by=None, now=NOW)
    make_ticket(personas, by="dp", pump=make_pump(personas, loser))
    return survivor, loser


def fold_of(survivor, loser):
    name = "麦志成"
    return [
        (
            Contact.objects.get(customer=loser, name=name).pk,
            Contact.objects.get(customer=survivor, name=name).pk,
        )
    ]


def merge(personas, survivor, loser, **values):
    return merge_customers(by=personas.bm, now=LATER, survivor=survivor, loser=loser, **values)


def test_everything_moves_to_the_survivor(two, personas):
    survivor, loser = two
    done = merge(personas, survivor, loser, fold=fold_of(*two))
    survivor, loser = (Customer.objects.get(pk=row.pk) for row in two)
    assert loser.deleted_at == LATER
    assert loser.merged_into == survivor
    for model, column in relations(Customer):
        left = model._base_manager.filter(**{column: loser.pk})
        assert not left.exists() or model.__name__ == "CustomerHold", model
    assert Activity.objects.filter(customer=survivor).count() == 2
    for model in (Ticket, Project, Complaint, Recovery, Response):
        assert model.objects.filter(customer=survivor).exists(), model
    assert Comment.objects.filter(object_kind="crm.customer", object_id=survivor.pk).count() == 2
    assert {"鼎流机电"} <= set(survivor.former_names)
    assert survivor.former_codes == [loser.code]
    assert survivor.notes == "老客户\n展会认识"
    assert survivor.short_name == "鼎流"
    assert survivor.tags == ["代理"]
    facts = CustomerFacts.objects.get(customer=survivor)
    assert (facts.orders_36m, str(facts.signed_amount_24m)) == (4, "201.00")
    assert sorted(Site.objects.filter(customer=survivor).values_list("name", flat=True)) == [
        "一号泵房",
        "一号泵房（鼎流）",
    ]
    people = Contact.objects.alive().filter(customer=survivor)
    twin = people.get(name="麦志成")
    assert (people.count(), twin.mobile, people.filter(is_primary=True).count()) == (3, "14100002222", 1)
    assert all(list(log.contacts.all()) == [twin] for log in Activity.objects.filter(customer=survivor))
    assert set(FollowUp.objects.open().filter(customer=survivor).values_list("owner", flat=True)) == {
        personas.pm.pk
    }
    assert done.moved["crm.activity"] == 1
    assert Customer.objects.visible_to(personas.fresh("pm_other")).filter(pk=survivor.pk).exists()


def test_both_owners_are_told_and_the_step_is_kept(two, personas):
    merge(personas, *two)
    told = Notification.objects.filter(code="crm.customer_merged").values_list("user", flat=True)
    assert set(told) == {personas.pm.pk, personas.pm_other.pk}
    entry = AuditEntry.objects.get(code="crm.merge_customer")
    assert entry.data["loser"] == two[1].pk


@pytest.mark.parametrize(
    "choices", [{}, {"name": "loser", "notes": "loser", "owner": "loser", "uscc": "survivor"}]
)
@pytest.mark.parametrize("folded", [True, False])
def test_taken_back_every_table_is_as_it_was(two, personas, choices, folded):
    before = whole_database()
    done = merge(personas, *two, choices=choices, fold=fold_of(*two) if folded else [])
    assert whole_database() != before
    done.undo(by=personas.bm, now=LATER + timedelta(days=29))
    after = whole_database()
    assert {kind: (before[kind], after[kind]) for kind in before if before[kind] != after[kind]} == {}
    again = merge(personas, *(Customer.objects.get(pk=row.pk) for row in two))
    assert again.pk != done.pk


def test_what_was_changed_since_stays_and_new_rows_stay_with_the_survivor(two, personas):
    survivor, loser = two
    done = merge(personas, survivor, loser, choices={"short_name": "loser"})
    survivor = Customer.objects.get(pk=survivor.pk)
    survivor.short_name = "鼎流总部"
    survivor.save(update_fields=["short_name"])
    new = make_activity(survivor, personas.pm, LATER)
    done.undo(by=personas.bm, now=LATER)
    survivor.refresh_from_db()
    new.refresh_from_db()
    assert survivor.short_name == "鼎流总部"
    assert new.customer == survivor
    entry = AuditEntry.objects.get(code="crm.undo_customermerge")
    assert entry.data["kept"] == ["crm.customer.short_name"]
    assert Customer.objects.visible_to(personas.bm).filter(pk=loser.pk).exists()


def test_versions_only_go_forward(two, personas):
    done = merge(personas, *two)
    done.undo(by=personas.bm, now=LATER)
    assert [Customer.objects.get(pk=row.pk).version for row in two] == [row.version + 2 for row in two]


def test_refusals_of_the_merge(two, personas):
    survivor, loser = two
    outside = make_customer(personas.outsider_pm, NOW, owner=personas.outsider_pm)
    other_code = make_customer(personas.pm, NOW, owner=personas.pm, uscc="91350100M000100Y43")
    branch = make_customer(personas.pm, NOW, owner=personas.pm, parent=survivor)
    for by, kept, gone, refusal in (
        (personas.pm, survivor, loser, NotFound),
        (personas.pm, survivor, other_code, NotAllowed),
        (personas.sv, survivor, loser, NotAllowed),
        (personas.bm, survivor, outside, NotFound),
        (personas.bm, survivor, survivor, RuleBroken),
        (personas.bm, survivor, other_code, RuleBroken),
        (personas.bm, survivor, branch, RuleBroken),
        (personas.bm, branch, survivor, RuleBroken),
    ):
        with pytest.raises(refusal):
            merge_customers(by=by, now=NOW, survivor=kept, loser=gone)
    with pytest.raises(StaleVersion):
        merge(personas, survivor, loser, version=survivor.version + 1)
    with pytest.raises(StaleVersion):
        merge(personas, survivor, loser, loser_version=7)
    with pytest.raises(RuleBroken):
        merge(personas, survivor, loser, fold=[(1, 2)])
    operations.hold(customer=loser, kind="complaint", ref="TS-01-2026-00001", now=NOW)
    with pytest.raises(RuleBroken) as kept:
        merge(personas, survivor, loser)
    assert "TS-01-2026-00001" in str(kept.value.errors["loser"])
    assert not CustomerMerge.objects.exists()
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_a_merged_customer_cannot_be_merged_again(two, personas):
    survivor, loser = two
    merge(personas, survivor, loser)
    with pytest.raises(WrongState):
        merge(personas, survivor, loser)
    with pytest.raises(WrongState):
        merge(personas, loser, survivor)


def test_merges_are_taken_back_in_their_order(two, personas):
    survivor, loser = two
    third = make_customer(personas.pm, NOW, owner=personas.pm)
    first = merge(personas, survivor, loser)
    second = merge_customers(by=personas.co, now=LATER + timedelta(hours=1), survivor=third, loser=survivor)
    assert Customer.objects.get(pk=loser.pk).merged_into == third
    with pytest.raises(RuleBroken):
        first.undo(by=personas.co, now=LATER)
    second.undo(by=personas.co, now=LATER + timedelta(hours=2))
    assert Customer.objects.get(pk=loser.pk).merged_into == survivor
    with pytest.raises(NotAllowed):
        first.undo(by=personas.sv, now=LATER)
    with pytest.raises(RuleBroken):
        first.undo(by=personas.bm, now=LATER + timedelta(days=31))
    first.undo(by=personas.bm, now=LATER)
    with pytest.raises(WrongState):
        first.undo(by=personas.bm, now=LATER)


def test_a_proposal_is_decided_by_somebody_else(two, personas):
    survivor, loser = two
    with pytest.raises(NotFound):
        propose_merge(by=personas.outsider_pm, now=NOW, customer=survivor, other=loser, reason="同一家")
    proposal = propose_merge(by=personas.pm, now=NOW, customer=survivor, other=loser, reason="同一家")
    assert propose_merge(by=personas.pm, now=NOW, customer=survivor, other=loser, reason="同一家") == proposal
    assert Task.objects.open().get(kind="crm.approve_merge").assignee == personas.bm
    with pytest.raises(NotAllowed):
        proposal.approve(by=personas.pm, now=NOW)
    own = propose_merge(
        by=personas.bm, now=NOW, customer=make_customer(personas.bm, NOW), other=loser, reason="同一家"
    )
    assert (
        Task.objects.open().filter(object_id=own.pk, kind="crm.approve_merge", assignee=personas.co).exists()
    )
    with pytest.raises(NotAllowed):
        own.approve(by=personas.bm, now=NOW)
    with pytest.raises(NotAllowed):
        own.refuse(by=personas.bm, now=NOW, reason="不是")
    own.refuse(by=personas.co, now=NOW, reason="不是同一家")
    assert Notification.objects.filter(code="crm.merge_refused", user=personas.bm).exists()
    done = proposal.approve(by=personas.bm, now=LATER, swap=True)
    assert Customer.objects.get(pk=survivor.pk).merged_into == loser
    assert done.state == "done"
    assert not Task.objects.open().filter(kind="crm.approve_merge").exists()


def test_a_proposal_can_be_withdrawn_by_its_maker_only(two, personas):
    proposal = propose_merge(by=personas.pm, now=NOW, customer=two[0], other=two[1], reason="同一家")
    with pytest.raises(NotAllowed):
        proposal.withdraw(by=personas.co, now=NOW)
    proposal.withdraw(by=personas.pm, now=NOW)
    assert not Task.objects.open().filter(kind="crm.approve_merge").exists()
    with pytest.raises(WrongState):
        proposal.approve(by=personas.bm, now=NOW)


def test_pages_lead_on_to_the_survivor_and_search_finds_it(two, personas, client):
    survivor, loser = two
    client.force_login(personas.bm, backend=BACKEND)
    page = client.get(f"/crm/customers/{survivor.pk}/merge/?other={loser.pk}")
    assert page.status_code == 200
    assert "展会认识" in page.content.decode()
    body = {"loser": loser.pk, "version": survivor.version, "loser_version": loser.version, "notes": "loser"}
    assert client.post(f"/crm/customers/{survivor.pk}/merge/", body).status_code == 302
    assert client.get(f"/crm/customers/{loser.pk}/").headers["Location"] == survivor.get_absolute_url()
    answer = client.get(f"/api/v1/customers/{loser.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"/api/v1/customers/{survivor.pk}/")
    written = client.patch(
        f"/api/v1/customers/{loser.pk}/",
        json.dumps({"version": 1, "notes": "x"}),
        content_type="application/json",
    )
    assert written.status_code == 409
    for typed in ("鼎流机电", "dljd", loser.code):
        assert (
            survivor.get_absolute_url() in client.get("/search/", {"q": typed, "live": "1"}).content.decode()
        )
    text = client.get(f"/crm/customers/{survivor.pk}/").content.decode()
    assert loser.name in text
    client.force_login(personas.outsider_pm, backend=BACKEND)
    assert client.get(f"/crm/customers/{loser.pk}/").status_code == 404
    assert client.get(f"/api/v1/customers/{loser.pk}/").status_code == 404


def test_the_time_line_tells_of_both(two, personas, client):
    merge(personas, *two)
    from crm.panorama import panorama

    survivor = Customer.objects.get(pk=two[0].pk)
    lines = [
        event for day in panorama(survivor, personas.bm, now=LATER).time_line.days for event in day.events
    ]
    assert sum(event.text.startswith("周副总认可") for event in lines) == 2


def test_the_api_previews_merges_and_takes_back(two, personas, client):
    survivor, loser = two
    client.force_login(personas.co, backend=BACKEND)
    shown = client.get(f"/api/v1/customers/{loser.pk}/merge_preview/", {"other": survivor.pk}).json()
    assert shown["proposed_survivor"] == survivor.pk
    assert {"field": "notes", "survivor": "展会认识", "loser": "老客户", "default": "both"} in shown[
        "fields_differing"
    ]
    done = client.post(f"/api/v1/customers/{survivor.pk}/merge/", {"loser": loser.pk, "name": "loser"})
    assert done.status_code == 200, done.json()
    assert Customer.objects.get(pk=survivor.pk).name == loser.name
    assert client.post(f"/api/v1/customers/{survivor.pk}/undo_merge/").status_code == 200
    assert client.post(f"/api/v1/customers/{survivor.pk}/undo_merge/").status_code == 409
    client.force_login(personas.pm, backend=BACKEND)
    assert client.post(f"/api/v1/customers/{survivor.pk}/merge/", {"loser": loser.pk}).status_code == 403
    assert client.post(f"/api/v1/customers/{survivor.pk}/propose_merge/", {"reason": "x"}).status_code == 400


def test_proposals_are_decided_on_their_page(two, personas, client):
    proposal = propose_merge(by=personas.pm, now=NOW, customer=two[0], other=two[1], reason="同一家")
    client.force_login(personas.bm, backend=BACKEND)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "展会认识" in page
    assert client.get("/crm/merges/").status_code == 200
    answer = client.post(f"{proposal.get_absolute_url()}approve/", {"version": 1, "name": "loser"})
    assert answer.status_code == 302
    assert two[0].get_absolute_url() == answer.headers["Location"]
    assert Customer.objects.get(pk=two[0].pk).name == "鼎流机电"


def test_who_may_only_propose_is_led_there(two, personas, client):
    survivor, _loser = two
    mine = make_customer(personas.pm, NOW, owner=personas.pm)
    client.force_login(personas.pm, backend=BACKEND)
    page = client.get(f"/crm/customers/{survivor.pk}/merge/?other={mine.pk}").content.decode()
    assert f"/crm/customers/{survivor.pk}/propose_merge/" in page
    body = {"other": mine.pk, "reason": "同一家"}
    assert client.post(f"/crm/customers/{survivor.pk}/propose_merge/", body).status_code == 302
    assert CustomerMerge.objects.get().state == "proposed"


def test_every_way_to_point_at_a_customer_is_known():
    """A new relation moves by itself; one that must not needs an entry with its reason."""
    assert {column for _model, column in relations(Customer)} >= {
        "customer_id",
        "parent_id",
        "merged_into_id",
    }
    labels = {model._meta.label_lower for model, _column in relations(Customer)}
    assert {"service.ticket", "projects.project", "complaints.complaint", "surveys.response"} <= labels
    kinds = {model._meta.label_lower for model, _kind, _column in pointers()}
    assert {
        "core.task",
        "core.attachment",
        "core.comment",
        "core.notification",
        "accounts.recordaccess",
    } <= kinds
    assert not (labels | kinds) & set(STAYS)


def test_a_row_written_in_the_same_moment_follows(two, personas):
    survivor, loser = two
    merge(personas, survivor, loser)
    stray = Activity.objects.filter(customer=survivor).first()
    Activity.objects.filter(pk=stray.pk).update(customer=loser)
    assert move_all(loser, survivor, Ledger()) == 1
    stray.refresh_from_db()
    assert stray.customer == survivor


def test_the_better_record_survives(two, personas):
    survivor, loser = two
    assert better_survivor(loser, survivor) == (survivor, loser)
    Customer.objects.filter(pk=survivor.pk).update(uscc="")
    CustomerFacts.objects.filter(customer=loser).update(orders_36m=9)
    fresh = [Customer.objects.select_related("facts").get(pk=row.pk) for row in two]
    assert better_survivor(*fresh)[0] == loser
    CustomerFacts.objects.filter(customer=loser).update(orders_36m=2)
    older = [Customer.objects.select_related("facts").get(pk=row.pk) for row in two]
    assert better_survivor(*older)[0] == survivor
    assert default_choices(survivor, loser)["short_name"] == "loser"


def test_facts_of_two_as_of_one():
    names = [field.attname for field in CustomerFacts._meta.concrete_fields if not field.primary_key]
    ours = dict.fromkeys(names) | {
        "csat_mean_12m": 4.0, "csat_answers_24m": 3, "surveys_at": NOW, "last_csat": 5.0, "tickets_at": NOW, "open_tickets": 1,
    }  # fmt: skip
    theirs = dict.fromkeys(names) | {
        "csat_mean_12m": 2.0, "csat_answers_24m": 1, "surveys_at": LATER, "last_csat": 1.0, "open_tickets": 2,
    }  # fmt: skip
    merged = merged_facts(ours, theirs)
    assert (merged["csat_mean_12m"], merged["last_csat"], merged["open_tickets"]) == (3.5, 1.0, 3)
    assert (merged["tickets_at"], merged["surveys_at"], merged["complaints_at"]) == (None, NOW, None)
