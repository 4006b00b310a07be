"""Asking the customer whether a visit took place, by a link without sign-in."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, public_tokens
from core.errors import RuleBroken, WrongState
from core.rules import require
from crm.choices import ActivityType, VisitStatement
from crm.models import Activity, VisitConfirmation
from crm.operations.authenticity import rescore_activity
from crm.operations.log_reviews import review_denied

LINK_KIND = "visit"
ASKED_ABOUT = (ActivityType.SITE_VISIT, ActivityType.MEETING)
LONGEST_AGO = timedelta(days=30)
VALID_FOR = timedelta(days=14)


def ask_about_visit(*, by: Any, now: datetime, activity: Activity) -> VisitConfirmation:
    """Make the link that asks the customer; asking again returns the same one, valid for two more weeks.

    Refuses the log's own author, anything but a visit or meeting, one more than 30 days ago, and one already answered.
    """
    require(by, "crm.confirm_visit_activity", activity)
    if activity.author_id == by.pk:
        raise RuleBroken(_("Somebody other than the author asks the customer."))
    if activity.type not in ASKED_ABOUT or activity.score is None:
        raise RuleBroken(_("Only visits and meetings are confirmed by the customer."))
    if activity.occurred_at < now - LONGEST_AGO:
        raise RuleBroken(_("The visit is more than 30 days ago."))
    with transaction.atomic():
        columns = {"asked_by": by, "asked_at": now, "expires_at": now + VALID_FOR}
        row, new = VisitConfirmation.objects.select_for_update().get_or_create(
            activity=activity, defaults=columns
        )
        if row.statement:
            raise WrongState(_("The customer has answered already."))
        row.expires_at = now + VALID_FOR
        row.token_hash = public_tokens.token_hash(visit_token(row))
        row.save(update_fields=["token_hash", "expires_at", "updated_at"])
        if new:
            audit.record("crm.ask_about_visit", activity, by=by, now=now)
    return row


def visit_token(row: VisitConfirmation) -> str:
    """The word in the customer's link."""
    return public_tokens.make_token(LINK_KIND, row.pk)


def state_visit(
    *, now: datetime, confirmation: VisitConfirmation, statement: str, words: str = ""
) -> VisitConfirmation:
    """Take the customer's answer, once; the log is judged again, and looked at by a person where the customer saw nobody.

    Refuses a second answer and an expired link.
    """
    said = VisitStatement(statement)
    with transaction.atomic():
        row = VisitConfirmation.objects.select_for_update().get(pk=confirmation.pk)
        if row.statement:
            raise WrongState(_("We have your answer already. Thank you."))
        if row.expires_at < now:
            raise WrongState(_("This link has run out. Nothing was recorded."))
        row.statement, row.words, row.answered_at = said, words.strip()[:200], now
        row.save(update_fields=["statement", "words", "answered_at", "updated_at"])
        activity = row.activity
        audit.record("crm.state_visit", activity, by=None, now=now, data={"statement": said.value})
        rescore_activity(activity, now)
        if row.is_denied:
            review_denied(activity, now=now)
    return row
