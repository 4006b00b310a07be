"""The generated company: the same rows for the same arguments, other rows for another seed, derived columns right."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from config.generate.company import Manifest, generate
from config.generate.profiles import Profile
from crm.models import Contact, Customer
from service.models import Ticket
from service.timekeeping import calendar_of, run_of

TINY = Profile(customers=120, contacts=200, activities=150, tickets=150, follow_ups=100, busy=20)
AS_OF = datetime(2026, 11, 22, 16, tzinfo=UTC)


def generated_and_forgotten(seed: int) -> Manifest:
    """Start the ids as in an empty installation, make the rows, and take them back."""
    with connection.cursor() as cursor:
        for table, column in (("accounts_user", "id"), ("core_auditentry", "seq")):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(max({column}), 0) + 1, false)"
                f" FROM {table}",
                [table, column],
            )
    with transaction.atomic():
        made = generate(TINY, seed, AS_OF)
        transaction.set_rollback(True)
    return made


def test_equal_arguments_make_equal_rows(db: Any) -> None:
    first = generated_and_forgotten(7)
    again = generated_and_forgotten(7)
    other = generated_and_forgotten(8)
    assert first == again
    assert first.counts == other.counts | {key: first.counts[key] for key in _drawn(first, other)}
    assert first.checksum != other.checksum


def _drawn(first: Manifest, other: Manifest) -> set[str]:
    """Tables whose size itself is drawn: clocks, assignments, tasks, entries."""
    return {key for key in first.counts if first.counts[key] != other.counts.get(key)} & {
        "service_ticketclock",
        "service_ticketassignment",
        "core_task",
        "core_auditentry",
    }


def test_rows_are_what_the_product_would_have_written(db: Any) -> None:
    from service.sla import due_times

    generate(TINY, 7, AS_OF)
    customer = Customer.objects.exclude(short_name="").order_by("pk")[3]
    assert customer in Customer.objects.matching_names(customer.name)
    contact = Contact.objects.select_related("customer").order_by("pk")[5]
    assert Contact.objects.matching(contact.mobile).get() == contact
    assert contact.mobile_masked != contact.mobile
    before = (customer.name_keys, customer.search_terms)
    customer.save()
    customer.refresh_from_db()
    assert (customer.name_keys, customer.search_terms) == before
    for ticket in Ticket.objects.filter(state="new")[:3]:
        dues = due_times(run_of(ticket), calendar_of(ticket))
        assert {clock.kind: clock.due_at for clock in ticket.clocks.all()} == {
            kind: due.due_at for kind, due in dues.items()
        }
    for model in (Customer, Ticket):
        assert model.objects.order_by("-pk").first().pk == model.objects.count()
    for ticket in Ticket.objects.order_by("pk")[:20]:
        ticket.full_clean(exclude=["customer", "branch"])


def test_is_refused_where_people_work(personas: Any) -> None:
    assert User.objects.exists()
    with pytest.raises(CommandError, match="empty database"):
        call_command("generate", profile="XS")
