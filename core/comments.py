"""Threads on rows: talk stays with the record, visible to whoever may see it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import NotFound, RuleBroken
from core.kinds import kind_of, model_for
from core.mentions import tell_the_named
from core.models import Comment

MAX_LENGTH = 5000


def all_threads() -> models.QuerySet[Comment]:
    """Every message with its author; whoever narrows it to one thread asks `visible_subject` first."""
    return Comment.objects.select_related("author")


def comments_of(subject: models.Model) -> models.QuerySet[Comment]:
    """The thread of a row, oldest first, with authors."""
    return all_threads().filter(object_kind=kind_of(subject), object_id=subject.pk).order_by("at", "pk")


def visible_comment(pk: int, user: Any) -> Comment:
    """A message on a row this user sees. Raises NotFound for anything else."""
    comment = all_threads().filter(pk=pk).first()
    if comment is None:
        raise NotFound()
    visible_subject(comment.object_kind, comment.object_id, user)
    return comment


def add_comment(*, by: Any, now: datetime, subject: models.Model, text: str) -> Comment:
    """Say something on a row the author can see; the words are kept as typed. Refuses an empty message.

    Colleagues named with @ are told; `not_told` of the answer holds those who may not see the row.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise RuleBroken(errors={"text": [_("Write between 1 and 5,000 characters.")]})
    comment = Comment.objects.create(
        object_kind=kind_of(subject), object_id=subject.pk, author=by, text=text, at=now
    )
    audit.record("core.add_comment", subject, by=by, now=now, data={"comment": comment.pk})
    comment.not_told = tell_the_named(text, subject, by=by, now=now, key=str(comment.pk))
    return comment


def visible_subject(kind: str, pk: int, user: Any) -> models.Model:
    """The row a thread or file hangs on, as this user sees it. Raises NotFound for anything else."""
    try:
        rows = model_for(kind)._default_manager
    except (LookupError, ValueError) as error:
        raise NotFound() from error
    if not hasattr(rows, "visible_to"):
        raise NotFound()
    row = rows.visible_to(user).filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row
