"""The defaults: SQLite, local files, one worker; the environment widens them."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.settings.environment import blob_store, browser_origins, database, flag, load_keys, words

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("DATA", BASE_DIR / "var")).resolve()

# Secrets --------------------------------------------------------------------------------------------
_keys = load_keys(Path(os.environ.get("KEYS", DATA_DIR / "keys")).resolve())
SECRET_KEY = os.environ.get("SECRET_KEY") or _keys["secret_key"]
FIELD_KEYS = _keys["field_keys"]
FIELD_KEY_ACTIVE = _keys["field_key_active"]
BLIND_INDEX_KEY = _keys["blind_index_key"]

# Where it answers -----------------------------------------------------------------------------------
DEBUG = flag("DEBUG", False)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
HTTPS = flag("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY", False) else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"  # Wagtail lets its own previews be framed; browsers of today read frame-ancestors
SECURE_REFERRER_POLICY = "same-origin"
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")

# What it is made of ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cms",
    "media_processing",
    "ingestion",
    "dossiers",
    "foundation",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.PermissionsMiddleware",
    "cms.middleware.FirstPasswordMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "cms.urls"
SCREENS_URLCONF = "cms.screens"  # the screens beneath a dossier's page
WSGI_APPLICATION = "cms.wsgi.application"
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
                "django.template.context_processors.i18n",
                "cms.context.shell",
            ]
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "public"  # Wagtail's own images and documents: public pages only, never a scan
MEDIA_URL = "/public/"

# Rows, files, jobs ----------------------------------------------------------------------------------
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BLOB_STORE = blob_store(DATA_DIR)
QUARANTINE_ROOT = DATA_DIR / "quarantine"
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", 12 * 1024**3))
UPLOAD_CHUNK_BYTES = 8 * 1024**2
DROP_FOLDER = os.environ.get("DROP_FOLDER", "")  # empty: there is none
DROP_FOLDER_ACCOUNTS = dict(one.partition("=")[::2] for one in words("DROP_FOLDER_ACCOUNTS"))  # code=username
REVEALS_A_DAY = int(os.environ.get("REVEALS_A_DAY", 500))  # images of identity papers, a person of the bureau
STORAGE_QUOTA_BYTES = int(os.environ.get("STORAGE_QUOTA_BYTES", 500 * 1024**3))
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024**2
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["paper", "recordings"]},
}
JOB_LEASE_SECONDS = int(os.environ.get("JOB_LEASE_SECONDS", 60))
WAGTAILSEARCH_BACKENDS = {
    # Words are cut into pairs of characters by ourselves; a stemmer for English would only take some away.
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}
TRANSCODE_THREADS = int(
    os.environ.get("TRANSCODE_THREADS", 2)
)  # of this machine's cores, for what browsers cannot play
OCR_ENGINE = os.environ.get("OCR_ENGINE", "auto")
FACE_ENGINE = os.environ.get(
    "FACE_ENGINE", "yunet_sface"
)  # or face_recognition, or null: nobody is looked for
FACE_SAMPLE_SECONDS = float(os.environ.get("FACE_SAMPLE_SECONDS", 10))
LIVE_LOOPBACK = flag("LIVE_LOOPBACK", False)  # whether a room's live address may lie on this very machine

# People ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "dossiers.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "cms.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "login"
WAGTAILADMIN_LOGIN_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# Not the address: an office shares one, and behind a proxy everybody does, so one careless hand would lock all out.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = [
    "axes.W006"
]  # fears for what a visitor may alter at will; a username is what is guessed at
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # its start-up lines name log-ins

# Language and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Wagtail --------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "卷宗"
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# What a browser may run -----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),  # Wagtail's admin needs inline styles; institutions never see it
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF],
        "connect-src": [SELF, *browser_origins(BLOB_STORE)],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
