"""Closed tickets are asked about: once, in the allowed hours, within the contact's limits, never an employee."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.calendars import work_calendar
from core.errors import NotAllowed, RuleBroken, StaleVersion, WrongState
from core.models import AuditEntry, OutboxMessage
from crm.models import Contact
from crm.operations import withdraw_consent
from service.models import Ticket
from surveys import operations, sweeps
from surveys.choices import ExcludeReason
from surveys.models import Invitation
from surveys.policy import next_window, reminder_at
from tests.complaints.factories import make_case
from tests.surveys.factories import CLOSED, make_closed_ticket, planned, sent, silence

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2026-11-16 08:59", "2026-11-16 09:00"),
        ("2026-11-16 12:30", "2026-11-16 12:30"),
        ("2026-11-16 17:59", "2026-11-16 17:59"),
        ("2026-11-16 18:00", "2026-11-17 09:00"),
        ("2026-11-20 19:00", "2026-11-23 09:00"),
        ("2026-09-30 20:00", "2026-10-08 09:00"),
    ],
)
def test_letters_go_out_on_working_days_from_nine_to_six(now, allowed):
    assert next_window(at(now), work_calendar()) == at(allowed)


def test_reminders_after_three_and_seven_days_and_no_more():
    sent_at = at("2026-11-17 09:00")
    assert reminder_at(sent_at, 0, work_calendar()) == at("2026-11-20 09:00")
    assert reminder_at(sent_at, 1, work_calendar()) == at("2026-11-24 09:00")
    assert reminder_at(sent_at, 2, work_calendar()) is None
    assert reminder_at(at("2026-11-18 10:00"), 0, work_calendar()) == at("2026-11-23 09:00")  # a Saturday


def test_a_closed_ticket_has_its_invitation_within_a_minute_and_only_one(personas):
    ticket = make_closed_ticket(personas)
    now = CLOSED + timedelta(seconds=60)
    assert sweeps.invite_closed_tickets(now) == 1
    assert sweeps.invite_closed_tickets(now) == 0
    invitation = Invitation.objects.get(ticket=ticket)
    assert invitation.state == "planned"
    assert invitation.owner == ticket.owner
    with pytest.raises(WrongState):
        operations.invite(by=None, now=now, ticket=ticket)


def test_open_old_and_taken_over_tickets_are_not_asked_about(personas):
    ticket = make_closed_ticket(personas)
    assert sweeps.invite_closed_tickets(CLOSED + timedelta(days=15)) == 0
    Ticket.objects.filter(pk=ticket.pk).update(historical=True)
    assert sweeps.invite_closed_tickets(CLOSED) == 0
    with pytest.raises(RuleBroken):
        operations.invite(by=None, now=CLOSED, ticket=Ticket.objects.get(pk=ticket.pk))


def test_the_letter_carries_the_link_and_goes_out_once(personas, settings):
    invitation = planned(personas)
    assert sweeps.send_invitations(CLOSED) == 1
    assert sweeps.send_invitations(CLOSED) == 0
    row = Invitation.objects.get(pk=invitation.pk)
    assert (row.state, row.channel, row.sent_at) == ("sent", "mail", CLOSED)
    assert timezone.localtime(row.expires_at).strftime("%m-%d %H:%M:%S") == "12-01 23:59:59"
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(hours=1))
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=3))
    assert outbox.deliver_due("surveys.mail") == 1
    assert len(mail.outbox) == 1
    assert f"/s/{row.token}" in mail.outbox[0].body
    assert row.token not in row.token_digest


def test_the_word_of_the_link_is_nowhere_in_the_database(personas):
    invitation = sent(personas)
    assert invitation.token not in str(OutboxMessage.objects.values_list("payload", "dedupe_key"))
    assert invitation.token not in str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert len(invitation.token) == 26  # 128 bits in base32


def test_an_invitation_outside_the_hours_waits(personas):
    invitation = planned(personas)
    night = CLOSED + timedelta(hours=12)
    sweeps.send_invitations(night)
    row = Invitation.objects.get(pk=invitation.pk)
    assert row.state == "planned"
    assert row.send_at == datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def exclude_reason(invitation):
    sweeps.send_invitations(CLOSED)
    row = Invitation.objects.get(pk=invitation.pk)
    return row.state, row.exclude_reason


def test_somebody_who_does_not_want_contact_is_left_out(personas):
    invitation = planned(personas)
    silence(invitation.contact)
    assert exclude_reason(invitation) == ("excluded", ExcludeReason.DO_NOT_CONTACT)


def test_somebody_who_left_is_left_out(personas):
    invitation = planned(personas)
    Contact.objects.filter(pk=invitation.contact_id).update(left_at=CLOSED.date())
    assert exclude_reason(invitation) == ("excluded", ExcludeReason.LEFT)


@pytest.mark.parametrize("way", ["email", "mobile"])
def test_an_employees_own_address_is_never_written_to(personas, way):
    invitation = planned(personas, email="ae@example.com" if way == "email" else "someone@customer.example")
    if way == "mobile":
        engineer = User.objects.get(pk=personas.ae.pk)
        engineer.phone = f"+86 {invitation.contact.mobile}"
        engineer.save()
    assert exclude_reason(invitation) == ("excluded", ExcludeReason.EMPLOYEE)


def test_an_open_grave_complaint_comes_first(personas):
    invitation = planned(personas)
    case = make_case(personas, customer=invitation.customer, claim_amount=600_000)
    assert case.severity == "s1"
    assert exclude_reason(invitation) == ("excluded", ExcludeReason.OPEN_COMPLAINT)


def test_nobody_is_asked_twice_within_thirty_days(personas):
    first = sent(personas)
    ticket = make_closed_ticket(personas, customer=first.customer, symptom="F07")
    second = operations.invite(by=None, now=CLOSED, ticket=ticket)
    assert exclude_reason(second) == ("excluded", ExcludeReason.RECENT)


def test_nobody_is_asked_more_than_four_times_a_year(personas):
    first = sent(personas)
    for number, symptom in enumerate(("F07", "F08", "F09", "F10"), start=1):
        ticket = make_closed_ticket(personas, customer=first.customer, symptom=symptom)
        row = operations.invite(by=None, now=CLOSED, ticket=ticket)
        if number < 4:
            row.send(by=None, now=CLOSED + timedelta(days=40 * number), channel="mail")
    later = CLOSED + timedelta(days=160)
    with pytest.raises(RuleBroken) as refusal:
        row.send(by=None, now=later, channel="mail")
    assert refusal.value.code == ExcludeReason.YEARLY


def test_without_an_address_the_service_desk_hands_the_link_over(personas):
    invitation = planned(personas, email="")
    assert invitation.channel == "link"
    assert sweeps.send_invitations(CLOSED) == 0
    with pytest.raises(NotAllowed):
        invitation.send(by=personas.pm, now=CLOSED)
    given = invitation.send(by=personas.dp, now=CLOSED)
    assert (given.state, given.channel, given.next_reminder_at) == ("sent", "link", None)
    with pytest.raises(WrongState):
        invitation.send(by=personas.dp, now=CLOSED)
    assert not OutboxMessage.objects.filter(kind="surveys.mail").exists()


def test_a_stale_version_is_refused(personas):
    invitation = planned(personas, email="")
    with pytest.raises(StaleVersion):
        invitation.send(by=personas.dp, now=CLOSED, version=invitation.version + 1)


def test_two_reminders_then_silence_and_one_letter_after_a_gap(personas):
    invitation = sent(personas)
    assert sweeps.remind(CLOSED + timedelta(days=2)) == 0
    assert sweeps.remind(CLOSED + timedelta(days=3)) == 1
    assert sweeps.remind(CLOSED + timedelta(days=3)) == 0
    assert sweeps.remind(CLOSED + timedelta(days=7)) == 1
    assert sweeps.remind(CLOSED + timedelta(days=13)) == 0
    assert OutboxMessage.objects.filter(kind="surveys.mail").count() == 3
    assert Invitation.objects.get(pk=invitation.pk).reminders == 2


def test_after_a_long_standstill_one_reminder_stands_for_both(personas):
    sent(personas)
    assert sweeps.remind(CLOSED + timedelta(days=9)) == 1
    assert sweeps.remind(CLOSED + timedelta(days=10)) == 0
    assert OutboxMessage.objects.filter(kind="surveys.mail").count() == 2


def test_a_link_ends_after_fourteen_days(personas):
    invitation = sent(personas)
    assert sweeps.expire(CLOSED + timedelta(days=14)) == 0
    assert sweeps.expire(CLOSED + timedelta(days=15)) == 1
    assert Invitation.objects.get(pk=invitation.pk).state == "expired"
    with pytest.raises(WrongState):
        Invitation.objects.get(pk=invitation.pk).expire(by=None, now=CLOSED + timedelta(days=15))


def test_the_crm_office_may_leave_somebody_out_with_a_reason(personas):
    invitation = planned(personas)
    with pytest.raises(NotAllowed):
        invitation.exclude(by=personas.bm, now=CLOSED, reason="不用问")
    row = invitation.exclude(by=personas.co, now=CLOSED, reason="客户正在搬迁")
    assert (row.state, row.exclude_reason) == ("excluded", ExcludeReason.BY_HAND)
    assert sweeps.send_invitations(CLOSED) == 0


def test_an_objection_counts_at_once_even_for_a_letter_already_on_its_way(personas):
    going, waiting = sent(personas), planned(personas)
    mail.outbox.clear()
    for one in (going, waiting):
        withdraw_consent(by=personas.dp, now=CLOSED, contact=one.contact, purpose="survey")
    outbox.deliver_due("surveys.mail", now=timezone.now() + timedelta(hours=1))
    assert mail.outbox == []
    with pytest.raises(RuleBroken) as refusal:
        Invitation.objects.get(pk=waiting.pk).send(by=None, now=CLOSED, channel="mail")
    assert (refusal.value.code, str(refusal.value.message)) == (ExcludeReason.WITHDRAWN, "本人拒绝调查")
    assert exclude_reason(waiting) == ("excluded", ExcludeReason.WITHDRAWN)


def test_without_the_objection_the_same_letter_goes_out(personas):
    sent(personas)
    outbox.deliver_due("surveys.mail", now=timezone.now() + timedelta(hours=1))
    assert len(mail.outbox) == 1
