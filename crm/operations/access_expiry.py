"""The log of access to personal data is kept as long as the company set, never less than the law asks."""

from datetime import datetime, timedelta

from django.db import connection

from core import audit
from core.params import param
from crm.access_log import WORDS

LEAST_DAYS = 184  # half a year; the database refuses less than 183


def expire_access_log(now: datetime) -> int:
    """Remove the entries whose days are over; what stays under their seals can still be proved. Returns how many went."""
    days = max(int(param("crm.access_log_days", at=now)), LEAST_DAYS)
    before = now - timedelta(days=days)

    def remove(first: int, last: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT crm_expire_access_log(%s, %s, %s)", [first, last, before])
            return int(cursor.fetchone()[0])

    return audit.expire(frozenset(WORDS), before, now, remove)
