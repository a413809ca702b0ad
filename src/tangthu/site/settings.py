"""The one settings module. Environments differ in variables, never in modules."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tangthu.core.queues import LONG, SHORT
from tangthu.site import env
from tangthu.site.stores import store

PACKAGE = Path(__file__).resolve().parent.parent

# For its owner alone: it holds what people read and the key to their citizen numbers.
DATA = env.folder("TANGTHU_DATA", Path("data"), mode=0o700)
SECRET_KEY = env.secret_key("TANGTHU_SECRET_KEY", kept_in=DATA / "secret-key")
# Former keys: what they sealed can still be opened.
SECRET_KEY_FALLBACKS = env.words("TANGTHU_FORMER_SECRET_KEYS")
DEBUG = env.flag("TANGTHU_DEBUG", default=False)
HTTPS = env.flag("TANGTHU_HTTPS", default=False)
ALLOWED_HOSTS = env.words("TANGTHU_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("TANGTHU_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "tangthu.core",
    "tangthu.ui",
    "tangthu.libraries",
    "tangthu.access",
    "tangthu.patrons",
    "tangthu.catalogue",
    "tangthu.repository",
    "tangthu.discovery",
    "tangthu.fees",
    "tangthu.notices",
    "tangthu.circulation",
    "tangthu.digitisation",
    "tangthu.reading",
    "tangthu.delivery",
    "tangthu.offline",
    "tangthu.community",
    "tangthu.protocols",
    "tangthu.opac",
    "tangthu.site",
]

MIDDLEWARE = [
    "tangthu.core.middleware.RequestIdMiddleware",
    "tangthu.site.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tangthu.site.compression.TextGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tangthu.core.middleware.LanguageMiddleware",
    "tangthu.site.programs.ProgramsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tangthu.access.middleware.ActorMiddleware",
    "tangthu.patrons.middleware.ReaderMiddleware",
    "tangthu.core.middleware.RefusalMiddleware",
    "tangthu.site.idempotency.IdempotencyMiddleware",
]

ROOT_URLCONF = "tangthu.site.urls"
WSGI_APPLICATION = "tangthu.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tangthu.ui.context.chrome",
                "tangthu.libraries.context.names",
            ],
            "builtins": ["django.templatetags.i18n", "tangthu.ui.templatetags.ui"],
        },
    },
]

DATABASES = {"default": env.database("DATABASE_URL", DATA / "tangthu.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SEARCH_URL = env.text("SEARCH_URL", f"tantivy://{DATA / 'index'}")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.BaseBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "circulation:desk"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["tangthu.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("TANGTHU_STATIC", DATA / "static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": store("STORAGE_URL", DATA / "files"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["tangthu.site.uploads.StaffUploadHandler"]
# Scanners put what they scan here, in a folder for each library, named by its code.
WATCHED_FOLDER = env.text("TANGTHU_WATCHED_FOLDER")
LARGEST_UPLOAD = env.number("TANGTHU_LARGEST_UPLOAD_MB", 512) * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": [SHORT, LONG]},
}

# A browser takes a cookie of the name __Host-… only over HTTPS and from this host alone.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "tangthu.ui.errors.csrf_failed"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
# A load balancer asks within the house, without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Whether the whole domain shall be HTTPS for ever is for the owner of the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    },
}

OIDC = {
    "issuer": env.text("TANGTHU_OIDC_ISSUER"),
    "client_id": env.text("TANGTHU_OIDC_CLIENT_ID"),
    "client_secret": env.text("TANGTHU_OIDC_CLIENT_SECRET"),
    "scope": env.text("TANGTHU_OIDC_SCOPE", "openid profile"),
    "label": env.text("TANGTHU_OIDC_LABEL", "OpenID Connect"),
    "claim": env.text("TANGTHU_OIDC_CLAIM"),
    "claim_is": env.text("TANGTHU_OIDC_CLAIM_IS", "card"),
}

API_RATE = env.text("TANGTHU_API_RATE", "300/s")
# Where readers find the site: for links in messages. Without it they carry none.
SITE_ADDRESS = env.text("TANGTHU_SITE_ADDRESS")
TRUSTED_PROXIES = env.number("TANGTHU_TRUSTED_PROXIES", 0)

# The channels of notices: docs/operate/notices.md. One without its first setting is not set up.
EMAIL_HOST = env.text("TANGTHU_SMTP_HOST")
EMAIL_PORT = env.number("TANGTHU_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("TANGTHU_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("TANGTHU_SMTP_PASSWORD")
EMAIL_USE_TLS = env.text("TANGTHU_SMTP_SECURITY", "starttls") == "starttls"
EMAIL_USE_SSL = env.text("TANGTHU_SMTP_SECURITY", "starttls") == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("TANGTHU_MAIL_FROM", "thuvien@localhost")
SMS_GATEWAY = env.text("TANGTHU_SMS_GATEWAY", "esms")
SMS_URL = env.text("TANGTHU_SMS_URL")
SMS_KEY = env.text("TANGTHU_SMS_KEY")
SMS_SECRET = env.text("TANGTHU_SMS_SECRET")
SMS_SENDER = env.text("TANGTHU_SMS_SENDER")
HANDLE_URL = env.text("TANGTHU_HANDLE_URL")
HANDLE_PREFIX = env.text("TANGTHU_HANDLE_PREFIX")
HANDLE_ADMIN = env.text("TANGTHU_HANDLE_ADMIN")
HANDLE_PASSWORD = env.text("TANGTHU_HANDLE_PASSWORD")
DATACITE_URL = env.text("TANGTHU_DATACITE_URL", "https://api.datacite.org")
DATACITE_PREFIX = env.text("TANGTHU_DATACITE_PREFIX")
DATACITE_ACCOUNT = env.text("TANGTHU_DATACITE_ACCOUNT")
DATACITE_PASSWORD = env.text("TANGTHU_DATACITE_PASSWORD")
LCP_URL = env.text("TANGTHU_LCP_URL")
LCP_USER = env.text("TANGTHU_LCP_USER")
LCP_PASSWORD = env.text("TANGTHU_LCP_PASSWORD")
LCP_PROFILE = env.text("TANGTHU_LCP_PROFILE")
LCP_FOLDER = env.text("TANGTHU_LCP_FOLDER")
ZALO_APP_ID = env.text("TANGTHU_ZALO_APP_ID")
ZALO_APP_SECRET = env.text("TANGTHU_ZALO_APP_SECRET")
ZALO_REFRESH_TOKEN = env.text("TANGTHU_ZALO_REFRESH_TOKEN")
ZALO_URL = env.text("TANGTHU_ZALO_URL", "https://business.openapi.zalo.me")
ZALO_OAUTH_URL = env.text("TANGTHU_ZALO_OAUTH_URL", "https://oauth.zaloapp.com")
PUSH_CONTACT = env.text("TANGTHU_PUSH_CONTACT")
PUSH_SERVICES = env.words(
    "TANGTHU_PUSH_SERVICES",
    # jmt17 is Google's too: browsers that are built from Chromium by others are sent there.
    "fcm.googleapis.com,jmt17.google.com,push.services.mozilla.com,push.apple.com,"
    "notify.windows.com",
)
NOTICES_FOLDER = env.text("TANGTHU_NOTICES_FOLDER")
NOTICE_LIMITS = {
    "email": (env.number("TANGTHU_MAIL_PER_MINUTE", 0), env.number("TANGTHU_MAIL_PER_DAY", 0)),
    "sms": (env.number("TANGTHU_SMS_PER_MINUTE", 0), env.number("TANGTHU_SMS_PER_DAY", 0)),
    "zalo": (env.number("TANGTHU_ZALO_PER_MINUTE", 0), env.number("TANGTHU_ZALO_PER_DAY", 0)),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tangthu.core.logs.LineFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": env.text("TANGTHU_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "pyvips": {"level": "WARNING"},
    },
}
