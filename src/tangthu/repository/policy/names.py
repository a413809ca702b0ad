"""Names of files as people and their machines write them, made fit to be kept."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from tangthu.repository.policy.limits import DEEPEST_PATH, LONGEST_NAME

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST_BYTES = 240
_DIGITS = re.compile(r"(\d+)")


def safe_name(given: str) -> str:
    """Return the last part of a path, composed (NFC), without signs that a file system misreads.

    macOS and some scanners write names decomposed; a name made of nothing else becomes "file".
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    plain = _FORBIDDEN.sub("_", last).strip(" .")
    plain = " ".join(plain.split()) or "file"
    return _shortened(f"_{plain}" if _RESERVED.match(plain) else plain)


def safe_parts(path: str) -> tuple[str, ...] | None:
    """Return the parts of a path within an archive, each safe; None for one that leads out of it.

    So does an absolute path, a drive letter, `..` in any spelling, and one that is too deep.
    """
    composed = unicodedata.normalize("NFC", path).replace("\\", "/")
    if composed.startswith("/") or re.match(r"^[A-Za-z]:", composed) or "\x00" in composed:
        return None
    parts = [part for part in composed.split("/") if part not in {"", "."}]
    if not parts or len(parts) > DEEPEST_PATH or any(part.strip() == ".." for part in parts):
        return None
    return tuple(safe_name(part) for part in parts)


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts page2 before page10, as people number their scans."""
    return tuple(
        (0, int(part[:18]), part) if part.isascii() and part.isdigit() else (1, 0, part.casefold())
        for part in _DIGITS.split(unicodedata.normalize("NFC", name))
        if part
    )


def _shortened(name: str) -> str:
    suffix = PurePosixPath(name).suffix[:16]
    stem = name[: len(name) - len(suffix)] if suffix else name
    stem = stem[: LONGEST_NAME - len(suffix)]
    while len((stem + suffix).encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem + suffix
