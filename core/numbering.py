"""Document numbers people read: prefix-branch-year-number, unique, never changed, gaps allowed."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def next_codes(prefix: str, *, branch_code: str, now: datetime, count: int = 1) -> list[str]:
    """Take the next `count` numbers of a prefix, branch and local year.

    One counter row per key is bumped in the caller's transaction; a batch takes its block at once.
    """
    year = timezone.localtime(now).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_codecounter (prefix, branch_code, year, next) VALUES (%s, %s, %s, 1 + %s)"
            " ON CONFLICT (prefix, branch_code, year) DO UPDATE SET next = core_codecounter.next + %s"
            " RETURNING next",
            [prefix, branch_code, year, count, count],
        )
        end = cursor.fetchone()[0]
    return [f"{prefix}-{branch_code}-{year}-{number:05d}" for number in range(end - count, end)]


def next_code(prefix: str, *, branch_code: str, now: datetime) -> str:
    """Take one number; see `next_codes`."""
    return next_codes(prefix, branch_code=branch_code, now=now)[0]
