"""The Celery application and the beat table: schedules are reviewed code, not database rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("impeller")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# One entry: the sweep looks at the database for everything that is due. `manage.py sweep --loop` does the same
# without a broker. A hint that waited longer than its period is worth nothing, hence `expires`.
app.conf.beat_schedule = {
    "sweep": {"task": "core.tasks.run_sweep", "schedule": 15.0, "options": {"expires": 30}},
}
