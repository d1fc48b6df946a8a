"""Settings: every value comes from the environment, has a default that works, and a line in docs/admin/settings.md."""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF

from lienthu.server.postgres import database_url

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(env("LIENTHU_HOME", default=str(Path.cwd() / "var"))).resolve()

PRODUCTION = env.bool("LIENTHU_PRODUCTION", default=False)
DEBUG = env.bool("LIENTHU_DEBUG", default=False)
# Without a key of its own the product only runs for a trial; config.checks refuses this value in production.
SECRET_KEY = env("LIENTHU_SECRET_KEY", default="insecure-key-of-a-trial-installation-only-change-it-please")
ALLOWED_HOSTS = env.list("LIENTHU_ALLOWED_HOSTS", default=["*"] if not PRODUCTION else [])
CSRF_TRUSTED_ORIGINS = env.list("LIENTHU_TRUSTED_ORIGINS", default=[])
SITE_URL = env("LIENTHU_SITE_URL", default="")
PROVINCE = env("LIENTHU_PROVINCE", default="Tuyên Quang")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django_htmx",
    "django_prometheus",
    "procrastinate.contrib.django",
    "csp",
    # before allauth, so that its own sign-in pages win
    "lienthu.identity",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "lienthu.kernel",
    "lienthu.web",
    "lienthu.audit",
    "lienthu.libraries",
    "lienthu.catalogue",
    "lienthu.authorities",
    "lienthu.patrons",
    "lienthu.loanrules",
    "lienthu.fees",
    "lienthu.notices",
    "lienthu.circulation",
    "lienthu.discovery",
    "lienthu.cataloguing",
    "lienthu.batchedit",
    "lienthu.offlinedesk",
    "lienthu.rotation",
    "lienthu.stocktaking",
    "lienthu.weeding",
    "lienthu.readinglists",
    "lienthu.harvesting",
    "lienthu.labels",
    "lienthu.targets",
    "lienthu.portal",
    "lienthu.operations",
    "lienthu.protocols.oaipmh",
    "lienthu.protocols.sip2",
    "lienthu.config",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lienthu.web.han.HanNomMiddleware",
    "lienthu.kernel.http.BadRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "lienthu.identity.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "lienthu.config.urls"
WSGI_APPLICATION = "lienthu.config.wsgi.application"
FORM_RENDERER = "lienthu.web.renderer.FormRenderer"

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # web comes first so that its layouts win over those of third-party apps
        "DIRS": [ROOT / "web" / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lienthu.config.menu.menu",
                "lienthu.config.own.own",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "lienthu.web.templatetags.lienthu"],
        },
    }
]

# --- Data -----------------------------------------------------------------
DATABASES = {
    "default": env.db_url_config(database_url(HOME)),
}
DATABASES["default"]["ENGINE"] = "lienthu.kernel.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("TEST", {})["NAME"] = env("LIENTHU_TEST_DB", default="test_lienthu")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {"BACKEND": "lienthu.kernel.storage.DocumentStorage"},
    "documents": {"BACKEND": "lienthu.kernel.storage.DocumentStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DOCUMENTS_ROOT = HOME / "documents"
INDEX_ROOT = HOME / "index"
MEDIA_ROOT = DOCUMENTS_ROOT
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_MAX_AGE = 31536000
# Until the manifest of collected files exists (tests), files are served from the source folders.
COLLECTING_STATIC = env.bool("LIENTHU_COLLECTING_STATIC", default=False)
WHITENOISE_USE_FINDERS = not COLLECTING_STATIC and not (STATIC_ROOT / "staticfiles.json").exists()
# A file of the source folders is looked for when it is asked for: listing them all takes each test client 20 ms.
WHITENOISE_AUTOREFRESH = DEBUG or WHITENOISE_USE_FINDERS
if WHITENOISE_USE_FINDERS:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_MAX_BYTES = env.int("LIENTHU_UPLOAD_MAX_BYTES", default=2 << 30)

# "default" is shared by all processes (limits on signing in count there, docs/adr/0008); "local" is quick and private.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_cache",
        "OPTIONS": {"MAX_ENTRIES": 20000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}},
}

# --- Language -------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# intake has sentences but is no Django app.
LOCALE_PATHS = [ROOT / "intake" / "locale", ROOT / "protocols" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["lienthu.config.formats"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31536000

# --- Identity -------------------------------------------------------------
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What other modules know of a library in figures, shown on its page.
LIBRARY_FIGURES = [
    "lienthu.catalogue.queries.figures.figures_of_library",
    "lienthu.harvesting.queries.figures_of_library",
]
# Why a record has a revision, as modules above the catalogue know it; shown in its history.
REVISION_REASONS = [
    "lienthu.authorities.queries.reasons.reasons_of_revisions",
    "lienthu.batchedit.queries.reasons.reasons_of_revisions",
]
IDENTITY_ROLES = "lienthu.config.roles.ROLES"
IDENTITY_PERMISSIONS = "lienthu.config.roles.PERMISSIONS"
STAFF_MFA_REQUIRED = env.bool("LIENTHU_STAFF_MFA_REQUIRED", default=PRODUCTION)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "identity:home"
ACCOUNT_ADAPTER = "lienthu.identity.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "lienthu.identity.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Liên Thư] "
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_DISPLAY = "lienthu.identity.models.full_name_of"
# A school's computers share one address, so the limit per address is wider than the one per account.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/10m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("LIENTHU_BEHIND_PROXY", default=False) else 0
MFA_FORMS = {
    "add_webauthn": "lienthu.identity.forms.AddKeyForm",
    "edit_webauthn": "lienthu.identity.forms.EditKeyForm",
}
MFA_ADAPTER = "lienthu.identity.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Liên Thư"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SECRET_KEY_FALLBACKS = env.list("LIENTHU_SECRET_KEY_FALLBACKS", default=[])

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_ENGINE = "lienthu.identity.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_SSL_REDIRECT = env.bool("LIENTHU_SSL_REDIRECT", default=False)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("LIENTHU_BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Operations -----------------------------------------------------------
REACTIONS = "lienthu.config.reactions.REACTIONS"
AUDIT_TARGETS = "lienthu.config.trail.TARGETS"
READER_OWNERS = "lienthu.config.readers.OWNERS"
COPY_KEEPERS = "lienthu.config.copies.KEEPERS"
COPY_CLAIMS = "lienthu.config.copies.CLAIMS"
COPY_ABSENCES = "lienthu.config.copies.ABSENCES"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "lienthu.config.schedule.register"
PROMETHEUS_EXPORT_MIGRATIONS = False
BACKUP_DIR = env("LIENTHU_BACKUP_DIR", default=str(HOME / "backups"))
BACKUP_SCHEDULED = env.bool("LIENTHU_BACKUP_SCHEDULED", default=True)
BACKUP_TIME = env("LIENTHU_BACKUP_TIME", default="02:30")
BACKUP_KEEP = env("LIENTHU_BACKUP_KEEP", default="7,4,12")
BACKUP_KEY = env("LIENTHU_BACKUP_KEY", default="")
BACKUP_KEY_FILE = env("LIENTHU_BACKUP_KEY_FILE", default="")
PG_PROGRAMS = env("LIENTHU_PG_PROGRAMS", default="")
# "on": records are matched as they come in; "later": by `lienthu catalogue rematch` after a first big load.
MATCHING = env("LIENTHU_MATCHING", default="on")
# Records of one batch edit.
BATCH_EDIT_MOST = env.int("LIENTHU_BATCH_EDIT_MOST", default=50_000)
# host:port of machines inside private networks that may be fetched from all the same (kernel.fetching).
ALLOW_PRIVATE_FETCH = env.list("LIENTHU_ALLOW_PRIVATE_FETCH", default=[])
# Days after the end of a harvest until the pages that it was answered with are removed.
HARVEST_KEEP_DAYS = env.int("LIENTHU_HARVEST_KEEP_DAYS", default=30)
# Part of every identifier that harvesters keep, so it stays when the host changes.
OAI_NAMESPACE = env("LIENTHU_OAI_NAMESPACE", default="lienthu.local")
OAI_EMAIL = env("LIENTHU_OAI_EMAIL", default="")
# Machines for self-service; without a port `lienthu serve` runs no SIP2 server.
SIP2_HOST = env("LIENTHU_SIP2_HOST", default="127.0.0.1")
SIP2_PORT = env.int("LIENTHU_SIP2_PORT", default=0)
SIP2_TLS_PORT = env.int("LIENTHU_SIP2_TLS_PORT", default=0)
SIP2_CERTIFICATE = env("LIENTHU_SIP2_CERTIFICATE", default="")
SIP2_KEY = env("LIENTHU_SIP2_KEY", default="")
# Threads of each process, for the database; processes, because each does one thing at a time.
SIP2_THREADS = env.int("LIENTHU_SIP2_THREADS", default=4)
SIP2_PROCESSES = env.int("LIENTHU_SIP2_PROCESSES", default=2)
METRICS_TOKEN = env("LIENTHU_METRICS_TOKEN", default="")
_MAIL = env.email_url("LIENTHU_EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = env("LIENTHU_EMAIL_BACKEND", default=_MAIL["EMAIL_BACKEND"])
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"] or "localhost", _MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"] or "", _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("LIENTHU_FROM_EMAIL", default="lienthu@localhost")
# The HTTP gateway for SMS: what is sent to it, and what a good answer says (lienthu/notices/ports/sms.py).
SMS_URL = env("LIENTHU_SMS_URL", default="")
SMS_BODY = env("LIENTHU_SMS_BODY", default='{"to": "{phone}", "text": "{text}", "reference": "{reference}"}')
SMS_FORM = env("LIENTHU_SMS_FORM", default="json")
SMS_HEADERS = env.json("LIENTHU_SMS_HEADERS", default={})
SMS_OK = env("LIENTHU_SMS_OK", default="")
SMS_PREFIX = env("LIENTHU_SMS_PREFIX", default="84")
SMS_PLAIN = env.bool("LIENTHU_SMS_PLAIN", default=True)
PUSH_ENABLED = env.bool("LIENTHU_PUSH", default=True)
VAPID_KEY_FILE = env("LIENTHU_VAPID_KEY_FILE", default=str(HOME / "vapid.pem"))
VAPID_SUBJECT = SITE_URL if SITE_URL.startswith("https://") else f"mailto:{DEFAULT_FROM_EMAIL}"
# Days after which the words of notices, and whom they were for, are removed.
NOTICES_KEEP_DAYS = env.int("LIENTHU_NOTICES_KEEP_DAYS", default=90)

_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": _PROCESSORS,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env("LIENTHU_LOG_LEVEL", default="INFO")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "pyBarcode": {"level": "WARNING"},
    },
}
