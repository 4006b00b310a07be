"""Writing and reading the audit trail; the time line of every record is this table."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from core.copying import copy_rows, copy_values
from core.kinds import kind_of, root_key
from core.models import AuditEntry, AuditExpiry, AuditSeal
from core.querysets import before_reading

SETTLE_TIME = timedelta(minutes=2)  # longer than any transaction may last, so no earlier seq can still appear
SEAL_BATCH = 5000
ONE_SEAL_AT_A_TIME = 0x5345414C  # advisory lock
BULK = 1000


def record(
    code: str,
    subject: models.Model,
    *,
    by: Any,
    now: datetime,
    root: models.Model | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    evidence: Iterable[int] = (),
    rule_version: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append what happened to `subject`; call it inside the transaction of the change itself.

    `by=None` means the system. Without `root` the row's own `audit_root` decides whose time line it joins.
    """
    _append(
        _entry(
            code,
            subject,
            root,
            by=by,
            now=now,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
            evidence=list(evidence),
            rule_version=rule_version,
            data=dict(data or {}),
        )
    )


_gathered: ContextVar[list[AuditEntry] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Append what this thread records in the block in few statements, in its order: for long work that is kept or lost
    as a whole, like loading the demo company.

    Nothing inside may be taken back while the block goes on (a refused step that is caught): its entry would stay.
    Whoever reads the trail meanwhile finds everything recorded before (`AuditEntryManager`).
    """
    token = _gathered.set([])
    before_reading(AuditEntry, write_gathered)
    try:
        yield
        write_gathered()
    finally:
        _gathered.reset(token)
        before_reading(AuditEntry, None)


def write_gathered() -> None:
    """Append what waits in this thread."""
    if waiting := _gathered.get():
        _gathered.set([])
        copy_rows(waiting)


def _append(entry: AuditEntry) -> None:
    waiting = _gathered.get()
    if waiting is None:
        entry.save(force_insert=True)
    else:
        waiting.append(entry)


def record_many(
    code: str,
    subjects: Iterable[models.Model],
    *,
    by: Any,
    now: datetime,
    data_of: Callable[[Any], Mapping[str, Any]],
    at_of: Callable[[Any], datetime] | None = None,
) -> None:
    """Append one entry per subject in few statements, for imports and other bulk work; `data_of(subject)` is its data.

    `at_of(subject)` gives what happened before `now` its own time.
    """
    write_gathered()
    subjects = list(subjects)
    roots = [root_key(subject) for subject in subjects]
    copy_values(
        AuditEntry,
        len(subjects),
        at=[at_of(subject) for subject in subjects] if at_of else now,
        actor_id=by.pk if by is not None else None,
        on_behalf_of_id=getattr(by, "on_behalf_of_id", None),
        code=code,
        object_kind=[kind_of(subject) for subject in subjects],
        object_id=[subject.pk for subject in subjects],
        root_kind=[kind for kind, _ in roots],
        root_id=[number for _, number in roots],
        data=[json.dumps(data_of(subject), ensure_ascii=False) for subject in subjects],
    )


def record_each(
    code: str, subjects: Iterable[models.Model], *, by: Any, now: datetime, root: models.Model
) -> None:
    """Append the same happening for many rows that were written in bulk, all on one row's time line."""
    AuditEntry.objects.bulk_create(  # asking for `objects` has written what was gathered before
        (
            _entry(code, subject, root, by=by, now=now, to_state=getattr(subject, "state", ""))
            for subject in subjects
        ),
        batch_size=BULK,
    )


def _entry(
    code: str,
    subject: models.Model,
    root: models.Model | None = None,
    *,
    by: Any,
    now: datetime,
    **columns: Any,
) -> AuditEntry:
    """Who did what to which row, and on whose time line; not saved yet."""
    root_kind, root_id = root_key(subject) if root is None else (kind_of(root), root.pk)
    return AuditEntry(
        at=now,
        actor=by,
        on_behalf_of_id=getattr(by, "on_behalf_of_id", None),
        code=code,
        object_kind=kind_of(subject),
        object_id=subject.pk,
        root_kind=root_kind,
        root_id=root_id,
        **columns,
    )


def timeline(root: models.Model) -> models.QuerySet[AuditEntry]:
    """Everything that happened around a row, newest first."""
    return AuditEntry.objects.filter(root_kind=kind_of(root), root_id=root.pk).order_by("-at", "-seq")


def history(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """Everything that happened to the row itself, newest first."""
    return AuditEntry.objects.filter(object_kind=kind_of(subject), object_id=subject.pk).order_by("-seq")


def digest_entries(entries: Iterable[AuditEntry], prev: str) -> str:
    """The chain digest over entries in seq order, linked to the previous digest."""
    digest = hashlib.sha256(prev.encode())
    for entry in entries:
        fields = [
            entry.seq,
            entry.at.isoformat(),
            entry.actor_id,
            entry.on_behalf_of_id,
            entry.code,
            entry.object_kind,
            entry.object_id,
            entry.root_kind,
            entry.root_id,
            entry.from_state,
            entry.to_state,
            entry.reason,
            entry.evidence,
            entry.rule_version,
            entry.data,
        ]
        digest.update(json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


def seal(now: datetime) -> int:
    """Append one seal over the settled entries that have none yet; returns how many were sealed.

    Entries are committed out of seq order, so the newest ones wait until no transaction can still add an
    earlier number.
    """
    with transaction.atomic():
        take_turns()
        last = AuditSeal.objects.order_by("-to_seq").first()
        after = last.to_seq if last else 0
        unsettled = AuditEntry.objects.filter(seq__gt=after, at__gt=now - SETTLE_TIME).order_by("seq").first()
        rows = AuditEntry.objects.filter(seq__gt=after)
        if unsettled:
            rows = rows.filter(seq__lt=unsettled.seq)
        entries = list(rows.order_by("seq")[:SEAL_BATCH])
        if not entries:
            return 0
        prev = last.digest if last else ""
        AuditSeal.objects.create(
            from_seq=entries[0].seq,
            to_seq=entries[-1].seq,
            entries=len(entries),
            digest=digest_entries(entries, prev),
            prev=prev,
        )
        return len(entries)


def take_turns() -> None:
    """Let nobody else seal, expire or cut until the transaction ends.

    A row lock would need the right to change seals, which the product's own role does not have.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEAL_AT_A_TIME])


def verify() -> list[str]:
    """Recompute the chain; returns one finding per seal that no longer fits its entries (empty = intact)."""
    findings, prev = [], ""
    for link in AuditSeal.objects.order_by("to_seq").iterator():
        finding = "previous seal missing or changed" if link.prev != prev else _misfit(link, _under(link))
        if finding:
            findings.append(f"seal {link.pk}: {finding}")
        prev = link.digest
    return findings


def _under(link: AuditSeal) -> list[AuditEntry]:
    """The entries a seal covers that are still there."""
    return list(AuditEntry.objects.filter(seq__gte=link.from_seq, seq__lte=link.to_seq).order_by("seq"))


def _misfit(link: AuditSeal, entries: list[AuditEntry]) -> str:
    """Why the entries are not those that were sealed, or were left of them; "" where they are."""
    left = AuditExpiry.objects.filter(to_seq=link.to_seq).order_by("-pk").first()
    number, digest = (link.entries, link.digest) if left is None else (left.entries, left.digest)
    if len(entries) != number:
        return f"{number} entries sealed, {len(entries)} found"
    if digest_entries(entries, link.prev) != digest:
        return f"an entry between {link.from_seq} and {link.to_seq} was changed"
    return ""


def cut(entries: Iterable[AuditEntry], now: datetime) -> None:
    """Write entries out of whose reason or data an erased person was taken; what stays under their seals is sealed anew.

    Call it after `take_turns`, in the transaction that found them. The database refuses any other change of words. A
    seal that did not fit before stays as it is: it is evidence, and the person goes all the same.
    """
    waiting = sorted(entries, key=lambda one: one.seq)
    while waiting:
        link = AuditSeal.objects.filter(to_seq__gte=waiting[0].seq).order_by("to_seq").first()
        part = [one for one in waiting if link is None or one.seq <= link.to_seq]
        fitted = link is not None and not _misfit(link, _under(link))
        with connection.cursor() as cursor:
            for one in part:
                words = json.dumps(one.data, ensure_ascii=False)
                cursor.execute("SELECT core_cut_from_audit(%s, %s, %s)", [one.seq, one.reason, words])
        if link is not None and fitted:
            left = _under(link)
            AuditExpiry.objects.create(
                to_seq=link.to_seq, removed=0, cut=len(part), entries=len(left),
                digest=digest_entries(left, link.prev), at=now,
            )  # fmt: skip
        waiting = waiting[len(part) :]


def expire(codes: Collection[str], before: datetime, now: datetime, remove: Callable[[int, int], int]) -> int:
    """Let sealed entries with these codes go that are older than `before`; returns how many.

    `remove(from_seq, to_seq)` deletes them under one seal and tells how many; what stays is sealed anew first. A seal
    that no longer fits is left alone: it is evidence. Each seal in a transaction of its own.
    """
    old = AuditEntry.objects.filter(code__in=codes, at__lt=before)
    gone, after = 0, 0
    while True:
        first = old.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True).first()
        link = AuditSeal.objects.filter(to_seq__gte=first).order_by("to_seq").first() if first else None
        if link is None:
            return gone
        gone += _expire_under(link, codes, before, now, remove)
        after = link.to_seq


def _expire_under(
    link: AuditSeal,
    codes: Collection[str],
    before: datetime,
    now: datetime,
    remove: Callable[[int, int], int],
) -> int:
    with transaction.atomic():
        take_turns()
        entries = _under(link)
        left = [one for one in entries if one.code not in codes or one.at >= before]
        removed = len(entries) - len(left)
        if not removed or _misfit(link, entries):
            return 0
        AuditExpiry.objects.create(
            to_seq=link.to_seq, removed=removed, entries=len(left), digest=digest_entries(left, link.prev),
            before=before, at=now,
        )  # fmt: skip
        if remove(link.from_seq, link.to_seq) != removed:
            raise RuntimeError(f"entries under seal {link.pk} changed while they were removed")
        return removed
