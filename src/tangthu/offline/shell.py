"""What the service worker keeps of the offline page, and the version of it all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import get_language

from tangthu.offline.bundle import bundle

PAGE = "/desk/offline/"
PARTS = (
    "ui/ui.css",
    "ui/theme.js",
    "ui/icons.svg",
    "ui/mark.svg",
    "ui/mark-light.svg",
    "ui/fonts/noto-sans-400.woff2",
    "ui/fonts/noto-sans-600.woff2",
    "ui/fonts/noto-serif-600.woff2",
    "ui/offline.js",
    "ui/offline-worker.js",
    "ui/offline-sw.js",
)
ENGINE = (
    "offline/pyodide.mjs",
    "offline/pyodide.asm.mjs",
    "offline/pyodide.asm.wasm",
    "offline/python_stdlib.zip",
    "offline/pyodide-lock.json",
)
"""The browser's Python: thirteen megabytes that change with its version alone."""


@dataclass(frozen=True, slots=True)
class Shell:
    """The addresses to keep, and under which names: the page's own, and the engine's."""

    version: str
    pages: tuple[str, ...]
    engine_version: str
    engine: tuple[str, ...]


def shell() -> Shell:
    """Return what the page needs without a line, in the language of the moment."""
    rules = bundle().version
    pages = (
        PAGE,
        f"{PAGE}worker.js",
        f"{PAGE}manifest.webmanifest",
        f"{PAGE}rules.zip?v={rules}",
        *(static(part) for part in PARTS if part != "ui/offline-sw.js"),
    )
    version = hashlib.sha256(f"{_digest(PARTS)}{rules}{get_language()}".encode()).hexdigest()
    return Shell(version[:16], pages, _digest(ENGINE)[:16], tuple(map(static, ENGINE)))


def source(name: str) -> bytes:
    """Return a built file of the page; raises FileNotFoundError where the assets are not built."""
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


@cache
def _digest(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(source(name))
    return digest.hexdigest()
