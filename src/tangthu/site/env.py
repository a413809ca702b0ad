"""Typed readers of environment variables. A bad one is named, with what it should be.

Any variable NAME may instead be given as NAME_FILE, the path of a file that holds the value.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


def text(name: str, default: str = "") -> str:
    """Return the variable, or what the file named by NAME_FILE holds, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no."""
    words = {"": default, "1": True, "true": True, "yes": True}
    words |= {"0": False, "false": False, "no": False}
    return _parse(name, lambda value: words[value.lower()], "1 or 0")


def number(name: str, default: int) -> int:
    """Return a whole number."""
    return _parse(name, lambda value: int(value) if value else default, "a whole number")


def words(name: str, default: str = "") -> list[str]:
    """Return a list written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path, *, mode: int = 0o755) -> Path:
    """Return an absolute folder, made with that mode where it is missing."""
    path = Path(text(name) or default).expanduser().absolute()
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {path} cannot be made: {error}") from error
    return path


def secret_key(name: str, kept_in: Path) -> str:
    """Return the variable; where absent, a key made once and kept in that file."""
    value = text(name)
    if value:
        return value
    if not kept_in.exists():
        _make_secret(kept_in)
    return kept_in.read_text(encoding="utf-8").strip()


def _make_secret(path: Path) -> None:
    """Make the file whole or not at all; of two processes at once, one makes it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(beside, "w", encoding="utf-8", opener=_owner_only) as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def database(name: str, default: Path) -> dict[str, object]:
    """Return Django's settings for `sqlite:///path` or `postgresql://user:pass@host/name?option=…`.

    The options are those of libpq. Raises ImproperlyConfigured for any other kind of address.
    """
    url = text(name)
    if not url:
        return sqlite(default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path).removeprefix("/") or default).absolute())
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts.username, parts.password, parts.path, _host(url), parts.query)
    raise ImproperlyConfigured(
        f"{name}: {parts.scheme or url!r} is not a known database; "
        "write sqlite:///path or postgresql://user:password@host:port/name"
    )


def sqlite(path: Path) -> dict[str, object]:
    """Return settings for SQLite as we use it: WAL, immediate transactions, foreign keys.

    Each thread's connection keeps a cache of `TANGTHU_SQLITE_CACHE` megabytes. The file is not
    mapped into memory: four threads over a file of 800 MB would hold 1.2 GB, against 80 MB.
    """
    cache = number("TANGTHU_SQLITE_CACHE", 64) * 1024
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                f"PRAGMA cache_size=-{cache}; PRAGMA temp_store=MEMORY;"
                "PRAGMA journal_size_limit=67108864"
            ),
        },
        "CONN_MAX_AGE": None,
        # A file, not memory: threads in tests must meet the locks that they meet in life.
        "TEST": {"NAME": path.with_name(f"test-{path.name}")},
    }


def _postgresql(
    user: str | None, password: str | None, path: str, host: tuple[str, str], query: str
) -> dict[str, object]:
    options = dict(parse_qsl(query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(path.lstrip("/")),
        "USER": unquote(user or ""),
        "PASSWORD": unquote(password or ""),
        "HOST": options.pop("host", host[0]),
        "PORT": options.pop("port", host[1]),
        # What else the address asks for, such as sslmode=verify-full, the driver must obey.
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", str(parts.port or "")


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _parse(name: str, parse: Callable[[str], T], wanted: str) -> T:
    value = text(name)
    try:
        return parse(value)
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be {wanted}") from error
