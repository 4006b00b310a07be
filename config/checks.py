"""Checks that stop an unsafe installation before it serves a request."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def demo_logins() -> list[str]:
    """Return the names of active users whose password is the published demo password.

    The demo password is hashed once for all its users, so different hashes are few among the short list asked.
    """
    from accounts.demo import DEMO_PASSWORD, PEOPLE

    names = [person.username for person in PEOPLE]
    users = get_user_model()._default_manager.filter(username__in=names, is_active=True)
    found, judged = [], {}
    for name, hashed in users.values_list("username", "password"):
        if hashed not in judged:
            judged[hashed] = check_password(DEMO_PASSWORD, hashed)
        if judged[hashed]:
            found.append(name)
    return found


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured when a real installation still has demo logins.

    A database that is away is not a reason to refuse: /readyz reports it and requests answer 503 meanwhile.
    """
    if settings.DEMO or settings.SETTINGS_MODULE != "config.settings.production":
        return
    try:
        names = demo_logins()
    except DatabaseError:
        return
    if names:
        raise ImproperlyConfigured(
            f"Impeller does not start: demo logins exist ({', '.join(sorted(names)[:5])}…)."
        )
