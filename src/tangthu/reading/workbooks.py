"""Workbooks as tables: turned once by the limited program, then kept beside the objects."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tangthu.reading.policy.tables import Table
from tangthu.reading.tabulating import LARGEST, SECONDS
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile

WAIT = SECONDS + 10
VERSION = 1
"""Of the way workbooks are turned: another one turns them anew."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was turned into tables: what its sheets are called, and where they lie."""

    sheets: Sequence[str]
    path: Path

    def table(self, place: int) -> Table:
        """Return the sheet at this place, from 0."""
        with self.path.open(encoding="utf-8") as source:
            return Table(**json.loads(next(islice(source, place + 1, None))))


def workbook_of(file: DigitalFile) -> Workbook | None:
    """Return the tables of a workbook; nothing where it is damaged or has no sheet to be seen."""
    kept = storage.file_path(f"{storage.DELIVERY}/sheets/{file.sha256[:2]}/{file.sha256}.{VERSION}")
    if not kept.exists():
        told = _turned(file)
        if told is None:
            return None
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_name(f"{kept.name}.{file.identifier}.part")
        beside.write_bytes(told)
        beside.replace(kept)
    with kept.open(encoding="utf-8") as source:
        sheets = json.loads(source.readline())
    return Workbook(sheets, kept) if sheets else None


def _turned(file: DigitalFile) -> bytes | None:
    try:
        with storage.path_of(file).open("rb") as source:
            ended = subprocess.run(
                [sys.executable, "-m", "tangthu.reading.tabulating"],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WAIT,
                check=False,
            )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return ended.stdout if ended.returncode == 0 and len(ended.stdout) <= LARGEST else None
