"""On whose time line a row belongs is known from its own columns."""

from core.kinds import root_key
from crm.models import Consent, Contact, Customer, DuplicatePair, FollowUp
from service.models import Ticket


def test_the_root_is_named_without_reading_it():
    assert root_key(FollowUp(pk=3, customer_id=7)) == ("crm.customer", 7)
    assert root_key(DuplicatePair(pk=3, first_id=9)) == ("crm.customer", 9)
    assert root_key(Consent(pk=3, contact=Contact(pk=5, customer_id=7))) == ("crm.customer", 7)


def test_a_row_without_a_root_is_its_own():
    assert root_key(Customer(pk=7)) == ("crm.customer", 7)
    assert root_key(Ticket(pk=3)) == ("service.ticket", 3)


def test_the_root_itself_is_there_for_who_asks():
    pump_owner = Customer(pk=7)
    assert FollowUp(pk=3, customer=pump_owner).audit_root is pump_owner
