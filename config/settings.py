"""All settings, read from the environment. docs/settings.md explains each variable.

`IBID_ENV=demo` (the default) runs at once on SQLite with a secret everybody knows;
`IBID_ENV=production` refuses to start with a missing or known secret, with DEBUG, or with
an open host list.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from catalog.tabular.limits import LIMITS, Limits

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

IBID_ENV = env.str("IBID_ENV", default="demo")
if IBID_ENV not in {"demo", "production"}:
    raise ImproperlyConfigured(f"IBID_ENV is {IBID_ENV!r}; it must be 'demo' or 'production'.")
PRODUCTION = IBID_ENV == "production"

# Where the demo keeps what it makes: database, uploads, collected static files, logins.
VAR_DIR = Path(env.str("IBID_VAR", default=str(BASE_DIR / "var")))

DEMO_SECRET_KEY = "ibid-demo-secret-known-to-everybody-and-refused-in-production"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEMO_SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if PRODUCTION:
    if not SECRET_KEY or SECRET_KEY == DEMO_SECRET_KEY:
        raise ImproperlyConfigured(
            "Production needs its own SECRET_KEY in the environment: a long random string, "
            "for example from `openssl rand -base64 48`."
        )
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on. Production refuses to show its insides: unset DEBUG.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is empty or open. Name the site's hosts, for example "
            "ALLOWED_HOSTS=www.example.org."
        )

# Where people find the site: what mails and other pages outside it link to.
_host = env.str("HOST", default="127.0.0.1")
SITE_URL = env.str(
    "SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION
    else f"http://{f'[{_host}]' if ':' in _host else _host}:{env.str('PORT', default='8000')}",
).rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; it must begin with http:// or https://.")

INSTALLED_APPS = [
    "editorial",
    "catalog",
    "config.apps.IbidAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_prose_editor",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressedTexts",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "editorial.carrying.CarriesOn",
    "editorial.moving.LeadsOn",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# Widgets have their templates in templates/, beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ibid.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write waits for its turn at BEGIN, not halfway through its transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://ibid")}
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # what is due waits for the mail server as long
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="desk@localhost")
# The hour, in the newsroom's zone, from which the digests of the day are sent.
DIGEST_HOUR = env.int("DIGEST_HOUR", default=8)
if not 0 <= DIGEST_HOUR <= 23:
    raise ImproperlyConfigured(f"DIGEST_HOUR is {DIGEST_HOUR}; it must be an hour from 0 to 23.")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("de", _("German")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/London")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing inline, nothing from another host, on reader and admin pages alike.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # for the import map of the editor; sent only with a page that has one
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Import and export are closed unless a person has been given the right.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

# Who writes down what is done to the catalog, which knows no audit log of its own.
CATALOG_RECORDER = "editorial.audit.record"

# How much of a source's text readers may see in excerpts, in per cent; a source may set its own.
QUOTE_LIMIT = env.int("QUOTE_LIMIT", default=40)
if not 1 <= QUOTE_LIMIT <= 100:
    raise ImproperlyConfigured(f"QUOTE_LIMIT is {QUOTE_LIMIT}; it must be a share from 1 to 100 per cent.")

# Who the ids in feeds are named after (RFC 4151): a domain that was the site's when it began. Programs know
# articles by these ids: after a change, every article would be new to them.
_own_hosts = [host.lstrip(".") for host in ALLOWED_HOSTS if host.strip(".*")]
FEED_AUTHORITY = env.str("FEED_AUTHORITY", default=_own_hosts[0] if _own_hosts else "localhost")

# Where bundles lie: the one for readers until something changes, one that is being imported until it is.
BUNDLES_ROOT = VAR_DIR / "bundles"

# On what terms others may use what the site offers for download: a name, and where it can be read.
DATA_LICENCE_NAME = env.str(
    "IBID_DATA_LICENCE",
    default="Facts may be used freely with a link to this site; all other rights reserved",
)
DATA_LICENCE_URL = env.str("IBID_DATA_LICENCE_URL", default="")
if DATA_LICENCE_URL and not DATA_LICENCE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"IBID_DATA_LICENCE_URL is {DATA_LICENCE_URL!r}; it must begin with http:// or https://."
    )

# What a person may upload.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=50_000_000)
SOURCE_MAX_BYTES = env.int("SOURCE_MAX_BYTES", default=5 * 1024 * 1024)
# A pasted text may be as long as a file, with a form around it; a season's form has a row for each of
# its cast entries and citations.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * SOURCE_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# What a table that is brought in may hold; an upload ends where its file has more bytes.
TABLE_LIMITS = Limits(
    bytes=env.int("TABLE_MAX_BYTES", default=LIMITS.bytes),
    rows=env.int("TABLE_MAX_ROWS", default=LIMITS.rows),
    columns=env.int("TABLE_MAX_COLUMNS", default=LIMITS.columns),
    cell_characters=env.int("TABLE_MAX_CELL_CHARACTERS", default=LIMITS.cell_characters),
    unpacked_bytes=env.int("TABLE_MAX_UNPACKED_BYTES", default=LIMITS.unpacked_bytes),
    ratio=env.int("TABLE_MAX_RATIO", default=LIMITS.ratio),
)

# Files of tables on their way in: private, never served. Every server and worker must see the same folder.
IMPORT_ROOT = VAR_DIR / "imports"
# More rows than this are checked and imported by `run_due`, not while somebody waits for the page.
IMPORT_ROWS_AT_ONCE = env.int("IMPORT_ROWS_AT_ONCE", default=2_000)
# So is a bundle with more rows in all its tables.
BUNDLE_ROWS_AT_ONCE = env.int("BUNDLE_ROWS_AT_ONCE", default=5_000)
# How long the file of an import is kept, and for as long it can be undone.
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)
# How long a reader's address stays with a report that nobody closed.
REPORT_ADDRESS_DAYS = env.int("REPORT_ADDRESS_DAYS", default=30)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_tokens": {"()": "config.logs.WithoutTokens"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_tokens"],
        }
    },
    # A page without an article is an answer of ours to a person, not a fault of the site.
    "loggers": {"trafilatura": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
