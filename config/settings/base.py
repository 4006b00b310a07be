"""What is true in every environment; the sibling modules only say what differs."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = env.ROOT
DATA_DIR = env.data_dir()
DEBUG = False

# --- Apps -------------------------------------------------------------------------------------------------------------
OUR_APPS = [
    "core",
    "accounts",
    "training",
    "crm",
    "projects",
    "service",
    "complaints",
    "surveys",
    "kpi",
]  # by floor
INSTALLED_APPS = [
    *OUR_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "config",  # last: its `ready` reads what the apps have registered
]

MIDDLEWARE = [
    "config.middleware.TrustedProxyMiddleware",
    "config.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads each answer, so lengths tell nothing about the masked CSRF token
    "config.middleware.UnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.HiddenOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.UserLanguageMiddleware",
    "config.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "config.quick_templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "config.form_renderer.QuickRenderer"

# --- Where we are reached ---------------------------------------------------------------------------------------------
PORT = env.number("PORT", 8000)
BASE_URL = (env.text("BASE_URL") or f"http://127.0.0.1:{PORT}").rstrip(
    "/"
)  # every link in a mail starts with this
ALLOWED_HOSTS = [
    urlsplit(BASE_URL).hostname or "",
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env.words("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.words(
    "TRUSTED_PROXIES"
)  # addresses or networks whose X-Forwarded-* headers are believed

# --- Database ---------------------------------------------------------------------------------------------------------
# Two roles: MIGRATION_DATABASE_URL owns the tables; DATABASE_URL may not change the schema nor rewrite the audit.
# Web and worker set a statement time-out (config/wsgi.py, config/celery.py); commands typed by people have none.
ATOMIC_REQUESTS = False
DATABASE_URL = env.text("DATABASE_URL")
MIGRATION_DATABASE_URL = env.text("MIGRATION_DATABASE_URL") or DATABASE_URL
APPEND_ONLY_TABLES = ("core_auditentry", "core_auditseal", "core_auditexpiry")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for one PostgreSQL address, with our session options."""
    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    session = [
        f"-c statement_timeout={env.number('STATEMENT_TIMEOUT_MS', 0)}",
        f"-c idle_in_transaction_session_timeout={env.number('IDLE_TRANSACTION_TIMEOUT_MS', 120_000)}",
        "-c jit=off",
    ]
    parsed["OPTIONS"] = {"connect_timeout": 5, "options": " ".join(session), **parsed.get("OPTIONS", {})}
    return parsed


DATABASES = {"default": database(DATABASE_URL or "postgresql:///impeller")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache: both only niceties; sessions, limits and due work live in PostgreSQL -----------------------------
REDIS_URL = env.text("REDIS_URL") or "redis://127.0.0.1:6379/0"
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "TIMEOUT": 300,
        "KEY_PREFIX": "impeller",
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    },
    # Parts of the frame as drawn (`{% cache %}`), in each process: their keys name all that they depend on.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template-fragments",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# --- Celery: reliability rules; the database is the truth, a message is only a hint -------------------------------------
CELERY_BROKER_URL = env.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}
CELERY_VISIBILITY_TIMEOUT = 900
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 280
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("SOFT_SHUTDOWN_SECONDS", 30)
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "default"

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT") or DATA_DIR / "static"
ASSETS_DIR = BASE_DIR / "build" / "assets"  # third-party files copied from npm packages by config/assets.py
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", ASSETS_DIR) if path.exists()]
MEDIA_ROOT = DATA_DIR / "files"  # never under a public address: served by authorised views only
EXPORT_DIR = DATA_DIR / "exports"  # lists taken out, locked by passwords, for a day; no part of a backup
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Mail -------------------------------------------------------------------------------------------------------------
# Without EMAIL_URL every mail is kept as an .eml file under DATA_DIR/mail, so that nothing is lost and nothing leaves.
MAIL_DIR = DATA_DIR / "mail"
ERASURE_LIST = DATA_DIR / "erasures.json"  # people erased under privacy law; copied beside the backups
MAILERS: dict[str, Any] = {"default": {"BACKEND": "core.channels.email.EmlBackend"}}
if email_url := env.text("EMAIL_URL"):
    _mail = dj_email_url.parse(email_url)
    MAILERS["default"] = {
        "BACKEND": _mail["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": _mail["EMAIL_HOST"],
            "port": _mail["EMAIL_PORT"],
            "username": _mail["EMAIL_HOST_USER"],
            "password": _mail["EMAIL_HOST_PASSWORD"],
            "use_tls": _mail["EMAIL_USE_TLS"],
            "use_ssl": _mail["EMAIL_USE_SSL"],
            "timeout": 10,
        },
    }
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL") or f"Impeller <no-reply@{urlsplit(BASE_URL).hostname}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Safety -----------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    "HTTP_X_FORWARDED_PROTO",
    "https",
)  # TrustedProxyMiddleware drops it from strangers
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_NAME = "impeller_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = "impeller_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
METRICS_TOKEN = env.text("METRICS_TOKEN")
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=()"

# --- Accounts and sign-in (kept by accounts/) ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PasswordBackend",
    "core.rules.RuleBackend",
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email",
    "password1*",
]  # there is no sign-up page; the library wants to know
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # the library counts in the cache; we count in the database (axes)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Impeller"
AXES_HANDLER = "accounts.throttle.SignInHandler"
AXES_FAILURE_LIMIT = 8
SIGN_IN_FAILURES_PER_ADDRESS = 60
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.public_views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_CALLABLE = "accounts.throttle.user_name_of"
AXES_SENSITIVE_PARAMETERS = ["login", "password", "code", "csrfmiddlewaretoken"]
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
# --- end of accounts ----------------------------------------------------------------------------------------------------

# --- API ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",  # first, so that nobody at all is answered 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.FormSchema",
    "EXCEPTION_HANDLER": "core.api.errors.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Impeller API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["core.api.schema.without_marks"],
}

# --- Logs: one line an event on standard error ----------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

PRODUCT_NAME = _("Impeller")
DEMO = False  # True where demo logins may exist and are listed on the sign-in page
