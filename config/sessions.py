"""Sessions in PostgreSQL as Django keeps them, read by a statement put together once: every request asks for one."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.kept import Kept

IN_FORCE = Kept(
    lambda user, key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    str,
    datetime,
    planned=True,
)


class SessionStore(db.SessionStore):
    """The session of a request."""

    def _get_session_from_db(self) -> Any:
        session = IN_FORCE.first(None, self.session_key, timezone.now())
        if session is None:
            self._session_key = None
        return session
