"""Contact logs, next steps and the lines they put on people's days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from config.generate import words
from config.generate.customers import BUSY
from config.generate.people import Staff
from config.generate.profiles import Profile
from core.kinds import kind_of
from core.models import Task
from crm.authenticity import is_two_way
from crm.choices import CHANNELS
from crm.models import Activity, Contact, Customer, FollowUp
from crm.models.activities import FOLLOW_UP_TASK
from crm.planning import due_on

HISTORY_DAYS = 730
OPEN_SHARE = 0.35


def working_instant(rng: Random, as_of: datetime, days: int) -> datetime:
    """An instant between 8:30 and 17:30 of one of the days before."""
    return as_of - timedelta(days=rng.randint(1, days)) + timedelta(minutes=rng.randint(510, 1050))


def make_activities(
    profile: Profile, seed: int, customers: list[Customer], staff: Staff, as_of: datetime
) -> list[Activity]:
    """Few customers are talked to often, most seldom; the busy one most of all. Sets the customers' dates."""
    rng = Random(f"{seed}|activities")  # noqa: S311 - invented data
    others = [index for index in range(len(customers)) if index != BUSY - 1]
    rng.shuffle(others)
    weights = [1 / (rank + 3) ** 0.7 for rank in range(len(others))]
    places = [BUSY - 1] * profile.busy + rng.choices(others, weights, k=profile.activities - profile.busy)
    activities = []
    for index in places:
        customer = customers[index]
        activities.append(_activity(rng, customer, staff, as_of))
    activities.sort(key=lambda row: row.occurred_at)
    for pk, row in enumerate(activities, start=1):
        row.pk = pk
        row.customer.last_contact_at = row.occurred_at
        if row.verified:
            row.customer.last_verified_contact_at = row.occurred_at
    return activities


def _activity(rng: Random, customer: Customer, staff: Staff, as_of: datetime) -> Activity:
    channel = rng.choice(CHANNELS)
    at = working_instant(rng, as_of, HISTORY_DAYS)
    return Activity(
        customer=customer,
        author=customer.owner or staff.managers[customer.branch.code],
        type=channel.type,
        direction=channel.direction,
        outcome=channel.outcome,
        occurred_at=at,
        summary=rng.choice(words.SAID),
        next_step=rng.choice(words.STEPS) if rng.random() < 0.3 else "",
        verified=is_two_way(channel.type, channel.direction, channel.outcome),
        created_at=at,
        updated_at=at,
        version=1,
    )


def people_of(activities: list[Activity], contacts: list[Contact]) -> Iterator[tuple[int, int]]:
    """Who took part: the customer's first contact."""
    first: dict[int, int] = {}
    for contact in contacts:
        first.setdefault(contact.customer_id, contact.pk)
    return ((row.pk, first[row.customer_id]) for row in activities)


def make_follow_ups(
    profile: Profile, seed: int, customers: list[Customer], as_of: datetime
) -> list[FollowUp]:
    """Open steps of owned customers, a quarter of them late, and done ones of the past."""
    rng = Random(f"{seed}|follow_ups")  # noqa: S311 - invented data
    owned = [row for row in customers if row.owner_id]
    still_open = rng.sample(owned, int(len(owned) * OPEN_SHARE))
    rows = []
    for pk in range(1, profile.follow_ups + 1):
        is_open = pk <= len(still_open)
        customer = still_open[pk - 1] if is_open else rng.choice(owned)
        offset = rng.randint(-10, 30) if is_open else -rng.randint(12, HISTORY_DAYS)
        due = due_on((as_of + timedelta(days=offset)).date())
        if is_open:
            customer.next_follow_at = due
        rows.append(
            FollowUp(
                id=pk,
                customer=customer,
                owner=customer.owner,
                text=rng.choice(words.STEPS),
                due_at=due,
                state="open" if is_open else "done",
                closed_at=None if is_open else due - timedelta(hours=rng.randint(-30, 40)),
                reminded_up_to=7 if due < as_of else -1,
                created_at=due - timedelta(days=14),
                updated_at=due - timedelta(days=14),
                version=1,
            )
        )
    return rows


def make_follow_up_tasks(follow_ups: list[FollowUp]) -> Iterator[Task]:
    """A line on the owner's day for each step, closed with it."""
    for row in follow_ups:
        yield Task(
            assignee=row.owner,
            kind=FOLLOW_UP_TASK,
            object_kind=kind_of(row),
            object_id=row.pk,
            root_kind=kind_of(row.customer),
            root_id=row.customer_id,
            due_at=row.due_at,
            created_at=row.created_at,
            closed_at=row.closed_at,
        )
