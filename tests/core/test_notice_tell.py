"""A notice reaches each person once, mutes are kept except for escalations, and the mail follows the reader's scope."""

import pytest
from django.core import mail

from core import outbox
from core.clock import db_now
from core.models import Notification, OutboxMessage, Task
from core.notify import notify, render_notices
from core.tasks_list import close_tasks, open_task
from tests.complaints.factories import make_case

pytestmark = pytest.mark.django_db


def tell(people, case, key="k"):
    return notify(people, "complaints.registered", case, now=db_now(), dedupe_key=key)


def test_each_person_is_told_once(personas):
    case = make_case(personas)
    Notification.objects.all().delete()
    OutboxMessage.objects.all().delete()
    assert tell([personas.sv, personas.sv, None, personas.dm_prd], case) == 2
    assert tell([personas.sv, personas.dm_prd, personas.ex], case) == 1
    assert Notification.objects.count() == OutboxMessage.objects.filter(kind="mail").count() == 3


def test_a_notice_costs_the_same_for_one_and_for_many(personas, django_assert_num_queries):
    case = make_case(personas)
    people = [personas.fresh(name) for name in ("sv", "ex", "bm", "pm", "dm_prd")]
    with django_assert_num_queries(3):  # the clock, notices (and who knew already), mails
        tell(people[:1], case, key="one")
    with django_assert_num_queries(3):  # the clock, notices (and who knew already), mails
        tell(people, case, key="many")


def test_who_left_hears_nothing(personas):
    case = make_case(personas)
    personas.sv.is_active = False
    assert tell([personas.sv], case) == 0


def test_the_mail_is_sent_once_in_the_readers_language(personas):
    case = make_case(personas)
    OutboxMessage.objects.all().delete()
    personas.sv.language = "en"
    personas.sv.save()
    tell([personas.sv], case)
    assert outbox.deliver_due("mail") == 1
    assert outbox.deliver_due("mail") == 0
    [sent] = mail.outbox
    assert "Complaint" in sent.subject
    assert case.code in sent.subject
    assert sent.extra_headers["Message-ID"]


def test_a_reader_who_lost_sight_of_the_row_gets_no_name_of_it(personas):
    case = make_case(personas)
    OutboxMessage.objects.all().delete()
    tell([personas.outsider_pm], case)
    outbox.deliver_due("mail")
    assert case.code not in mail.outbox[0].subject + mail.outbox[0].body
    [shown] = render_notices(Notification.objects.filter(user=personas.outsider_pm), personas.outsider_pm)
    assert case.code not in shown.sentence


def test_a_task_is_one_line_that_moves_and_closes(personas):
    case = make_case(personas)
    Task.objects.all().delete()
    first, later = db_now(), db_now().replace(year=2030)
    open_task("complaints.triage", case, personas.sv, due_at=first)
    open_task("complaints.triage", case, personas.sv, due_at=later, severity=2)
    task = Task.objects.get()
    assert (task.due_at, task.severity, task.root_id) == (later, 2, case.customer_id)
    assert close_tasks(case, now=first) == 1
    open_task("complaints.triage", case, personas.sv, due_at=first)
    assert Task.objects.filter(closed_at=None).count() == 1


def test_tasks_of_several_kinds_close_together_and_others_stay(personas):
    case = make_case(personas)
    Task.objects.all().delete()
    now = db_now()
    for kind in ("complaints.triage", "complaints.reply", "complaints.step"):
        open_task(kind, case, personas.sv, due_at=now)
    assert close_tasks(case, now=now, kind=("complaints.triage", "complaints.reply")) == 2
    assert Task.objects.get(closed_at=None).kind == "complaints.step"
