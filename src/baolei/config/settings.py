"""Settings. What an operator may change comes from the environment; see docs/howto/operate.md."""

import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from baolei.kernel.places import instance_root
from baolei.kernel.postgres.layout import PORT, layout
from baolei.kernel.secretfiles import secret_text


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


PACKAGE = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
SERVING = _flag("BAOLEI_SERVING") and not TESTING

# The instance
BAOLEI_SCHEMA = "p22"
BAOLEI_JOBS_SCHEMA = "jobs"
BAOLEI_APP_ROLE = os.environ.get("BAOLEI_APP_ROLE", "baolei_app")
BAOLEI_DEMO = _flag("BAOLEI_DEMO") or (not TESTING and (instance_root() / "demo").exists())
BAOLEI_IDLE_MINUTES = 30
BAOLEI_TREE = "organizations.Organization"
BAOLEI_PLACE = "organizations.Place"
BAOLEI_PERSON = "members.Member"
BAOLEI_CHAPTERS = (
    ("党组织和党员", 1),
    ("党务力量", 15),
    ("村", 20),
    ("社区", 30),
    ("项目和资金", 40),
    ("帮扶和两新组织", 50),
    ("教育培训", 60),
    ("边境", 70),
    ("组织关系转接", 80),
    ("工作落实", 90),
)
"""Headings of the figures: title and the first rank below it."""
BAOLEI_TILES = PACKAGE / "organizations" / "data" / "tiles.json"
BAOLEI_FIRST_YEAR = 2012  # the first year whose end is answered from complete records
BAOLEI_ROLES = "baolei.config.roles.ROLES"
BAOLEI_ACTOR_OF = "baolei.accounts.queries.actor_of"
BAOLEI_DB_ROLE = "owner" if TESTING else os.environ.get("BAOLEI_DB_ROLE", "app")

DEBUG = _flag("BAOLEI_DEBUG") and not TESTING
SECRET_KEY = secret_text("django", 48)
_HOSTS = [host for host in os.environ.get("BAOLEI_HOSTS", "").split(",") if host]
ALLOWED_HOSTS = [*_HOSTS, "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "baolei.kernel",
    "baolei.organizations",
    "baolei.accounts",
    "baolei.members",
    "baolei.posts",
    "baolei.standards",
    "baolei.projects",
    "baolei.assistance",
    "baolei.meetings",
    "baolei.training",
    "baolei.development",
    "baolei.transfers",
    "baolei.disposals",
    "baolei.coverage",
    "baolei.community",
    "baolei.inspections",
    "baolei.reviews",
    "baolei.honours",
    "baolei.portal",
    "baolei.province",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    # Outermost, so that refusals of those within carry them, too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "baolei.kernel.api.answers.JsonErrors",
    "django.middleware.security.SecurityMiddleware",
    "baolei.kernel.middleware.RefuseNul",
    "baolei.kernel.ballots.quiet.Nobody",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "baolei.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "baolei.config.urls"
WSGI_APPLICATION = "baolei.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "autoescape": True,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baolei.config.menu.context",
            ],
        },
    }
]

# The database: DATABASE_URL, or the embedded server's socket.
# The citus.* settings are placeholders on plain PostgreSQL and make going distributed configuration only.
_OPTIONS = (
    f"-c search_path={BAOLEI_SCHEMA},{BAOLEI_JOBS_SCHEMA},public"
    " -c citus.enable_schema_based_sharding=on"
    " -c citus.enable_unsafe_triggers=on"
    " -c citus.propagate_set_commands=local"
)
_URL = os.environ.get("DATABASE_URL", "")
BAOLEI_EMBEDDED = not _URL
if BAOLEI_EMBEDDED:
    _database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "baolei",
        "HOST": str(layout().socket_dir),
        "PORT": str(PORT),
        "USER": f"baolei_{BAOLEI_DB_ROLE}",
        "PASSWORD": secret_text(f"database_{BAOLEI_DB_ROLE}"),
    }
else:
    if BAOLEI_DB_ROLE == "owner":
        _URL = os.environ.get("DATABASE_OWNER_URL") or _URL
    _database = dict(dj_database_url.parse(_URL))
_database["OPTIONS"] = {**_database.get("OPTIONS", {}), "options": _OPTIONS}
_database["CONN_MAX_AGE"] = 0
_database["TEST"] = {"TEMPLATE": "template0", "CHARSET": "UTF8"}
if SERVING:
    _database["CONN_HEALTH_CHECKS"] = True  # the server may have been started again meanwhile
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Whoever names a host other than the machine itself serves it by TLS.
_TLS = bool(_HOSTS) and not DEBUG and not TESTING
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _HOSTS if not host.startswith(".")]
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BAOLEI_BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = _TLS and SECURE_PROXY_SSL_HEADER is not None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# The other hosts of the domain, and what browsers preload of it, are not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Language, time, files
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = instance_root() / "static"
STATICFILES_DIRS = [folder for folder in [PACKAGE / "static"] if folder.is_dir()]
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
WHITENOISE_USE_FINDERS = DEBUG or TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if SERVING
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Jobs: each area's are in its jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"ballots": {"()": "baolei.kernel.ballots.quiet.SayNothing"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["ballots"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"baolei": {"level": "INFO"}},
}
