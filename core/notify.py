"""Notices to people: an in-app row and, where wanted, a mail, each exactly once per dedupe key.

Sentences are registered per code and rendered when read, in the reader's language; a notice about a row
the reader may no longer see names nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from core import outbox
from core.errors import Sentence
from core.kinds import kind_of, model_for
from core.models import Notification
from core.querysets import visible_for_naming


@dataclass(frozen=True)
class Notice:
    """How a notice reads: a sentence with %(name)s places (`subject` is the live row), its tone and target page."""

    code: str
    sentence: Sentence
    url_name: str
    tone: str
    always: bool
    own_page: bool = False


# One statement that also says who did not know yet, so that of two who tell in the same moment only one sends mails.
TELL = """
    INSERT INTO core_notification (user_id, code, object_kind, object_id, data, dedupe_key, at)
    SELECT reader, %s, %s, %s, %s, %s, %s FROM unnest(%s) AS reader
    ON CONFLICT (user_id, dedupe_key) DO NOTHING RETURNING user_id
"""

_notices: dict[str, Notice] = {}


def register_notice(
    code: str,
    sentence: Sentence,
    *,
    url_name: str = "",
    tone: str = "info",
    always: bool = False,
    own_page: bool = False,
) -> None:
    """Register a notice; `always` marks escalations a user cannot mute, `own_page` leads to the row's own page."""
    _notices[code] = Notice(code, sentence, url_name, tone, always, own_page)


def notice_codes() -> dict[str, Notice]:
    """The registered notices by code (the profile page lists those a user may mute)."""
    return dict(_notices)


def notify(
    users: Iterable[Any],
    code: str,
    subject: models.Model | None,
    *,
    now: datetime,
    dedupe_key: str,
    data: Mapping[str, Any] | None = None,
    mail: bool = True,
) -> int:
    """Tell each active user once; returns how many notices are new.

    `data` carries codes, ids, dates and numbers. Muted codes are neither shown nor mailed, except those
    registered `always`.
    """
    if code not in _notices:
        raise LookupError(f"notice {code} is not registered")
    told = _listeners(users, code)
    if not told:
        return 0
    kind, number = (kind_of(subject), subject.pk) if subject is not None else ("", None)
    said = json.dumps(dict(data or {}), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(TELL, [code, kind, number, said, dedupe_key, now, list(told)])
        new = {pk: told[pk] for (pk,) in cursor.fetchall()}
    if mail:
        mails = {
            f"notice:{pk}:{dedupe_key}": {"user": pk, "key": dedupe_key}
            for pk, user in new.items()
            if user.email and user.mail_notices
        }
        outbox.enqueue_many("mail", mails, due_at=now)
    return len(new)


def _listeners(users: Iterable[Any], code: str) -> dict[int, Any]:
    """The active people who want to hear of it, each once."""
    people = {person.pk: person for person in users if person is not None and person.is_active}
    if _notices[code].always:
        return people
    return {pk: user for pk, user in people.items() if code not in getattr(user, "muted_notices", ())}


@dataclass
class RenderedNotice:
    """A notice ready to show: the sentence, the page behind it, and the row it came from."""

    row: Notification
    sentence: str
    url: str
    tone: str


def render_notices(notices: Iterable[Notification], user: Any) -> list[RenderedNotice]:
    """Sentences for a page of notices, with one query per kind of subject, in the user's scope."""
    notices = list(notices)
    subjects = _visible_subjects(notices, user)
    rendered = []
    for row in notices:
        notice = _notices.get(row.code)
        if notice is None:
            continue
        subject = subjects.get((row.object_kind, row.object_id))
        if row.object_id is not None and subject is None:
            rendered.append(
                RenderedNotice(row, _("This notice is about a record you can no longer see."), "", "info")
            )
            continue
        places = {**row.data, "subject": str(subject or "")}
        url = _url(notice, row, subject)
        rendered.append(RenderedNotice(row, str(notice.sentence) % places, url, notice.tone))
    return rendered


def _visible_subjects(notices: list[Notification], user: Any) -> dict[tuple[str, int | None], models.Model]:
    wanted: dict[str, set[int]] = {}
    for row in notices:
        if row.object_id is not None:
            wanted.setdefault(row.object_kind, set()).add(row.object_id)
    found: dict[tuple[str, int | None], models.Model] = {}
    for kind, ids in wanted.items():
        rows = visible_for_naming(model_for(kind), user).filter(pk__in=ids)
        found.update({(kind, row.pk): row for row in rows.fetch_mode(models.FETCH_PEERS)})
    return found


def _url(notice: Notice, row: Notification, subject: Any) -> str:
    if notice.own_page and hasattr(subject, "get_absolute_url"):
        return str(subject.get_absolute_url())
    if not notice.url_name:
        return ""
    try:
        return reverse(notice.url_name, args=[row.object_id] if row.object_id is not None else [])
    except NoReverseMatch:
        return ""
