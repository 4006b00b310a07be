"""The web process. Requests that hold the database longer than the statement time-out are stopped."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

import django
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.gate import wait_at_gate

django.setup()
get_resolver().url_patterns  # noqa: B018 - every view is imported before the workers fork, not in the first request

wait_at_gate()  # until `./impeller up` has prepared the database and the static files

application = get_wsgi_application()

from config.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
