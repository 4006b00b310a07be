"""The Celery application. Its beat table is the registry of scans in core/sweep.py: reviewed code, not database rows.

`manage.py sweep --loop` runs the same list without a broker.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("impeller")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
