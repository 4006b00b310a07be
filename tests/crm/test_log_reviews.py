"""The review of a contact log: opened, found, appealed, answered, final or lapsed; who may what, and each refusal beside it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import Delegation, RecordAccess
from core.clock import db_now
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, Notification, Task
from core.sweep import run_scan
from crm.log_review_choices import PROOF, Finding, ReviewEvidence
from crm.log_review_desk import judges, refuse_thin_finding, reviewers, why_not_judge, why_not_review
from crm.models import Activity, LogReview
from crm.operations import add_log_review, ask_about_visit, state_visit
from crm.operations.authenticity import rescore_activity
from crm.operations.log_reviews import keep_time
from tests.crm.factories import make_activity, make_contact, make_customer
from tests.personas import make_person

pytestmark = pytest.mark.django_db

NOTE = "客户说当天没有人来过，请核实"
WHY = "回访客户，对方明确表示当天没有接到电话。"
WRONG = "当天打的是值班室座机，请向值班室核实。"
ANSWER = "值班室有登记，不足以认定造假。"


@pytest.fixture
def log(personas, now):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    person = make_contact(customer, personas.pm, now)
    return make_activity(
        customer,
        personas.pm,
        now,
        contacts=[person],
        next_step="给书面交期",
        next_at=now + timedelta(days=3),
    )


@pytest.fixture
def review(personas, now, log):
    return add_log_review(by=personas.sv, now=now, activity=log, note=NOTE)


def decided(review, now, finding="falsified", evidence=("callback",), words=WHY):
    return review.decide(by=review.reviewer, now=now, finding=finding, evidence=list(evidence), words=words)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def open_lines(kind):
    return [task.assignee for task in Task.objects.filter(kind=kind, closed_at=None)]


# --- opening -------------------------------------------------------------------------------------------------------------


def test_a_review_opened_by_hand_goes_to_the_office(personas, now, review, log):
    assert (review.state, review.cause, review.author, review.reviewer) == (
        "assigned",
        "by_hand",
        personas.pm,
        personas.co,
    )
    assert review.score == log.score
    assert review.due_at.date().isoformat() == "2026-12-04"  # the tenth working day after a Sunday
    assert open_lines("crm.log_review") == [personas.co]
    assert Notification.objects.get(user=personas.co).code == "crm.log_review_assigned"
    assert not Notification.objects.filter(user=personas.pm).exists()
    codes = AuditEntry.objects.filter(object_kind="crm.logreview").values_list("code", flat=True)
    assert set(codes) == {"crm.add_logreview", "crm.assign_logreview"}


def test_what_is_not_opened(personas, now, review, log):
    with pytest.raises(RuleBroken, match="核查中"), translation.override("zh-hans"):
        add_log_review(by=personas.co, now=now, activity=log, note=NOTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogReview.objects.create(
            activity=log,
            author=log.author,
            cause="sample",
            score=90,
            opened_at=now,
            due_at=now,
            lapses_at=now,
        )
    other = make_activity(log.customer, personas.pm, now)
    with pytest.raises(RuleBroken) as short:
        add_log_review(by=personas.co, now=now, activity=other, note=" 可疑 ")
    assert "note" in short.value.errors
    for name in ("pm", "bm", "ae", "am", "ex", "au", "ad", "outsider_bm"):
        with pytest.raises(NotAllowed):
            add_log_review(by=personas[name], now=now, activity=other, note=NOTE)
    Activity.objects.filter(pk=other.pk).update(score=None)
    other.refresh_from_db()
    with pytest.raises(RuleBroken):
        add_log_review(by=personas.co, now=now, activity=other, note=NOTE)


def test_a_denied_visit_is_looked_at_and_a_confirmed_one_is_not(personas, now, log):
    for said in ("confirmed", "denied"):
        visit = make_activity(log.customer, personas.pm, now, type="site_visit", outcome="met")
        asked = ask_about_visit(by=personas.bm, now=now, activity=visit)
        state_visit(now=now, confirmation=asked, statement=said)
        rows = LogReview.objects.filter(activity=visit)
        assert [row.cause for row in rows] == (["denied"] if said == "denied" else [])
        assert all(row.reviewer == personas.co for row in rows)


def test_a_denial_reaches_whoever_is_looking_already(personas, now, log):
    visit = make_activity(log.customer, personas.pm, now, type="site_visit", outcome="met")
    row = add_log_review(by=personas.co, now=now, activity=visit, note=NOTE)
    asked = ask_about_visit(by=personas.bm, now=now, activity=visit)
    state_visit(now=now, confirmation=asked, statement="denied")
    assert LogReview.objects.get() == row
    assert Notification.objects.filter(user=row.reviewer, code="crm.log_review_denied").count() == 1


def test_a_log_under_review_is_not_rewritten(personas, now, log):
    author, address = client_of(personas.pm), log.get_absolute_url()
    assert author.get(f"{address}edit/").status_code == 200
    row = add_log_review(by=personas.sv, now=now, activity=log, note=NOTE)
    body = {"version": log.version, "summary": "补写的内容比原来的更像真的。", "next_step": "给交期"}
    refused = author.post(f"{address}edit/", body)
    assert refused.status_code == 403
    assert "以留言补充" in refused.content.decode()
    assert f"{address}edit/" not in author.get(address).content.decode()
    decided(row, now, "genuine", ())
    assert author.post(f"{address}edit/", body).status_code == 302


# --- who may judge whom --------------------------------------------------------------------------------------------------


def test_nobody_judges_themselves_or_their_line(personas, now, review):
    both = make_person("co_pm", "CO", "CRO")
    assert why_not_review(both, personas.pm) is None
    assert why_not_review(personas.pm, personas.pm) is not None
    assert why_not_review(personas.bm, personas.pm) is not None  # the manager
    both.manager = personas.pm
    both.save(update_fields=["manager"])
    assert why_not_review(both, personas.pm) is not None  # who reports to the author
    assert reviewers(personas.pm, now) == [personas.co]
    Delegation.objects.create(
        from_user=personas.pm, to_user=personas.co, valid_from=now, valid_to=now + timedelta(days=9999)
    )
    acting = personas.fresh("co")
    assert why_not_review(acting, personas.pm) is not None
    assert reviewers(personas.pm, now) != [personas.co]
    with pytest.raises(NotAllowed):
        review.decide(by=acting, now=now, finding="genuine", words=WHY)


def test_where_nobody_of_the_office_may_look_supervision_does(personas, now, log):
    personas.co.manager = personas.pm
    personas.co.save(update_fields=["manager"])
    row = add_log_review(by=personas.sv, now=now, activity=log, note=NOTE)
    assert row.reviewer in (personas.sv, personas.sv_head)
    for name in ("sv", "sv_head"):
        personas[name].manager = personas.pm
        personas[name].save(update_fields=["manager"])
    LogReview.objects.all().delete()
    log.refresh_from_db()
    with pytest.raises(NotAllowed):
        add_log_review(by=personas.fresh("sv"), now=now, activity=log, note=NOTE)
    assert reviewers(personas.pm, now) == []


def test_an_appeal_is_judged_by_neither_author_nor_finder_nor_their_line(personas, now, review):
    row = decided(review, now)
    assert row.decided_by == personas.co
    assert set(judges(row, now)) == {personas.sv, personas.sv_head}
    assert why_not_judge(personas.co, row) is not None
    assert why_not_judge(personas.pm, row) is not None
    below = make_person("co_below", "CO", "CRO")
    assert why_not_judge(below, row) is None
    below.manager = personas.co
    below.save(update_fields=["manager"])
    assert why_not_judge(below, row) is not None
    row = row.appeal(by=personas.pm, now=now, words=WRONG)
    for person in (personas.co, below):
        with pytest.raises(NotAllowed):
            row.decide_appeal(by=person, now=now, finding="genuine", words=ANSWER)


def test_a_review_is_taken_over_or_passed_on_to_somebody_fit(personas, now, review):
    second = make_person("co_second", "CO", "CRO")
    with pytest.raises(NotAllowed):
        review.decide(by=second, now=now, finding="genuine", words=WHY)
    with pytest.raises(NotAllowed):
        review.take(by=personas.co, now=now)  # has it already
    taken = review.take(by=second, now=now)
    assert (taken.reviewer, open_lines("crm.log_review")) == (second, [second])
    for unfit in (personas.bm, personas.ae, second):
        with pytest.raises(RuleBroken) as wrong:
            taken.assign(by=second, now=now, reviewer=unfit, reason="出差")
        assert "reviewer" in wrong.value.errors
    back = taken.assign(by=second, now=now, reviewer=personas.co, reason="出差两周，无法回访")
    assert back.reviewer == personas.co
    assert AuditEntry.objects.filter(reason="出差两周，无法回访").exists()
    assert Notification.objects.filter(user=personas.co, code="crm.log_review_assigned").count() == 2
    with pytest.raises(NotAllowed):
        back.take(by=personas.bm, now=now)


# --- the finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("finding", Finding.values)
@pytest.mark.parametrize("evidence", [None, *ReviewEvidence.values])
def test_what_a_finding_needs(finding, evidence):
    given = [evidence] if evidence else []
    enough = {
        "genuine": True,
        "incomplete": bool(given),
        "doubtful": bool(given),
        "falsified": bool(PROOF & set(given)),
    }[finding]
    if enough:
        refuse_thin_finding(finding, given, WHY)
    else:
        with pytest.raises(RuleBroken) as thin:
            refuse_thin_finding(finding, given, WHY)
        assert "evidence" in thin.value.errors
    with pytest.raises(RuleBroken) as silent:
        refuse_thin_finding(finding, given, "  不实  ")
    assert "words" in silent.value.errors


def test_a_genuine_log_is_closed_at_once_and_counts_whatever_its_score(personas, now, review, log):
    long_ago = now - timedelta(days=9)
    Activity.objects.filter(pk=log.pk).update(summary="已联系", next_step="", occurred_at=long_ago)
    log.refresh_from_db()
    rescore_activity(log, now)
    assert (log.band, log.verified) == ("suspicious", False)
    row = decided(review, now, "genuine", (), "回访客户，时间和内容都与记录一致。")
    log.refresh_from_db()
    assert (row.state, row.closed_at, log.verified) == ("closed", now, True)
    assert open_lines("crm.log_review") == open_lines("crm.log_finding") == []
    assert Notification.objects.get(user=personas.pm).code == "crm.log_review_genuine"
    with pytest.raises(WrongState):
        row.appeal(by=personas.pm, now=now, words=WRONG)
    with pytest.raises(WrongState):
        decided(row, now)


def test_a_finding_against_the_author_counts_for_nothing_until_it_is_final(personas, now, review, log):
    assert log.verified
    with pytest.raises(StaleVersion):
        review.decide(
            by=personas.co, now=now, version=99, finding="falsified", evidence=["callback"], words=WHY
        )
    row = decided(review, now)
    log.refresh_from_db()
    assert (row.state, row.finding, row.evidence, row.decided_by) == (
        "decided",
        "falsified",
        ["callback"],
        personas.co,
    )
    assert row.due_at.date().isoformat() == "2026-11-27"  # five working days
    assert log.verified
    assert not LogReview.objects.falsified().exists()
    task = Task.objects.get(kind="crm.log_finding")
    assert (task.assignee, task.due_at) == (personas.pm, row.due_at)
    assert Notification.objects.get(user=personas.pm).data == {"until": "2026-11-27"}


def test_the_author_accepts_and_nobody_else(personas, now, review, log):
    row = decided(review, now)
    for name in ("bm", "co", "sv", "ex"):
        with pytest.raises(NotAllowed):
            row.accept(by=personas[name], now=now)
    with pytest.raises(NotFound):
        row.accept(by=personas.pm_other, now=now)
    row = row.accept(by=personas.pm, now=now)
    log.refresh_from_db()
    log.customer.refresh_from_db()
    assert (row.state, log.verified, log.customer.last_verified_contact_at) == ("closed", False, None)
    assert list(LogReview.objects.falsified()) == [row]
    assert open_lines("crm.log_finding") == []
    rescore_activity(log, now)
    assert not log.verified


# --- the appeal ----------------------------------------------------------------------------------------------------------


def test_an_appeal_goes_to_supervision_and_may_make_the_finding_milder(personas, now, later, review, log):
    row = decided(review, now)
    for name in ("bm", "co", "sv"):
        with pytest.raises(NotAllowed):
            row.appeal(by=personas[name], now=now, words=WRONG)
    with pytest.raises(RuleBroken) as short:
        row.appeal(by=personas.pm, now=now, words="不服")
    assert "words" in short.value.errors
    row = row.appeal(by=personas.pm, now=later, words=WRONG)
    assert (row.state, row.judge in (personas.sv, personas.sv_head)) == ("appealed", True)
    assert open_lines("crm.log_appeal") == [row.judge]
    told = set(Notification.objects.filter(code="crm.log_review_appealed").values_list("user", flat=True))
    assert told == {row.judge_id, personas.co.pk}
    assert not LogReview.objects.falsified().exists()
    with pytest.raises(RuleBroken):
        row.decide_appeal(by=row.judge, now=later, finding="doubtful", words="同意")
    done = row.decide_appeal(by=row.judge, now=later, finding="doubtful", words=ANSWER)
    assert (done.state, done.finding, done.first_finding, done.appeal_result) == (
        "closed",
        "doubtful",
        "falsified",
        "changed",
    )
    log.refresh_from_db()
    assert log.verified
    assert not LogReview.objects.falsified().exists()
    told = set(Notification.objects.filter(code="crm.log_review_answered").values_list("user", flat=True))
    assert told == {personas.pm.pk, personas.co.pk}
    assert not Task.objects.filter(object_kind="crm.logreview", closed_at=None).exists()


def test_an_appeal_never_makes_the_finding_worse_and_may_be_refused(personas, now, review, log):
    row = decided(review, now, "incomplete", ("author",)).appeal(by=personas.pm, now=now, words=WRONG)
    for harder in ("doubtful", "falsified"):
        with pytest.raises(RuleBroken) as worse:
            row.decide_appeal(by=personas.sv, now=now, finding=harder, words=ANSWER)
        assert "finding" in worse.value.errors
    done = row.decide_appeal(by=personas.sv, now=now, finding="incomplete", words=ANSWER)
    assert (done.appeal_result, done.finding, done.judge) == ("upheld", "incomplete", personas.sv)


def test_an_appeal_has_five_working_days(personas, now, review):
    row = decided(review, now)
    in_time = row.due_at
    with pytest.raises(RuleBroken):
        row.appeal(by=personas.pm, now=in_time + timedelta(seconds=1), words=WRONG)
    assert row.appeal(by=personas.pm, now=in_time, words=WRONG).state == "appealed"


# --- what time does ------------------------------------------------------------------------------------------------------


def test_without_appeal_the_finding_becomes_final(personas, now, review, log):
    row = decided(review, now)
    assert keep_time(row.due_at) == 0
    late = row.due_at + timedelta(seconds=1)
    run_scan("crm.log_reviews", now=late, force=True)
    row.refresh_from_db()
    log.refresh_from_db()
    assert (row.state, row.closed_at, log.verified) == ("closed", late, False)
    assert list(LogReview.objects.falsified()) == [row]
    assert keep_time(late) == 0
    with pytest.raises(NotAllowed):
        row.close(by=personas.co, now=late)


@pytest.mark.parametrize("appealed", [False, True])
def test_what_nobody_decides_lapses_to_the_authors_good(personas, now, review, log, appealed):
    row = decided(review, now).appeal(by=personas.pm, now=now, words=WRONG) if appealed else review
    assert keep_time(row.lapses_at) == 0
    late = row.lapses_at + timedelta(seconds=1)
    assert row.is_overdue_at(late)
    assert keep_time(late) == 1
    row.refresh_from_db()
    log.refresh_from_db()
    assert (row.state, row.closed_at, log.verified) == ("lapsed", late, True)
    assert not LogReview.objects.falsified().exists()
    assert not Task.objects.filter(object_kind="crm.logreview", closed_at=None).exists()
    told = set(Notification.objects.filter(code="crm.log_review_lapsed").values_list("user", flat=True))
    assert personas.pm.pk in told
    for by in (personas.co, personas.ex):
        with pytest.raises(NotAllowed):
            row.lapse(by=by, now=late)


def test_a_review_of_who_left_is_handed_on(personas, now, review):
    second = make_person("co_second", "CO", "CRO")
    personas.co.is_active = False
    personas.co.save(update_fields=["is_active"])
    assert keep_time(now) == 1
    review.refresh_from_db()
    assert (review.reviewer, open_lines("crm.log_review")) == (second, [second])
    assert keep_time(now) == 0


# --- faces ---------------------------------------------------------------------------------------------------------------


def test_the_queue_and_the_page_of_a_review(personas, now, review, log):
    desk, address = client_of(personas.co), review.get_absolute_url()
    listed = desk.get("/crm/log-reviews/").content.decode()
    assert log.summary in listed
    assert "同事提请" in listed
    for view, shown in (("mine", True), ("overdue", False), ("appealed", False), ("all", True)):
        assert (log.summary in desk.get(f"/crm/log-reviews/?view={view}").content.decode()) is shown, view
    for query, shown in (("band=trusted", True), ("band=suspicious", False), ("cause=by_hand", True)):
        assert (log.summary in desk.get(f"/crm/log-reviews/?{query}").content.decode()) is shown, query
    page = desk.get(address).content.decode()
    assert log.summary in page
    assert NOTE in page
    assert "作出认定" in page
    wrong = desk.post(f"{address}decide/", {"finding": "falsified", "words": WHY, "evidence": "compared"})
    assert wrong.status_code == 400
    assert "都不是证据" in wrong.content.decode()
    right = {"finding": "falsified", "words": WHY, "evidence": ["callback", "compared"]}
    done = desk.post(f"{address}decide/", right)
    assert (done.status_code, done.headers["Location"]) == (302, "/crm/log-reviews/?view=mine")
    assert WHY in desk.get(address).content.decode()
    english = client_of(personas.co).get(address, headers={"accept-language": "en"}).content.decode()
    assert WHY in english


def test_a_desk_is_worked_off_without_the_list(personas, now, review, log):
    others = [make_activity(log.customer, personas.pm, now) for _turn in range(2)]
    rows = [review, *(add_log_review(by=personas.sv, now=now, activity=one, note=NOTE) for one in others)]
    addresses, desk = [row.get_absolute_url() for row in rows], client_of(personas.co)
    for number, address in enumerate(addresses):
        following = addresses[(number + 1) % 3]
        assert f'href="{following}" data-key="n"' in desk.get(address).content.decode()
    genuine = {"finding": "genuine", "words": "回访客户，时间和内容都与记录一致。"}
    done = desk.post(f"{addresses[1]}decide/", genuine)
    assert done.headers["Location"] == addresses[2]
    done = desk.post(f"{addresses[2]}decide/", genuine)
    assert done.headers["Location"] == addresses[0]
    assert 'rel="next"' not in client_of(personas.pm).get(addresses[0]).content.decode()


def test_a_service_manager_sees_the_reviews_of_the_department_only(personas, now, review, log):
    visit = make_activity(log.customer, personas.ae, now)
    of_engineer = add_log_review(by=personas.sv, now=now, activity=visit, note=NOTE)
    assert list(LogReview.objects.visible_to(personas.am)) == [of_engineer]
    assert client_of(personas.am).get(of_engineer.get_absolute_url()).status_code == 200
    assert client_of(personas.am).get(review.get_absolute_url()).status_code == 404
    assert list(LogReview.objects.visible_to(personas.ae)) == [of_engineer]
    assert set(LogReview.objects.visible_to(personas.bm)) == {review, of_engineer}
    assert not LogReview.objects.visible_to(personas.outsider_bm).exists()
    assert not LogReview.objects.visible_to(personas.ad).exists()


def test_the_author_sees_finding_and_reasons_but_not_why_it_was_opened(personas, now, review, log):
    author, address = client_of(personas.pm), review.get_absolute_url()
    page = author.get(address).content.decode()
    listed = author.get("/crm/log-reviews/").content.decode()
    for told in ("同事提请", NOTE):
        assert told not in page
        assert told not in listed
    for cause in ("by_hand", "sample"):  # no filter of the author's: it tells nothing
        assert log.summary in author.get(f"/crm/log-reviews/?cause={cause}").content.decode()
        assert api_of(personas.pm).get(f"/api/v1/log-reviews/?cause={cause}").status_code == 400
    assert author.post(f"{address}decide/", {"finding": "genuine", "words": WHY}).status_code == 403
    decided(review, db_now())
    of_log = author.get(log.get_absolute_url()).content.decode()
    for shown in ("造假", WHY, "客户回访", f"{address}appeal/"):
        assert shown in of_log
    assert "查看对您记录的认定" in author.get("/").content.decode()
    manager = client_of(personas.bm).get(log.get_absolute_url()).content.decode()
    assert WHY in manager
    assert f"{address}appeal/" not in manager
    assert client_of(personas.pm_other).get(address).status_code == 404
    assert client_of(personas.outsider_bm).get(address).status_code == 404
    short = author.post(f"{address}appeal/", {"words": "不服"})
    assert short.status_code == 400
    lead = author.get(f"{log.get_absolute_url()}appeal/")
    assert (lead.status_code, lead.headers["Location"]) == (302, f"{address}appeal/")
    assert author.post(f"{address}appeal/", {"words": WRONG}).status_code == 302
    judge = LogReview.objects.get().judge
    assert WRONG in client_of(judge).get(address).content.decode()
    answer = {"finding": "doubtful", "words": ANSWER}
    assert client_of(judge).post(f"{address}decide_appeal/", answer).status_code == 302
    assert ANSWER in author.get(log.get_absolute_url()).content.decode()


def test_an_author_who_lost_the_customer_still_appeals_without_seeing_the_text(personas, now, review, log):
    decided(review, db_now())
    log.customer.owner = personas.pm_other
    log.customer.save(update_fields=["owner"])
    author, address = client_of(personas.fresh("pm")), review.get_absolute_url()
    RecordAccess.objects.filter(user=personas.pm).delete()
    assert author.get(log.get_absolute_url()).status_code == 404
    for page in (author.get(address), author.get("/crm/log-reviews/")):
        assert page.status_code == 200
        assert log.summary not in page.content.decode()
        assert log.customer.name not in page.content.decode()
    assert author.post(f"{address}appeal/", {"words": WRONG}).status_code == 302


def test_the_copied_log_stands_beside_the_earlier_one(personas, now, log):
    copy = make_activity(log.customer, personas.pm, now + timedelta(hours=2), summary=f"{log.summary}！")
    assert any(one["code"] == "H1" for one in copy.signals)
    row = add_log_review(by=personas.sv, now=now, activity=copy, note=NOTE)
    page = client_of(personas.co).get(row.get_absolute_url()).content.decode()
    assert "与之相似的较早记录" in page
    assert log.get_absolute_url() in page
    assert "与记录人近 90 天内另一条记录相似度 100%" in page
    assert "与您近 90 天内" in client_of(personas.pm).get(row.get_absolute_url()).content.decode()


def test_a_log_is_opened_for_review_from_its_page(personas, now, log):
    address = log.get_absolute_url()
    assert "提请核查" in client_of(personas.sv).get(address).content.decode()
    assert "提请核查" not in client_of(personas.bm).get(address).content.decode()
    form = f"{address}review_authenticity/"
    assert client_of(personas.bm).get(form).status_code == 403
    assert client_of(personas.sv).post(form, {"note": "短"}).status_code == 400
    opened = client_of(personas.sv).post(form, {"note": NOTE})
    assert opened.headers["Location"] == LogReview.objects.get().get_absolute_url()
    assert client_of(personas.pm).get(f"{address}appeal/").status_code == 302


def test_an_appeal_by_the_address_of_a_log_without_review(personas, log):
    assert client_of(personas.pm).get(f"{log.get_absolute_url()}appeal/").status_code == 404
    assert client_of(personas.bm).get(f"{log.get_absolute_url()}appeal/").status_code == 403


def test_the_draws_are_read_by_the_desk_and_not_by_authors(personas):
    assert client_of(personas.co).get("/crm/log-draws/").status_code == 200
    assert client_of(personas.pm).get("/crm/log-draws/").status_code == 403
    assert api_of(personas.au).get("/api/v1/log-draws/").json()["results"] == []
    assert api_of(personas.bm).get("/api/v1/log-draws/").status_code == 403


def test_the_api_leads_through_a_review(personas, now, log):
    desk, author = api_of(personas.co), api_of(personas.pm)
    body = {"activity": log.pk, "note": NOTE}
    assert author.post("/api/v1/log-reviews/", body, format="json").status_code == 403
    made = desk.post("/api/v1/log-reviews/", body, format="json")
    assert made.status_code == 201, made.json()
    shown = made.json()
    assert (shown["cause"], shown["band"], shown["reviewer"]) == ("by_hand", "trusted", personas.co.pk)
    assert shown["available_actions"] == ["decide", "assign"]
    address = f"/api/v1/log-reviews/{shown['id']}/"
    seen = author.get(address).json()
    assert (seen["cause"], seen["note"], seen["draw"], seen["available_actions"]) == ("", "", None, [])
    assert isinstance(seen["reasons"], list)
    finding = {"finding": "falsified", "evidence": ["callback"], "words": WHY}
    assert author.post(f"{address}decide/", finding, format="json").status_code == 403
    unknown = desk.post(f"{address}decide/", {**finding, "evidence": ["hearsay"]}, format="json")
    assert unknown.status_code == 400
    assert desk.post(f"{address}decide/", finding, format="json").json()["state"] == "decided"
    assert desk.post(f"{address}decide/", finding, format="json").status_code == 409
    assert author.get(address).json()["available_actions"] == ["appeal", "accept"]
    of_log = f"/api/v1/activities/{log.pk}/"
    assert desk.post(f"{of_log}appeal/", {"words": WRONG}, format="json").status_code == 403
    assert author.post(f"{of_log}appeal/", {"words": WRONG}, format="json").status_code == 200
    judge = LogReview.objects.get().judge
    answer = {"finding": "falsified", "words": ANSWER}
    assert desk.post(f"{address}decide_appeal/", answer, format="json").status_code == 403
    done = api_of(judge).post(f"{address}decide_appeal/", answer, format="json").json()
    assert (done["state"], done["appeal_result"], done["finding"]) == ("closed", "upheld", "falsified")
    assert desk.get("/api/v1/log-reviews/").json()["results"] == []
    found = desk.get("/api/v1/log-reviews/?finding=falsified").json()["results"]
    assert [one["id"] for one in found] == [shown["id"]]
    other = make_activity(log.customer, personas.pm, now)
    assert author.post(f"/api/v1/activities/{other.pk}/appeal/", {"words": WRONG}).status_code == 404
    opened = f"/api/v1/activities/{other.pk}/review_authenticity/"
    assert author.post(opened, {"note": NOTE}, format="json").status_code == 403
    assert desk.post(opened, {"note": NOTE}, format="json").status_code == 200
