"""Who a word of a file may mean as the owner of a customer: the project managers, by each way to name them."""

from collections import defaultdict
from datetime import datetime

from accounts.choices import Role
from accounts.models import User


def project_managers(now: datetime) -> list[User]:
    """The project managers of the branches, as they are named today."""
    people = User.objects.holding(Role.PM, now=now).select_related("unit__parent").order_by("unit", "pk")
    return [user for user in people if user.branch is not None]


def owner_words(now: datetime) -> dict[tuple[int, str], User]:
    """Project managers by branch and by each way to name them; a name two people share names nobody."""
    people: dict[tuple[int, str], set[User]] = defaultdict(set)
    for user in project_managers(now):
        for word in {user.username, user.name_zh, user.name_en.casefold()} - {""}:
            people[user.branch.pk, word].add(user)
    return {key: users.pop() for key, users in people.items() if len(users) == 1}
