"""What the steps of a log review share: who may judge whom, whose turn it is, what is refused, and what follows at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.duties import holders, in_reporting_line
from core.calendars import work_calendar
from core.errors import RuleBroken
from core.flow import Outcome
from core.notify import notify
from core.params import param
from core.rules import Refusal
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.log_review_choices import PROOF, SEVERITY, Finding, ReviewState

if TYPE_CHECKING:
    from crm.models import Activity, LogReview

REVIEW_TASK = "crm.log_review"
APPEAL_TASK = "crm.log_appeal"
FINDING_TASK = "crm.log_finding"
WORDS_LEAST = 10  # characters of a reason


def name_of(activity: Activity) -> str:
    """What a log is called where its text must not stand: channel and day."""
    return f"{activity.get_type_display()} {timezone.localdate(activity.occurred_at)}"


def rules_at(now: datetime) -> dict[str, Any]:
    """The company's numbers for the review desk."""
    found: dict[str, Any] = param("crm.log_review", at=now)
    return found


def deadline(now: datetime, name: str) -> datetime:
    """The end of the so-many-th working day from now; `name` is one of the desk's numbers of days."""
    return end_of_nth_working_day(now, int(rules_at(now)[name]), work_calendar())


# --- who may judge -------------------------------------------------------------------------------------------------------


def why_not_review(user: Any, author: Any) -> Refusal | None:
    """Why this person may not judge this author's logs; None when nothing speaks against it."""
    if author.pk in user.authority().principals:
        return Refusal(_("Nobody reviews their own log, or that of somebody they stand in for."))
    if in_reporting_line(user, author):
        return Refusal(_("Somebody outside the author's reporting line must review this log."))
    return None


def why_not_judge(user: Any, row: LogReview) -> Refusal | None:
    """Why this person may not decide the appeal; None when nothing speaks against it."""
    if (refusal := why_not_review(user, row.author)) is not None:
        return refusal
    decider: Any = row.decided_by
    if decider is None:
        return None
    if decider.pk in user.authority().principals:
        return Refusal(_("An appeal is decided by somebody other than who made the finding."))
    if in_reporting_line(user, decider):
        return Refusal(_("Somebody outside the reviewer's reporting line must decide this appeal."))
    return None


def reviewers(author: Any, now: datetime) -> list[Any]:
    """Who of the CRM office may look at this author's logs; where nobody can, supervision."""
    for role in (Role.CO, Role.SV):
        people = [person for person in holders(role, now) if why_not_review(person, author) is None]
        if people:
            return people
    return []


def judges(row: LogReview, now: datetime) -> list[Any]:
    """Who may decide the appeal: supervision; where nobody can, the CRM office."""
    for role in (Role.SV, Role.CO):
        people = [person for person in holders(role, now) if why_not_judge(person, row) is None]
        if people:
            return people
    return []


def least_busy(people: Iterable[Any], load: Counter[int]) -> Any:
    """Who has the fewest reviews in hand; nobody chooses whom they look at. None where there is nobody."""
    return min(people, key=lambda person: (load[person.pk], person.username), default=None)


def load_of(model: Any, column: str) -> Counter[int]:
    """How many open reviews each person has as `reviewer` or `judge`."""
    state = ReviewState.ASSIGNED if column == "reviewer" else ReviewState.APPEALED
    rows = model.objects.filter(state=state).exclude(**{column: None})
    return Counter(rows.values_list(column, flat=True))


# --- what is refused -----------------------------------------------------------------------------------------------------


def refuse_present_reviewer(row: LogReview, person: Any) -> None:
    """A review is not given to who has it."""
    if row.reviewer_id == person.pk:
        raise RuleBroken(errors={"reviewer": [_("This person has the review already.")]})


def refuse_unfit(row: LogReview, person: Any) -> None:
    """A review is given only to somebody who may decide it."""
    if not person.is_active or not person.has_perm("crm.decide_logreview"):
        raise RuleBroken(
            errors={"reviewer": [_("Choose somebody of the CRM office or supervision who reviews logs.")]}
        )
    if (refusal := why_not_review(person, row.author)) is not None:
        raise RuleBroken(errors={"reviewer": [refusal.message]})


def refuse_few_words(field: str, words: str) -> None:
    """Reasons are owed, and a word is none."""
    if len(words.strip()) < WORDS_LEAST:
        raise RuleBroken(errors={field: [_("Give the reasons, in ten characters or more.")]})


def refuse_thin_finding(finding: str, evidence: Sequence[str], words: str) -> None:
    """A finding needs reasons; a doubt needs evidence; falsified needs more than a score and alike texts."""
    refuse_few_words("words", words)
    if finding != Finding.GENUINE and not evidence:
        raise RuleBroken(errors={"evidence": [_("Say on what the finding rests.")]})
    if finding == Finding.FALSIFIED and not PROOF & set(evidence):
        raise RuleBroken(
            errors={
                "evidence": [
                    _(
                        "Falsified needs the customer's word, papers or the author's own; alike texts and a score are no proof."
                    )
                ]
            }
        )


def refuse_late_appeal(row: LogReview, now: datetime) -> None:
    """An appeal has its time."""
    if now > row.due_at:
        raise RuleBroken(_("The time for an appeal is over; the finding is final."))


def refuse_harder_finding(row: LogReview, finding: str) -> None:
    """Whoever appeals must not fear to lose by it."""
    if SEVERITY.index(Finding(finding)) > SEVERITY.index(Finding(row.finding)):
        raise RuleBroken(errors={"finding": [_("An appeal cannot make the finding worse.")]})


# --- whose turn it is ----------------------------------------------------------------------------------------------------


def give_to(row: LogReview, person: Any, *, now: datetime, reason: str = "", tell: bool = False) -> Outcome:
    """Put the review on a person's day instead of another's."""
    before, row.reviewer = row.reviewer_id, person
    close_tasks(row, now=now, kind=REVIEW_TASK)
    open_task(REVIEW_TASK, row, person, due_at=row.due_at)
    if tell:
        key = f"review-given:{row.pk}:{row.version}"
        notify([person], "crm.log_review_assigned", row, now=now, dedupe_key=key)
    return Outcome(reason=reason, data={"from": before, "to": person.pk})


def after_finding(row: LogReview, now: datetime) -> str:
    """The state a finding leads to, and what its author hears."""
    close_tasks(row, now=now, kind=REVIEW_TASK)
    if row.finding == Finding.GENUINE:
        settle(row, now)
        key = f"review-genuine:{row.pk}"
        notify([row.author], "crm.log_review_genuine", row, now=now, dedupe_key=key, mail=False)
        return ReviewState.CLOSED
    row.due_at = deadline(now, "appeal_days")
    open_task(FINDING_TASK, row, row.author, due_at=row.due_at, severity=1)
    until = f"{timezone.localtime(row.due_at):%Y-%m-%d}"
    notify(
        [row.author],
        "crm.log_review_decided",
        row,
        now=now,
        dedupe_key=f"review-decided:{row.pk}",
        data={"until": until},
    )
    return ReviewState.DECIDED


def ask_judge(row: LogReview, now: datetime) -> Outcome:
    """Give the appeal to somebody who neither wrote the log nor made the finding."""
    close_tasks(row, now=now, kind=FINDING_TASK)
    row.due_at, row.lapses_at = deadline(now, "judge_days"), deadline(now, "lapse_days")
    row.judge = least_busy(judges(row, now), load_of(type(row), "judge"))
    if row.judge is not None:
        open_task(APPEAL_TASK, row, row.judge, due_at=row.due_at, severity=1)
    key = f"review-appealed:{row.pk}"
    told = [row.judge, row.decided_by]
    notify(told, "crm.log_review_appealed", row, now=now, dedupe_key=key)
    return Outcome(data={"judge": row.judge.pk if row.judge else None})


def settle(row: LogReview, now: datetime, *, tell: bool = False) -> None:
    """The finding is final: nothing is owed any more, and the log counts or does not count by what a person found."""
    from crm.operations.authenticity import rescore_activity

    row.closed_at = now
    close_tasks(row, now=now)
    rescore_activity(row.activity, now, ruling=row.finding)
    if tell:
        key = f"review-answered:{row.pk}"
        notify([row.author, row.decided_by], "crm.log_review_answered", row, now=now, dedupe_key=key)


def let_lapse(row: LogReview, now: datetime) -> None:
    """Without a decision nothing stands; the author and whoever had it hear of it."""
    row.closed_at = now
    close_tasks(row, now=now)
    told = [row.author, row.judge if row.state == ReviewState.APPEALED else row.reviewer]
    notify(told, "crm.log_review_lapsed", row, now=now, dedupe_key=f"review-lapsed:{row.pk}", mail=False)
