"""Naming a colleague with @ in a thread: who is meant, who is told, and how the words are shown."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from core.notify import notify

MENTIONED = "core.mentioned"
MOST_NAMED = 20
LONGEST = 40
SUGGESTED = 8
# Chinese runs on after a name, so what follows the @ may hold more than the name; a Latin name may have a second word.
AFTER_AT = re.compile(r"@([\w.·-]+(?: [A-Z][\w.·-]*)?)")


def people_named(texts: Iterable[str]) -> dict[str, list[Any]]:
    """The open accounts that are named with @ in these texts, by the name as it was typed.

    A name is the user name or the name in either language; of several that fit, the longest is meant. Two people
    of one name are both meant.
    """
    words = [word for text in texts for word in AFTER_AT.findall(text)[:MOST_NAMED]]
    wanted = {word[:length] for word in words for length in range(2, min(len(word), LONGEST) + 1)}
    if not wanted:
        return {}
    by_name: dict[str, list[Any]] = {}
    called = Q(username__in=wanted) | Q(name_zh__in=wanted) | Q(name_en__in=wanted)
    for user in get_user_model()._default_manager.filter(called, is_active=True):
        for name in {user.username, user.name_zh, user.name_en} & wanted:
            by_name.setdefault(name, []).append(user)
    names = (max(filter(word.startswith, by_name), key=len, default="") for word in words)
    return {name: by_name[name] for name in names if name}


def tell_the_named(text: str, subject: models.Model, *, by: Any, now: datetime, key: str) -> list[Any]:
    """Tell everyone named who may see the row; returns those who may not, so that the writer can be told."""
    seeing, others = named_by_sight(text, subject, by)
    notify(seeing, MENTIONED, subject, now=now, dedupe_key=f"{MENTIONED}:{key}")
    return others


def named_by_sight(text: str, subject: models.Model, by: Any) -> tuple[list[Any], list[Any]]:
    """Whom `by` named beside themselves: who may see the row, and who may not."""
    people = {user.pk: user for users in people_named([text]).values() for user in users if user.pk != by.pk}
    rows: Any = type(subject)._default_manager
    seeing = [user for user in people.values() if rows.visible_to(user).filter(pk=subject.pk).exists()]
    return seeing, [user for user in people.values() if user not in seeing]


def with_names_marked(text: str, names: Iterable[str]) -> SafeString:
    """The text for a page, escaped, lines kept, with the names that mean somebody set off."""
    shown = str(conditional_escape(text))
    for name in sorted(set(names), key=len, reverse=True):
        safe = re.escape(str(conditional_escape(name)))
        shown = re.sub(rf"@{safe}(?!</b>)", f'<b class="named">@{conditional_escape(name)}</b>', shown)
    return mark_safe(shown.replace("\n", "<br>"))


def suggested_people(typed: str, user: Any) -> list[Any]:
    """Colleagues whose name, user name, pinyin or initials begin with what was typed after the @; at most eight."""
    rows: Any = get_user_model()._default_manager
    people = rows.visible_to(user).filter(is_active=True)
    if typed.strip():
        people = people.filter(starts__begins=typed)
    return list(people.order_by("username")[:SUGGESTED])
