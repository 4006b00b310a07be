"""The floor: the same Django, servers, session table and user row, and a page that says hello.

A settings module and its addresses in one file, so that the whole of what our pages are divided by is seen at once.
"""

from config.settings.bench import *  # noqa: F403
from config.settings.bench import INSTALLED_APPS

ROOT_URLCONF = "benchmarks.floor_urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # Django's own ways, none of ours
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
INSTALLED_APPS = [name for name in INSTALLED_APPS if not name.startswith(("allauth", "config"))]
LOGGING = {"version": 1, "disable_existing_loggers": True}
