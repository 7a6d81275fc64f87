"""Every setting, read from the environment; ``docs/operators.md`` lists them with their defaults.

Without any variable set this is a safe local installation: DEBUG off, a generated secret key,
the embedded PostgreSQL, everything kept in ``DATA_DIR``.
"""

import sys
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config.admin_settings import UNFOLD  # noqa: F401
from config.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from config.datadir import data_dir, secret_key
from config.embedded import database_settings
from config.languages import LOCALE, SOURCE, languages
from config.logs import logging_config
from config.storage import document_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where things are ------------------------------------------------------------------------
DATA_DIR = data_dir()
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Files of documents: the largest that is accepted, and where they are kept.
MAX_DOCUMENT_MB = env.int("MAX_DOCUMENT_MB", default=25)
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"

# --- how it runs -----------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("ENTENTE_TESTING", default=False)
HTTPS = env.bool("HTTPS", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if HTTPS else 0)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "people",
    "partnerships",
]

MIDDLEWARE = [
    "config.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.ApiVersionMiddleware",
    "config.middleware.StatementTimeoutMiddleware",
    "config.middleware.RateLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.signed_out.SignedOutMiddleware",
    "config.middleware.HistoryContextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- the database: DATABASE_URL, or the embedded cluster of DATA_DIR ---------------------------
DATABASES = {
    "default": env.db("DATABASE_URL") if env.str("DATABASE_URL", "") else database_settings(DATA_DIR)
}
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("DATABASE_CONN_MAX_AGE", default=60))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# How long one statement may take that answers a reading visitor, and one that feeds an export.
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=5_000)
EXPORT_TIMEOUT_MS = env.int("EXPORT_TIMEOUT_MS", default=60_000)
# Readers of the change feed that may wait at the same time in one process; the others are answered at once.
FEED_WAITERS = env.int("FEED_WAITERS", default=max(1, env.int("WEB_THREADS", default=4) // 2))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History rows are never rewritten; only writing requests open a context (config.middleware).
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Jobs wait in the database for ``manage.py work``; a test does them on the spot.
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TESTING
        else "django_tasks_db.DatabaseBackend"
    }
}

# --- reminders by e-mail -----------------------------------------------------------------------
# smtp+tls://user:password@host:587; without one, mails are written to the worker's output.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Entente <entente@localhost>")
# Where people reach this installation: links in mails and calendars begin with it.
SITE_ADDRESS = env.str("SITE_ADDRESS", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip(
    "/"
)
# What catalogues and harvesters are told of this registry. Without a licence none is stated.
REGISTRY_NAME = env.str("REGISTRY_NAME", default="Entente partnership registry")
REGISTRY_PUBLISHER = env.str("REGISTRY_PUBLISHER", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="") or parseaddr(DEFAULT_FROM_EMAIL)[1]
DATA_LICENSE = env.str("DATA_LICENSE", default="")
# Days before a deadline; an office may choose its own. The hour (UTC) from which mails go out.
REMINDER_DAYS = env.list("REMINDER_DAYS", cast=int, default=[180, 90, 60, 30, 15])
REMINDER_HOUR = env.int("REMINDER_HOUR", default=6)

# --- webhooks ----------------------------------------------------------------------------------
# Networks beside the open internet to which deliveries may go, unencrypted and to any port as well:
# 10.1.0.0/16, 127.0.0.0/8. Ports on the open internet.
WEBHOOK_ALLOWED_NETWORKS = env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443, 8443])

# --- who signs in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.OfficeRoleBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Lock the pair of user and address: locking either alone lets a stranger lock out an office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_COOL_OFF_MINUTES", default=15))
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
# The address that a trusted proxy wrote, never one that the visitor did.
AXES_CLIENT_IP_CALLABLE = "people.clients.address_in_words"

# How long the answer to a write under an Idempotency-Key is kept for who repeats it, and how large a
# body with many records may be.
IDEMPOTENCY_HOURS = env.int("IDEMPOTENCY_HOURS", default=24)
MAX_BULK_MB = env.int("MAX_BULK_MB", default=10)

# Nobody approves or publishes what they submitted or last changed themselves; an office may differ.
SEPARATION_OF_DUTIES = env.bool("SEPARATION_OF_DUTIES", default=False)

# Whoever changes a record through the API says which state of it they read (If-Match, or updated_at).
API_REQUIRE_IF_MATCH = env.bool("API_REQUIRE_IF_MATCH", default=False)
# --- how much of the API one client may use ------------------------------------------------------
# Units a minute (partnerships.api.costs), 0: no limit. Tests ask more than any visitor.
RATE_LIMITS = env.bool("RATE_LIMITS", default=not TESTING)
RATE_LIMIT_ANONYMOUS = env.int("RATE_LIMIT_ANONYMOUS", default=600)
RATE_LIMIT_TOKEN = env.int("RATE_LIMIT_TOKEN", default=3000)
RATE_LIMIT_STAFF = env.int("RATE_LIMIT_STAFF", default=3000)
# Errors that one visitor may report in an hour, 0: no limit.
RATE_LIMIT_REPORTS = env.int("RATE_LIMIT_REPORTS", default=10)

# --- safety in the browser -----------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    # TLS ends at the proxy in front, which must set X-Forwarded-Proto itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# Preloading is a promise for a whole domain that is hard to take back: the operator makes it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- files that pages need -----------------------------------------------------------------------
# Hashed names need a collectstatic first; while developing or testing the plain files are served.
_PLAIN_STATIC = DEBUG or TESTING
STORAGES = {
    "default": document_storage(env),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _PLAIN_STATIC
        else "config.static_files.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _PLAIN_STATIC
WHITENOISE_AUTOREFRESH = _PLAIN_STATIC

# Where set-up puts what pages take from npm (``config/browser``).
BROWSER_PACKAGES = Path(env.str("BROWSER_PACKAGES", default=str(Path(sys.prefix) / "browser")))

# --- language and time ---------------------------------------------------------------------------
# The language follows from the address alone (partnerships.addresses): no cookie, no guess.
LANGUAGE_CODE = SOURCE
LANGUAGES = languages()
LOCALE_PATHS = [LOCALE]
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), quiet=TESTING)

if TESTING:
    # Argon2 is slow on purpose; a thousand test users need not pay for it.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
