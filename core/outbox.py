"""Effects outside the database: enqueued with their cause, claimed with a lease, finished under its token.

The message broker only carries hints; a due row is found by the sweep even if every hint is lost.
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from core.clock import db_now
from core.models import OutboxMessage, Parameter

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5
HELD = "outbox.held"
State = OutboxMessage.State
Handler = Callable[[Mapping[str, Any], OutboxMessage], None]

ENQUEUE = """
    INSERT INTO core_outboxmessage (kind, due_at, state, dedupe_key, payload, attempts, last_error)
    SELECT %s, %s, %s, key, payload::jsonb, 0, '' FROM unnest(%s::text[], %s::text[]) AS message(key, payload)
    ON CONFLICT (dedupe_key) DO NOTHING
"""

_handlers: dict[str, Handler] = {}
_hint: Callable[[str], None] | None = None


def outbox_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out messages of a kind; it must be harmless when run twice."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def set_hint(hint: Callable[[str], None]) -> None:
    """Install the broker's "there is something due of this kind" call."""
    global _hint
    _hint = hint


@contextmanager
def without_hints() -> Iterator[None]:
    """Give the broker no hints inside: hundreds at once would only tell it what the next sweep finds anyway."""
    global _hint
    kept, _hint = _hint, None
    try:
        yield
    finally:
        _hint = kept


def enqueue(kind: str, dedupe_key: str, payload: Mapping[str, Any], *, due_at: datetime) -> bool:
    """Write an effect into the outbox; False when the same effect is already there.

    Belongs inside the transaction of its cause. The hint goes out after the commit and may fail silently:
    the sweep delivers at the latest 45 seconds after `due_at`.
    """
    return bool(enqueue_many(kind, {dedupe_key: payload}, due_at=due_at))


def enqueue_many(kind: str, messages: Mapping[str, Mapping[str, Any]], *, due_at: datetime) -> int:
    """Write several effects of one kind (dedupe key → payload) at once; those already there stay as they are.

    Returns how many are new.
    """
    if not messages:
        return 0
    payloads = [json.dumps(dict(payload), ensure_ascii=False) for payload in messages.values()]
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, [kind, due_at, State.PENDING.value, list(messages), payloads])
        created = int(cursor.rowcount)
    if created:
        transaction.on_commit(lambda: _send_hint(kind))
    return created


def _send_hint(kind: str) -> None:
    if _hint is None:
        return
    try:
        _hint(kind)
    except Exception:
        logger.info("no hint for outbox kind %s; the sweep will deliver", kind)


def kinds() -> list[str]:
    """The registered message kinds."""
    return sorted(_handlers)


def hold_sending() -> None:
    """Keep every effect back: a restored copy must not send what the original sends too."""
    Parameter.objects.get_or_create(key=HELD, defaults={"value": True, "valid_from": db_now()})


def release_sending() -> bool:
    """Let effects go out again; returns whether they were held."""
    return bool(Parameter.objects.filter(key=HELD).delete()[0])


def deliver_due(kind: str, *, now: datetime | None = None, limit: int = 200) -> int:
    """Claim and carry out due messages of one kind, oldest first; returns how many were finished."""
    finished = 0
    if Parameter.objects.filter(key=HELD).exists():
        return finished
    for _ in range(limit):
        message = claim(kind, now=now)
        if message is None:
            break
        finished += carry_out(message)
    return finished


def claim(kind: str, *, now: datetime | None = None) -> OutboxMessage | None:
    """Take one due message under a lease of 30 s with a fresh token, or None.

    A running message whose lease has ended belongs to a dead worker and is taken over.
    """
    now = now or db_now()
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(
                Q(state=State.PENDING) | Q(state=State.RUNNING, lease_until__lt=now),
                kind=kind,
                due_at__lte=now,
            )
            .order_by("due_at", "pk")
            .first()
        )
        if message is None:
            return None
        message.attempts += 1
        if message.attempts > MAX_ATTEMPTS:
            message.state = State.QUARANTINED  # flow: not a business state
            message.save(update_fields=["attempts", "state"])
            return claim(kind, now=now)
        message.state = State.RUNNING
        message.lease_until = now + LEASE
        message.lease_token = uuid.uuid4()
        message.save(update_fields=["attempts", "state", "lease_until", "lease_token"])
        return message


def carry_out(message: OutboxMessage) -> bool:
    """Run the effect outside any transaction and finish the row if the lease is still ours."""
    try:
        _handlers[message.kind](message.payload, message)
    except Exception as error:
        logger.exception("outbox %s %s failed", message.kind, message.pk)
        _put_back(message, f"{type(error).__name__}: {error}"[:500])
        return False
    return bool(
        OutboxMessage.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
            state=State.DONE, done_at=db_now(), last_error=""
        )
    )


def _put_back(message: OutboxMessage, error: str) -> None:
    delay = timedelta(seconds=min(600, 5 * 3 ** (message.attempts - 1)))
    OutboxMessage.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        state=State.PENDING, due_at=db_now() + delay, lease_until=None, last_error=error
    )


def renew(message: OutboxMessage) -> bool:
    """Extend the lease of a long effect; False when another worker has taken the message over."""
    until = db_now() + LEASE
    return bool(
        OutboxMessage.objects.filter(pk=message.pk, lease_token=message.lease_token).update(lease_until=until)
    )
