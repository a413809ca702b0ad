"""Where files are kept: a folder on this machine, or a bucket of S3."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from tangthu.site import env

GB = 1000**3
_OPTIONS = {"endpoint": "endpoint_url", "region": "region_name", "addressing": "addressing_style"}


def store(name: str, default: Path) -> dict[str, object]:
    """Return Django's settings for `file:///folder` or `s3://bucket/prefix?endpoint=https://…`.

    The keys of a bucket are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the files that these
    names with _FILE tell. Raises ImproperlyConfigured for any other kind of address.
    """
    parts = urlsplit(env.text(name))
    if not parts.scheme:
        return _folder(default)
    if parts.scheme == "file" and parts.path:
        return _folder(Path(unquote(parts.path)))
    if parts.scheme != "s3" or not parts.netloc:
        raise ImproperlyConfigured(
            f"{name}: {parts.scheme!r} is not a known store; "
            "write file:///folder or s3://bucket/prefix?endpoint=https://…"
        )
    told = dict(parse_qsl(parts.query))
    unknown = sorted(told.keys() - _OPTIONS.keys())
    if unknown:
        raise ImproperlyConfigured(f"{name}: {', '.join(unknown)} is not known")
    options: dict[str, object] = {_OPTIONS[key]: value for key, value in told.items()}
    keys = {
        "access_key": env.text("AWS_ACCESS_KEY_ID"),
        "secret_key": env.text("AWS_SECRET_ACCESS_KEY"),
    }
    options |= {key: value for key, value in keys.items() if value}
    return {
        "BACKEND": "tangthu.core.buckets.Bucket",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": unquote(parts.path).strip("/"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": False,
            "max_memory_size": 16_000_000,
            "copies": default,
            "most": env.number("STORAGE_COPIES_GB", 20) * GB,
            **options,
        },
    }


def _folder(path: Path) -> dict[str, object]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": path},
    }
