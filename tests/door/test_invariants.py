"""`check_invariants` is quiet over an honest history and names each thing that should never be."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from core import audit, outbox
from core.clock import db_now
from core.files import path_of, store_and_attach
from core.models import AuditEntry, OutboxMessage, StoredFile
from tests.crm.import_files import csv_file, imported
from tests.service.factories import closed, dispatched

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(personas: Any) -> Any:
    """A closed and an assigned ticket, a file, an import; everything sent and sealed."""
    ticket = closed(personas)
    dispatched(personas)
    store_and_attach(SimpleUploadedFile("note.txt", "泵房照片".encode()), ticket, kind="note", by=personas.ae)
    imported(personas.bm, csv_file("云润水务集团有限公司,河北省,石家庄市,水务,,周敏,13800138000"))
    OutboxMessage.objects.update(state=OutboxMessage.State.DONE)
    assert audit.seal(db_now() + timedelta(minutes=5)) > 0  # late enough for every entry to have settled
    return ticket


def sql(text: str) -> Callable[[Any], None]:
    """A wrong written past the product."""

    def run(_ticket: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    return run


def lose_bytes(_ticket: Any) -> None:
    path_of(StoredFile.objects.get().stored_name).unlink()


def cut_bytes(_ticket: Any) -> None:
    path_of(StoredFile.objects.get().stored_name).write_bytes(b"cut")


def leave_lying(_ticket: Any) -> None:
    outbox.enqueue("mail", "forgotten", {}, due_at=db_now() - timedelta(hours=1))


def test_an_honest_history_has_no_findings(history: Any) -> None:
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert "9 invariants hold" in out.getvalue()


WRONGS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "a counter set back": ("N1", sql("UPDATE core_codecounter SET next = 1")),
    "a counter lost": ("N1", sql("DELETE FROM core_codecounter WHERE prefix = 'GD'")),
    "a state written by hand": (
        "N2",
        sql("UPDATE service_ticket SET state = 'cancelled' WHERE state = 'closed'"),
    ),
    "an effect twice": (
        "N3",
        sql(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE core_notification DROP CONSTRAINT one_notice_per_key;"
            " INSERT INTO core_notification"
            " (user_id, code, object_kind, data, dedupe_key, at) SELECT user_id, code, '', data, dedupe_key, at"
            " FROM core_notification LIMIT 1"
        ),
    ),
    "a dead worker's lease": (
        "N4",
        sql(
            "UPDATE core_outboxmessage SET state = 'running', lease_until = now() - interval '2 minutes'"
            " WHERE id = (SELECT min(id) FROM core_outboxmessage)"
        ),
    ),
    "a due row left lying": ("N4", leave_lying),
    "another engineer than assigned": (
        "N5",
        sql("UPDATE service_ticket SET engineer_id = owner_id WHERE state = 'assigned'"),
    ),
    "two bearers": (
        "N5",
        sql(
            "DROP INDEX one_open_assignment; INSERT INTO service_ticketassignment (ticket_id, engineer_id, answer,"
            " offered_at, answer_due_at, reason, blurred) SELECT ticket_id, engineer_id, 'offered', offered_at,"
            " answer_due_at, '', false FROM service_ticketassignment WHERE answer = 'offered'"
        ),
    ),
    "an audit entry reworded": ("N6", lambda _ticket: AuditEntry.objects.update(reason="nobody did it")),
    "a file without bytes": ("N7", lose_bytes),
    "a file cut short": ("N7", cut_bytes),
    "a line of an import lost": ("N9", sql("DELETE FROM crm_importrow")),
    "a file on a ticket that is gone": ("N10", sql("UPDATE core_attachment SET object_id = 999999")),
    "a file on a kind that is gone": ("N10", sql("UPDATE core_attachment SET object_kind = 'crm.nothing'")),
    "a customer in nobody's hands": (
        "N10",
        sql(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE crm_customer DROP CONSTRAINT customer_never_without_anybody;"
            " UPDATE crm_customer SET owner_id = NULL, pool_status = '' WHERE owner_id IS NOT NULL"
        ),
    ),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_each_wrong_is_named_by_its_number(history: Any, wrong: str) -> None:
    number, do = WRONGS[wrong]
    do(history)
    with pytest.raises(CommandError) as found:
        call_command("check_invariants")
    assert any(line.startswith(f"{number} ") for line in str(found.value).splitlines()), found.value


def test_a_restored_copy_that_is_held_may_let_effects_wait(history: Any) -> None:
    leave_lying(history)
    outbox.hold_sending()
    call_command("check_invariants", stdout=StringIO())
