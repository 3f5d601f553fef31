"""One file. The environment is read at the top, by typed readers that refuse nonsense loudly."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

# Spreadsheets are read the same way, by defusedxml, whether lxml happens to be installed or not.
os.environ["OPENPYXL_LXML"] = "False"
BASE_DIR = Path(__file__).resolve().parent.parent


def env_text(name, default=None):
    """The variable, or the content of the file that NAME_FILE points to (a container's secret)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE.")
    return value


def env_flag(name, *, default=False):
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"}


def env_days(name, default):
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= 365:
        raise ImproperlyConfigured(
            f"{name} must be a number of days from 1 to 365, not {value!r}."
        )
    return int(value)


def env_number(name, default, least, most):
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a number from {least} to {most}, not {value!r}."
        )
    return int(value)


def env_list(name, default=""):
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_database(name):
    """A libpq address to Django's dictionary; `?host=/folder` names a socket folder."""
    parts = urlsplit(env_text(name))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "cross",
        "USER": unquote(parts.username or "") or query.pop("user", ""),
        "PASSWORD": env_text("DATABASE_PASSWORD", unquote(parts.password or "")),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
    }


def env_mail():
    """Django's settings of mail, from EMAIL_URL (smtp:// in clear, smtp+tls://, smtps://) or from
    EMAIL_HOST and the others; nothing when neither is set."""
    host, port = os.environ.get("EMAIL_HOST", ""), os.environ.get("EMAIL_PORT", "")
    user, password = os.environ.get("EMAIL_HOST_USER", ""), env_text("EMAIL_HOST_PASSWORD", "")
    security = "tls" if env_flag("EMAIL_USE_TLS") else "ssl" if env_flag("EMAIL_USE_SSL") else ""
    if url := env_text("EMAIL_URL", ""):
        parts = urlsplit(url)
        schemes = {"smtp": "", "smtp+tls": "tls", "smtps": "ssl"}
        if parts.scheme not in schemes or not parts.hostname:
            raise ImproperlyConfigured("EMAIL_URL must be like smtp+tls://user:password@host:587")
        host, port, security = parts.hostname, parts.port or "", schemes[parts.scheme]
        user, password = unquote(parts.username or ""), unquote(parts.password or "") or password
    usual = {"": 25, "tls": 587, "ssl": 465}[security]
    return host and {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(port or usual),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": security == "tls",
        "EMAIL_USE_SSL": security == "ssl",
    }


# --- Where we are -------------------------------------------------------------------------------

TESTING = env_flag("CROSS_TESTING")
DEMONSTRATION = env_flag("CROSS_DEMONSTRATION")
HTTPS = env_flag("CROSS_HTTPS")
HOME = Path(os.environ.get("CROSS_HOME", BASE_DIR / "var")).resolve()
DEMO_PASSWORD = os.environ.get("CROSS_DEMO_PASSWORD", "cross-demo")
VERSION = "1.0.0.dev0"
# Fonts and name block of the State: for a prefecture that is entitled to them, off elsewhere.
STATE_BRAND = env_flag("CROSS_STATE_BRAND")


def secret_key():
    """From the environment; the demonstration and the tests draw one and keep it to themselves."""
    if "CROSS_SECRET_KEY" in os.environ or "CROSS_SECRET_KEY_FILE" in os.environ:
        return env_text("CROSS_SECRET_KEY")
    if TESTING:
        return secrets.token_urlsafe(50)
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = env_list("CROSS_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("CROSS_ORIGINS")

# --- Rooms ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "cross.ui",  # before dsfr and django.forms: our templates win
    "widget_tweaks",
    "dsfr",
    "django.forms",
    "django_htmx",
    "guardian",
    "import_export",
    "pgtrigger",
    "django_celery_beat",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "cross.audit",
    "cross.identity",
    "cross.outbox",
    "cross.sealed",
    "cross",
    "services",
    "protocols",
    "intel",
]

MIDDLEWARE = [
    "cross.watching.requests.watching",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cross.doorstep.kept_to_ourselves",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cross.middleware.closed_to_caches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cross.middleware.sessions_end",
    "cross.doorstep.from_our_own_pages",
    "cross.doorstep.bounded_bodies",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cross.middleware.purpose_of_reading",
    "cross.middleware.legible_addresses",
]

ROOT_URLCONF = "cross.urls"
WSGI_APPLICATION = "cross.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "cross.nav.page_furniture",
            ],
            "builtins": ["cross.ui.templatetags.ui", "cross.ui.templatetags.words"],
        },
    },
]

# --- Data ----------------------------------------------------------------------------------------

DATABASES = {"default": env_database("DATABASE_URL")}
IS_WEB = env_flag("CROSS_DB_POOL")
if IS_WEB:
    # As many connections as threads, and one for what sends messages. A pool wants CONN_MAX_AGE at
    # 0. Each is looked at before it is lent: those of a database that restarted are gone. Without
    # one in time, the page says so; the wait for the next try does not grow with the outage.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1, "max_size": 5, "timeout": 3, "reconnect_timeout": 2
    }  # fmt: skip
# Of the role that the web process signs in as (cross.fence): migrations give it this password.
WEB_DATABASE_PASSWORD = env_text("WEB_DATABASE_PASSWORD", "")
# The folder of the keys that seal what a stolen copy must not tell (cross/sealed/ring.py).
KEYS = Path(os.environ.get("CROSS_KEYS", HOME / "keys"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The journal ---------------------------------------------------------------------------------

# The key that signs its seals: a file of the worker alone, made by the demonstration for itself.
JOURNAL_KEY = Path(os.environ.get("CROSS_JOURNAL_KEY", HOME / "journal" / "key.pem"))
# What is kept of each seal outside the database, and where each leaves for at once:
# udp://host:514 or tcp://host:514, a syslog of another machine.
ANCHORS = Path(os.environ.get("CROSS_ANCHORS", HOME / "anchors"))
ANCHOR_SYSLOG = os.environ.get("CROSS_ANCHOR_SYSLOG", "")
# Of the role that may read the journal and nothing else (cross.fence).
JOURNAL_DATABASE_PASSWORD = env_text("JOURNAL_DATABASE_PASSWORD", "")
# How long a line stays: three years, from one to six by the act that founds the processing.
JOURNAL_YEARS = env_number("CROSS_JOURNAL_YEARS", 3, 1, 6)
# What is put on the list to review: sheets read in an hour or in a day by one agent, refusals in
# an hour, and whatever leaves between these hours of the night.
ODD_SHEETS_AN_HOUR = env_number("CROSS_ODD_SHEETS_AN_HOUR", 40, 1, 10_000)
ODD_SHEETS_A_DAY = env_number("CROSS_ODD_SHEETS_A_DAY", 150, 1, 10_000)
ODD_REFUSALS_AN_HOUR = env_number("CROSS_ODD_REFUSALS_AN_HOUR", 10, 1, 10_000)
ODD_NIGHT = (22, 6)

# --- Who comes in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "services.Member"
AUTHENTICATION_BACKENDS = [
    "services.backend.MemberBackend",
    "intel.backend.ReportBackend",
]
GUARDIAN_RAISE_403 = False
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# We know that guardian's own backend is absent: intel.backend.ReportBackend replaces it, because
# any backend that says yes wins and guardian's knows neither inheritance nor expiry.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "cross.identity.passwords.HouseWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# Tries that failed, codes already used: known to every process, Valkey up or down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# The demonstration does without a second factor, and says so in its banner.
SECOND_FACTOR = not DEMONSTRATION
# What leaves the house asks who one is, unless it was proved so short a time ago.
FRESH_SECONDS = 10 * 60
ACCOUNT_ADAPTER = "cross.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: the adapter says no
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = False
# Twenty wrong passwords an hour for a name, known or not; a passkey still opens.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # the proxy of docker-compose.yml
MFA_ADAPTER = "cross.identity.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # of 30 seconds: the clock of a telephone, the time to type
# ProConnect, or any provider of OpenID Connect; empty: passwords alone.
OUTSIDE_SERVER = os.environ.get("CROSS_OIDC_SERVER", "")
OUTSIDE_NAME = os.environ.get("CROSS_OIDC_NAME") or "ProConnect"
# Does it ask again who one is when it is told to, and say when it did? ProConnect does not.
OUTSIDE_ASKS_AGAIN = env_flag("CROSS_OIDC_ASKS_AGAIN")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": os.environ.get("CROSS_OIDC_SCOPE", "openid email").split(),
        "APPS": [
            {
                "provider_id": "identite",
                "name": OUTSIDE_NAME,
                "client_id": env_text("CROSS_OIDC_CLIENT", ""),
                "secret": env_text("CROSS_OIDC_SECRET", ""),
                "settings": {"server_url": OUTSIDE_SERVER},
            }
        ],
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 3600  # whatever happens
SESSION_IDLE_SECONDS = 15 * 60  # without anybody there
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cross.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],  # the design system's icons live in its style sheets
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # What a browser refused of our pages is told to ourselves (cross.refusals): the first
        # name for the browsers that know no other.
        "report-uri": ["/navigateur/refus/"],
        "report-to": ["refus"],
    },
}
REPORTING_ENDPOINTS = 'refus="/navigateur/refus/"'

# --- What people send ----------------------------------------------------------------------------

MEDIA_ROOT = HOME / "files"  # served by the gate alone, never by an address of its own
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # the fields of a form, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
# A whole request, files counted; of somebody who has not signed in, a form of sign-in.
BODY_MAX_BYTES = 64_000_000
STRANGER_BODY_MAX_BYTES = 100_000
# « 20 Mo », « 50 Mo » on the screen: the units of the law, not of memory.
ATTACHMENT_MAX_BYTES = 20_000_000
IMPORT_MAX_BYTES = 50_000_000
# Files are refused once this much of the disk is taken (cross/room.py), in hundredths.
UPLOADS_STOP_AT = env_number("CROSS_UPLOADS_STOP_AT", 90, 1, 100)
# clamd, or « off » on purpose; without it, originals stay in quarantine (cross/scanner.py).
SCANNER = env_text("CROSS_SCANNER", "off" if TESTING else "")
# How many days each thing stays; every night, what has stayed longer is forgotten.
TIP_CONTACT_DAYS = 90  # the author of a tip stays known to nobody after that
DISCARDED_DAYS = 30  # what was thrown away is brought back until then; an entry nobody resumed
COPY_FILE_DAYS = 1  # the file of printed copies: the register stays
IMPORT_DAYS = 7  # a file left without being imported
CHECKED_VALUE_DAYS = 30  # what a check looked for; its number and its answer stay
PLANNED_EVENT_DAYS = 30  # an operation, once it has ended
SEEN_NOTICE_DAYS, UNSEEN_NOTICE_DAYS = 90, 365
LETTER_DAYS = 90
# A direction is taken within so many days and answered within so many; a return is made to the
# contributor within so many of the answer. Past them it is overdue, and somebody is reminded.
ACKNOWLEDGE_DAYS = env_days("CROSS_ACKNOWLEDGE_DAYS", 5)
ANSWER_DAYS = env_days("CROSS_ANSWER_DAYS", 30)
RETURN_DAYS = env_days("CROSS_RETURN_DAYS", 5)
# The delay of triage: what waits longer is shown in red. What somebody has open is his that long.
TRIAGE_DAYS = env_days("CROSS_TRIAGE_DAYS", 5)
TRIAGE_HELD_MINUTES = 15
# Searches that members follow are looked at again every so many minutes: a divisor of 60.
SEARCH_ALERT_MINUTES = 5
# What one has just done oneself is taken back by a single key so long; later, a question is asked.
UNDO_KEY_MINUTES = 10

# --- Words ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
USE_I18N = True  # Django's and the design system's own sentences, in French
TIME_ZONE = "Europe/Paris"
USE_TZ = True
FORMAT_MODULE_PATH = ["cross.formats"]

# --- Static files --------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("CROSS_STATIC", HOME / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "cross.ui.assets.WheelFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our files
DSFR_USE_INTEGRITY_CHECKSUMS = False  # the manifest rewrites the files: the sums would block them
DSFR_MARK_OPTIONAL_FIELDS = True

# --- Background ----------------------------------------------------------------------------------

CELERY_BROKER_URL = env_text("BROKER_URL", "")
CELERY_TIMEZONE = TIME_ZONE  # the rest of the delivery settings: cross/celery.py

# --- Mail ----------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("CROSS_MAIL_FROM", "cross@localhost")
# What links of a mail begin with.
ADDRESS = os.environ.get(
    "CROSS_ADDRESS",
    CSRF_TRUSTED_ORIGINS[0]
    if CSRF_TRUSTED_ORIGINS
    else f"http://127.0.0.1:{os.environ.get('CROSS_PORT', '8000')}",
).rstrip("/")
# The demonstration writes each mail to a file of its own; without a server, nothing leaves.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mails"
MAIL_LEAVES = DEMONSTRATION or TESTING
if mail := env_mail():
    globals().update(mail)
    MAIL_LEAVES = True

# --- Log and figures -----------------------------------------------------------------------------

# "json": an object a line, and one line a request; otherwise lines for people, when they matter.
LOG_FORMAT = os.environ.get("CROSS_LOG", "text")
if LOG_FORMAT not in {"text", "json"}:
    raise ImproperlyConfigured(f"CROSS_LOG must be text or json, not {LOG_FORMAT!r}.")
# The header in which the proxy gives each request its number, over whatever came in; without a
# name, numbers are drawn here and nobody is believed.
REQUEST_ID_HEADER = os.environ.get("CROSS_REQUEST_ID_HEADER", "")
SLOW_QUERY_MS = env_number("CROSS_SLOW_QUERY_MS", 250, 1, 60_000)
# The private port of the figures; 0: none. Web processes then count in files of one folder, whose
# name their library reads when it is loaded.
METRICS_PORT = env_number("CROSS_METRICS_PORT", 0, 0, 65535)
METRICS_HOST = os.environ.get("CROSS_METRICS_HOST", "127.0.0.1")
if METRICS_PORT:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(HOME / "figures"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "cross.log.Line", "format": "%(levelname)s %(name)s: %(message)s"},
        "json": {"()": "cross.log.JsonLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "cross.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # Django gives these handlers of their own, which repeat each line.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
