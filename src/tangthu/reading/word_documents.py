"""Word documents as pages: turned once by the limited program, then kept beside the objects."""

from __future__ import annotations

import subprocess
import sys

from tangthu.reading.converting import LARGEST, SECONDS
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile

WAIT = SECONDS + 10
VERSION = 1
"""Of the way documents are turned: another one turns them anew."""


def page_of(file: DigitalFile) -> str | None:
    """Return the document as HTML that may stand in a page; nothing where it is damaged."""
    kept = storage.file_path(f"{storage.DELIVERY}/word/{file.sha256[:2]}/{file.sha256}.{VERSION}")
    try:
        return kept.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    page = _turned(file)
    if page is None:
        return None
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_name(f"{kept.name}.{file.identifier}.part")
    beside.write_bytes(page)
    beside.replace(kept)
    return page.decode()


def _turned(file: DigitalFile) -> bytes | None:
    try:
        with storage.path_of(file).open("rb") as source:
            ended = subprocess.run(
                [sys.executable, "-m", "tangthu.reading.converting"],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WAIT,
                check=False,
            )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return ended.stdout if ended.returncode == 0 and len(ended.stdout) <= LARGEST else None
