"""What must hold in the database whatever was killed, restored or run twice: one query for each invariant.

N1–N10 are the numbers of the reliability programme. N8 (a tile, its list, the API and the export count alike for
everybody) is no question to the tables; `tests/` ask it of the pages.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from core import audit, outbox
from core.files import path_of
from core.flow import STATE, transitions_of
from core.kinds import kind_of
from core.models import Attachment, Comment, Notification, StoredFile, Task

SHOWN = 20  # findings named per query: enough to know what is wrong, never a flood
LEASE_GRACE, DUE_GRACE = "60 seconds", "120 seconds"
CODE = r"^[A-Z]+-[0-9A-Z]+-\d{4}-\d+$"


def findings() -> Iterator[str]:
    """Ask every invariant; each finding begins with its number."""
    for number, check in INVARIANTS.items():
        for found in check():
            yield f"{number} {found}"


def our_models() -> list[type[models.Model]]:
    """The product's own tables."""
    return [model for model in apps.get_models() if model._meta.app_label in settings.OUR_APPS]


def ask(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The first rows a query finds wrong."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {SHOWN}", parameters)
        return cursor.fetchall()


def numbers_are_behind_their_counters() -> Iterator[str]:
    """N1: a number is given once, so none may stand at or above the counter that gives the next."""
    for model in our_models():
        if not any(field.name == "code" and field.unique for field in model._meta.concrete_fields):
            continue
        for (code,) in ask(
            f"SELECT t.code FROM {table(model)} t LEFT JOIN core_codecounter c"
            " ON c.prefix = split_part(t.code, '-', 1) AND c.branch_code = split_part(t.code, '-', 2)"
            " AND c.year::text = split_part(t.code, '-', 3)"
            " WHERE t.code ~ %s AND split_part(t.code, '-', 4)::bigint >= coalesce(c.next, 0)",
            [CODE],
        ):
            yield f"{code} would be given again: its counter stands below it"


def states_were_led_to_by_the_audit() -> Iterator[str]:
    """N2: a row stands where its last audited step left it; rows of an older system brought no steps along."""
    for model in our_models():
        if not transitions_of(model):
            continue
        ours = " AND NOT t.historical" if "historical" in columns(model) else ""
        for pk, state, audited in ask(
            f"SELECT t.id, t.state, a.to_state FROM {table(model)} t LEFT JOIN LATERAL (SELECT to_state"
            " FROM core_auditentry WHERE object_kind = %s AND object_id = t.id AND to_state <> ''"
            " ORDER BY seq DESC LIMIT 1) a ON true"
            f" WHERE t.state IS DISTINCT FROM coalesce(a.to_state, %s){ours}",
            [kind_of(model), str(model._meta.get_field(STATE).get_default())],  # type: ignore[union-attr]
        ):
            yield f"{kind_of(model)} {pk} is {state}, its audit says {audited or 'nothing'}"


def effects_happen_once() -> Iterator[str]:
    """N3: one effect for each key, one alarm for each clock and level."""
    for name, unique in (
        ("core_outboxmessage", "dedupe_key"),
        ("service_ticketescalation", "ticket_id, clock_no, level"),
        ("complaints_escalation", "complaint_id, clock, rung"),
        ("crm_followupreminder", "follow_up_id, due_on, offset_days, recipient_id"),
        ("core_notification", "user_id, dedupe_key"),
    ):
        for *key, count in ask(
            f"SELECT {unique}, count(*) FROM {name} GROUP BY {unique} HAVING count(*) > 1"
        ):
            yield f"{name} holds {count} rows of {tuple(key)}"


def nothing_due_is_left_lying() -> Iterator[str]:
    """N4: no lease is held past its end and nothing waits; while sending is held on a restored copy, it may."""
    for kind, pk in ask(
        "SELECT kind, id FROM core_outboxmessage WHERE state = 'running'"
        " AND lease_until < statement_timestamp() - %s::interval",
        [LEASE_GRACE],
    ):
        yield f"outbox {kind} {pk} is held by a dead worker"
    for kind, pk, attempts, held in ask(
        "SELECT kind, id, attempts, EXISTS (SELECT FROM core_parameter WHERE key = %s) FROM core_outboxmessage"
        " WHERE state = 'pending' AND due_at < statement_timestamp() - %s::interval ORDER BY due_at",
        [outbox.HELD, DUE_GRACE],
    ):
        if not held:
            yield f"outbox {kind} {pk} is due and waits (attempts: {attempts})"


def work_has_one_bearer() -> Iterator[str]:
    """N5: a ticket is offered to or worked on by one engineer, the one it names; an owned customer is in no pool."""
    for code, engineers in ask(
        "SELECT t.code, count(a.id) FROM service_ticket t JOIN service_ticketassignment a ON a.ticket_id = t.id"
        " AND a.answer IN ('offered', 'taken') GROUP BY t.id HAVING count(a.id) > 1"
    ):
        yield f"{code} has {engineers} open assignments"
    for (code,) in ask(
        "SELECT t.code FROM service_ticket t JOIN service_ticketassignment a ON a.ticket_id = t.id"
        " AND a.answer IN ('offered', 'taken') WHERE t.state IN ('assigned', 'in_progress')"
        " AND t.engineer_id IS DISTINCT FROM a.engineer_id"
    ):
        yield f"{code} names another engineer than its assignment"
    for (code,) in ask("SELECT code FROM crm_customer WHERE owner_id IS NOT NULL AND pool_status <> ''"):
        yield f"{code} is owned and in the pool"


def audit_is_untouched() -> Iterator[str]:
    """N6: the hash chain over the audit trail fits."""
    yield from audit.verify()


def files_have_their_bytes() -> Iterator[str]:
    """N7: each file's row has its bytes, in the size it says."""
    kept = StoredFile.objects.filter(removed_at__isnull=True).order_by("pk")
    for name, size in kept.values_list("stored_name", "size").iterator():
        path = path_of(name)
        if not path.is_file():
            yield f"file {name} is missing"
        elif path.stat().st_size != size:
            yield f"file {name} has {path.stat().st_size} bytes instead of {size}"


def imports_add_up() -> Iterator[str]:
    """N9: created, filled in, skipped and rejected lines are all the lines of the file."""
    for code, total, lines, said in ask(
        "SELECT * FROM (SELECT b.code, b.total, (SELECT count(*) FROM crm_importrow r WHERE r.batch_id = b.id) AS lines,"
        " b.created_rows + b.updated_rows + b.skipped_rows + b.rejected_rows AS said FROM crm_importbatch b"
        " WHERE b.state IN ('checked', 'submitted', 'done')) sums WHERE total <> lines OR total <> said"
    ):
        yield f"{code}: {total} rows in the file, {lines} kept, {said} accounted for"


def nothing_points_nowhere() -> Iterator[str]:
    """N10: what points at a row by its kind finds it, and each customer is in somebody's hands."""
    for pointer in (Attachment, Comment, Notification, Task):
        for (kind,) in ask(f"SELECT DISTINCT object_kind FROM {table(pointer)} WHERE object_kind <> ''"):
            target = next((model for model in our_models() if kind_of(model) == kind), None)
            if target is None:
                yield f"{kind_of(pointer)} points at the unknown kind {kind}"
                continue
            key = target._meta.pk
            for pk, missing in ask(
                f"SELECT p.id, p.object_id FROM {table(pointer)} p LEFT JOIN {table(target)} t"
                f" ON t.{key.column if key else 'id'} = p.object_id WHERE p.object_kind = %s AND t IS NULL",
                [kind],
            ):
                yield f"{kind_of(pointer)} {pk} points at {kind} {missing}, which is not there"
    for (code,) in ask(
        "SELECT code FROM crm_customer WHERE owner_id IS NULL AND department_id IS NULL AND unit_id IS NULL"
        " AND pool_status = '' AND deleted_at IS NULL AND NOT historical"
    ):
        yield f"{code} is in nobody's hands and in no pool"


def columns(model: type[models.Model]) -> set[str]:
    """Names of a table's columns."""
    return {field.name for field in model._meta.concrete_fields}


def table(model: type[models.Model]) -> str:
    """A model's table, quoted."""
    return connection.ops.quote_name(model._meta.db_table)


INVARIANTS: dict[str, Callable[[], Iterator[str]]] = {
    "N1": numbers_are_behind_their_counters,
    "N2": states_were_led_to_by_the_audit,
    "N3": effects_happen_once,
    "N4": nothing_due_is_left_lying,
    "N5": work_has_one_bearer,
    "N6": audit_is_untouched,
    "N7": files_have_their_bytes,
    "N9": imports_add_up,
    "N10": nothing_points_nowhere,
}
