"""A real installation. Refuses to start when a secret is missing or weak, or when links would lead nowhere."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_URL, DATABASE_URL, MIGRATION_DATABASE_URL, TRUSTED_PROXIES, env

DEBUG = False
DEMO = False
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = env.field_keys(env.text("FIELD_KEYS"))
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", "localhost", "127.0.0.1", *env.words("ALLOWED_HOSTS")]


def _reasons() -> list[str]:
    """Return every reason not to start, so that an operator mends them in one round."""
    reasons = []
    host = urlsplit(BASE_URL).hostname or ""
    if (
        len(SECRET_KEY) < 40
        or len(set(SECRET_KEY)) < 12
        or SECRET_KEY.startswith(("test-only", "django-insecure"))
    ):
        reasons.append("SECRET_KEY (or SECRET_KEY_FILE) must be a random text of at least 40 characters.")
    if not FIELD_KEYS:
        reasons.append(
            "FIELD_KEYS (or FIELD_KEYS_FILE) must hold at least one id:key; make one with `./impeller keys`."
        )
    if not env.text("BASE_URL") or host in {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}:  # noqa: S104
        reasons.append("BASE_URL must be the address people use; mails with links to localhost help nobody.")
    elif not BASE_URL.startswith("https://") and not env.flag("ALLOW_HTTP"):
        reasons.append("BASE_URL must begin with https:// (ALLOW_HTTP=1 only for a closed test network).")
    if not DATABASE_URL:
        reasons.append("DATABASE_URL must name the PostgreSQL database.")
    elif MIGRATION_DATABASE_URL == DATABASE_URL and not env.flag("ALLOW_ONE_DATABASE_ROLE"):
        reasons.append(
            "MIGRATION_DATABASE_URL must name another role than DATABASE_URL, so that the audit is append-only."
        )
    if not env.text("REDIS_URL"):
        reasons.append("REDIS_URL must name the Redis-compatible server.")
    if env.flag("DEBUG"):
        reasons.append("DEBUG must not be set.")
    if "*" in ALLOWED_HOSTS or "0.0.0.0/0" in TRUSTED_PROXIES:
        reasons.append("ALLOWED_HOSTS and TRUSTED_PROXIES must not admit everybody.")
    return reasons


if reasons := _reasons():
    raise ImproperlyConfigured("Impeller does not start:\n  - " + "\n  - ".join(reasons))

_https = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other names under this domain are not ours to decide
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for exactly that
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
