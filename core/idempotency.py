"""One answer per request key: a double click, a retry after a time-out or an offline queue makes one record."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from core.errors import KeyReused
from core.models import IdempotencyKey

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"


def body_hash(body: Mapping[str, Any]) -> str:
    """A digest of the submitted values, the key and CSRF token left out."""
    ignored = {FIELD, "csrfmiddlewaretoken"}
    kept = {name: value for name, value in body.items() if name not in ignored}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


def once(
    key: str | None, *, user: Any, route: str, body: Mapping[str, Any], run: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Run `run` once per (user, key) and remember its JSON answer; returns (answer, was it a repeat).

    The key row is inserted in the same transaction as the work, so a crash leaves neither. A second request
    with the same key waits for the first and gets its answer; with another body it raises KeyReused (422).
    """
    if not key:
        return run(), False
    owner = user if getattr(user, "pk", None) else None
    digest = body_hash(body)
    with transaction.atomic():
        slot, created = IdempotencyKey.objects.get_or_create(
            user=owner, key=key[:80], defaults={"route": route[:200], "body_hash": digest}
        )
        if not created:
            if slot.body_hash != digest or slot.route != route[:200]:
                raise KeyReused()
            return slot.answer, True
        slot.answer = run()
        slot.save(update_fields=["answer"])
        return slot.answer, False
