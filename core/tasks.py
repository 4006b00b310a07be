"""Celery tasks of the ground floor: thin wrappers, so that everything also works without a broker."""

from typing import Any

from celery import shared_task

from core import outbox, sweep


@shared_task(name="core.run_scan")
def run_scan(code: str) -> int | None:
    """Run one registered scan if it is due."""
    return sweep.run_scan(code)


@shared_task(name="core.deliver_outbox")
def deliver_outbox(kind: str) -> int:
    """Deliver the due outbox messages of one kind."""
    return outbox.deliver_due(kind)


def hint_outbox(kind: str) -> None:
    """Tell a worker that a message of this kind is due; lost hints are healed by the sweep."""
    deliver_outbox.apply_async(
        args=[kind], queue=QUEUES.get(kind, "default"), retry=False, ignore_result=True
    )


QUEUES = {"mail": "mail", "import": "import", "export": "import"}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The beat table: every registered scan at its interval, on its queue."""
    return {
        scan.code: {
            "task": "core.run_scan",
            "args": [scan.code],
            "schedule": float(scan.every),
            "options": {"queue": scan.queue, "expires": max(scan.every * 2, 30)},
        }
        for scan in sweep.scans()
    }
