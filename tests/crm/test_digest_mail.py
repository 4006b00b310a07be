"""The morning mail: at its hour, once a day and person whatever is killed, only what the person sees, nothing when nothing is to say."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import outbox
from core.models import OutboxMessage
from core.sweep import run_scan
from crm import digests, outbox_handlers
from crm.board_scan import count_boards
from crm.digests import digest_of, is_week_start, prepare_digests
from crm.models import Customer, DigestDay, FollowUp
from crm.operations import ask_assignment, count_due_completeness, give_promise
from tests.crm.factories import make_customer, make_follow_up

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))


MONDAY, TUESDAY = at(23, 8, 40), at(24, 8, 40)


@pytest.fixture
def work(personas, now):
    """An overdue and a due step of `pm`, a neglected customer of the branch, and work of another branch."""
    customer = make_customer(personas.pm, now - timedelta(days=5), owner=personas.pm, name="青屿水务有限公司")
    late = make_follow_up(
        customer, personas.pm, now - timedelta(days=5), text="补签技术协议，电话 13800138000"
    )
    today = make_follow_up(customer, personas.pm, now - timedelta(days=5), text="送还样本泵")
    FollowUp.objects.filter(pk=late.pk).update(due_at=MONDAY - timedelta(days=2))
    FollowUp.objects.filter(pk=today.pk).update(due_at=MONDAY + timedelta(hours=8))
    Customer.objects.filter(pk=customer.pk).update(contact_due_at=now - timedelta(days=3))
    far = make_customer(
        personas.outsider_pm, now - timedelta(days=5), owner=personas.outsider_pm, name="南湾化工有限公司"
    )
    make_follow_up(far, personas.outsider_pm, now - timedelta(days=5), text="南湾的事")
    return customer


def send(now):
    run_scan("crm.digests", now=now, force=True)
    return outbox.deliver_due(digests.MAIL_KIND, now=now + timedelta(minutes=1))


def letters(person):
    return [letter for letter in mail.outbox if letter.to == [person.email]]


@pytest.fixture
def morning(monkeypatch):
    """The instant at which mails are rendered."""
    monkeypatch.setattr(outbox_handlers, "db_now", lambda: MONDAY + timedelta(minutes=1))


def test_each_person_gets_own_things_once_a_day(personas, work, morning):
    send(MONDAY - timedelta(minutes=1))
    assert not mail.outbox
    send(MONDAY)
    send(MONDAY + timedelta(hours=2))
    (letter,) = letters(personas.pm)
    assert "补签技术协议" in letter.body
    assert "送还样本泵" in letter.body
    assert "13800138000" not in letter.body
    assert "南湾" not in letter.body
    assert not letters(personas.pm_other)
    assert letter.subject.startswith("今日 2 项待办")


def test_the_branch_manager_hears_of_neglected_and_waiting_customers(personas, work, morning, now):
    waiting = make_customer(personas.bm, now, name="待分配水厂")
    ask_assignment(waiting, now=now)
    send(MONDAY)
    (letter,) = letters(personas.bm)
    assert "青屿水务" in letter.body
    assert "1 个客户" in letter.body
    assert not letters(personas.outsider_bm)
    assert digest_of(personas.pm, MONDAY).neglected.total == 0


def test_in_the_persons_language(personas, work, morning):
    type(personas.pm).objects.filter(pk=personas.pm.pk).update(language="en")
    send(MONDAY)
    (letter,) = letters(personas.pm)
    assert "Good morning" in letter.body
    assert letter.subject.startswith("2 things to do today")


def test_who_switched_it_off_gets_none_even_between_order_and_sending(personas, work, morning):
    people = type(personas.pm).objects
    people.filter(pk=personas.pm.pk).update(daily_digest=False)
    send(MONDAY)
    assert not letters(personas.pm)
    people.filter(pk=personas.pm.pk).update(daily_digest=True)
    run_scan("crm.digests", now=MONDAY + timedelta(minutes=5), force=True)
    people.filter(pk=personas.pm.pk).update(daily_digest=False)
    outbox.deliver_due(digests.MAIL_KIND, now=MONDAY + timedelta(minutes=6))
    assert not letters(personas.pm)


def test_a_closed_account_gets_none(personas, work, morning):
    type(personas.pm).objects.filter(pk=personas.pm.pk).update(is_active=False)
    send(MONDAY)
    assert not letters(personas.pm)


def test_no_mail_on_a_day_off_in_the_evening_or_when_nothing_is_to_say(personas, work, morning):
    assert prepare_digests(at(22, 9)) == 0  # Sunday
    assert prepare_digests(at(23, 20, 30)) == 0
    send(MONDAY)
    assert DigestDay.objects.filter(user=personas.ae, looked_at__isnull=False, sent_at__isnull=True).exists()
    assert not letters(personas.ae)


def test_done_before_it_goes_out_is_not_told(personas, work, morning):
    run_scan("crm.digests", now=MONDAY, force=True)
    FollowUp.objects.update(due_at=MONDAY + timedelta(days=5))
    outbox.deliver_due(digests.MAIL_KIND, now=MONDAY + timedelta(minutes=1))
    assert not letters(personas.pm)


def test_a_sweep_killed_in_the_middle_is_finished_by_the_next(personas, work, morning, monkeypatch):
    real, calls = digests.digest_of, []

    def die(user, now, **values):
        calls.append(user)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(user, now, **values)

    with monkeypatch.context() as patched:
        patched.setattr(digests, "digest_of", die)
        with pytest.raises(KeyboardInterrupt):
            prepare_digests(MONDAY)
    assert DigestDay.objects.filter(looked_at__isnull=True).exists()
    send(MONDAY + timedelta(minutes=2))
    assert not DigestDay.objects.filter(looked_at__isnull=True).exists()
    assert len(letters(personas.pm)) == 1


def test_a_sender_killed_before_its_commit_sends_again_under_the_same_id(
    personas, work, morning, monkeypatch
):
    run_scan("crm.digests", now=MONDAY, force=True)
    with monkeypatch.context() as patched:
        patched.setattr(outbox_handlers.EmailMessage, "send", lambda self: 1 / 0)
        outbox.deliver_due(digests.MAIL_KIND, now=MONDAY + timedelta(minutes=1))
    assert not DigestDay.objects.filter(sent_at__isnull=False).exists()
    OutboxMessage.objects.filter(kind=digests.MAIL_KIND).update(due_at=MONDAY)
    outbox.deliver_due(digests.MAIL_KIND, now=MONDAY + timedelta(hours=1))
    outbox.deliver_due(digests.MAIL_KIND, now=MONDAY + timedelta(hours=2))
    assert len(letters(personas.pm)) == 1


def test_after_a_downtime_only_todays_goes_out(personas, work, monkeypatch):
    monkeypatch.setattr(outbox_handlers, "db_now", lambda: TUESDAY + timedelta(days=2))
    send(TUESDAY + timedelta(days=2))
    assert len(letters(personas.pm)) == 1


def test_the_first_working_day_of_a_week_tells_managers_the_signs(personas, work, morning, now):
    assert is_week_start(MONDAY.date())
    assert not is_week_start(TUESDAY.date())
    count_due_completeness(now)
    count_boards(now)
    send(MONDAY)
    assert "/crm/customers/privatisation/" in letters(personas.bm)[0].body
    assert "/crm/customers/privatisation/" in letters(personas.co)[0].body
    assert "/crm/customers/privatisation/" not in letters(personas.pm)[0].body
    assert digest_of(personas.co, TUESDAY).is_empty


def test_promises_and_their_day(personas, work, now):
    give_promise(
        by=personas.pm, now=now, customer=work, text="周一前给备件交期", due_at=MONDAY + timedelta(hours=6)
    )
    assert digest_of(personas.pm, MONDAY).promises.total == 1
    assert digest_of(personas.pm, MONDAY - timedelta(days=2)).promises.total == 0
