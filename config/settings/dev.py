"""`./impeller up`: a demonstration or development installation on this machine, secrets made and kept in DATA_DIR."""

from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, env

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO", default=True)
SECRET_KEY = env.kept_secret("SECRET_KEY", env.new_secret_key())
FIELD_KEYS = env.field_keys(env.kept_secret("FIELD_KEYS", env.new_field_keys()))
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("SOFT_SHUTDOWN_SECONDS", 10)
if env.text("HOST", "127.0.0.1") not in {"127.0.0.1", "localhost", "::1"}:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "*"]  # asked to serve the local network, whose names we cannot know

if DEBUG:
    # Pages as they are on disk now: no hashed copies, no cached templates.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
