"""A contact ends letters with one tap from the letter itself: no sign-in, kept in the audit, asked by every sending."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry
from core.outbox import deliver_due
from crm.consents import may_contact
from crm.models import Consent, Contact
from crm.operations import record_consent
from crm.unsubscribe import unsubscribe_word
from surveys import operations
from surveys.choices import ExcludeReason
from surveys.desk import why_not, why_not_write
from tests.surveys.factories import CLOSED, make_closed_ticket, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody():
    return Client(enforce_csrf_checks=True)


def link(letter):
    return re.search(r"退订: \S+?(/u/\S+)", letter.body).group(1)


def asked(contact, at=None):
    return bool(may_contact(contact, "survey", now=at or timezone.now()))


def test_the_letter_carries_the_link_and_one_tap_ends_the_letters(personas, anybody):
    row = sent(personas)
    deliver_due("surveys.mail", now=timezone.now() + timedelta(hours=1))
    (letter,) = mail.outbox
    url = link(letter)
    assert url in letter.extra_headers["List-Unsubscribe"]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = anybody.get(url)
    assert page.status_code == 200
    assert row.contact.name not in page.content.decode()
    assert (asked(row.contact), Consent.objects.count()) == (True, 0)  # reading changes nothing
    done = anybody.post(url, {"List-Unsubscribe": "One-Click"})  # as a mail program does, without a cookie
    assert done.status_code == 200
    assert "不再就此给您写信" in done.content.decode()
    kept = Consent.objects.get()
    assert (kept.purpose, kept.withdrawn_via, kept.withdrawn_by, kept.recorded_by) == (
        "survey",
        "form",
        None,
        None,
    )
    entry = AuditEntry.objects.get(code="crm.withdraw_consent")
    assert (entry.actor, entry.data["contact"]) == (None, row.contact_id)


def test_a_second_tap_changes_nothing_more(personas, anybody):
    url = link_of(sent(personas))
    assert [anybody.post(url).status_code for _turn in range(3)] == [200, 200, 200]
    assert (Consent.objects.count(), AuditEntry.objects.filter(code="crm.withdraw_consent").count()) == (1, 1)


def link_of(row, purpose="survey"):
    return f"/u/{unsubscribe_word(row.contact, purpose)}"


def test_no_sending_goes_past_it(personas, anybody):
    row = sent(personas)
    anybody.post(link_of(row))
    ticket = make_closed_ticket(personas, customer=row.customer, symptom="F07")
    second = operations.invite(by=None, now=CLOSED, ticket=ticket)
    deliver_due("surveys.mail", now=timezone.now() + timedelta(hours=1))
    assert why_not(second, now=timezone.now()) == ExcludeReason.WITHDRAWN
    assert why_not_write(row, now=timezone.now())
    assert mail.outbox == []


def test_only_this_kind_of_letters_ends_and_a_later_yes_counts_again(personas, now, anybody):
    row = sent(personas)
    contact = Contact.objects.get(pk=row.contact_id)
    record_consent(
        by=personas.pm, now=now, contact=contact, purpose="marketing", method="paper", proof="展会登记表"
    )
    anybody.post(link_of(row))
    assert may_contact(contact, "marketing", now=timezone.now())
    assert not may_contact(contact, "survey", now=timezone.now())
    anybody.post(link_of(row, "marketing"))
    assert not may_contact(contact, "marketing", now=timezone.now())


@pytest.mark.parametrize("change", ["", "x", "no-such-word", "other"])
def test_a_word_we_did_not_make_is_no_page_and_ends_nothing(personas, anybody, change):
    row = sent(personas)
    word = unsubscribe_word(row.contact, "survey")
    bad = {
        "": word[:-1],
        "x": f"{word}x",
        "no-such-word": "no-such-word",
        "other": word.replace(":", ".", 1),
    }[change]
    assert anybody.get(f"/u/{bad}").status_code == 404
    assert anybody.post(f"/u/{bad}").status_code == 404
    assert asked(row.contact)


def test_an_erased_person_leaves_no_new_trace(personas, anybody):
    row = sent(personas)
    Contact.objects.filter(pk=row.contact_id).update(contact_removed=True)
    assert anybody.post(link_of(row)).status_code == 200
    assert not Consent.objects.exists()


def test_only_reading_and_one_tap(personas, anybody):
    url = link_of(sent(personas))
    assert anybody.put(url).status_code == 405
    assert "noindex" in anybody.get(url).headers["X-Robots-Tag"]
