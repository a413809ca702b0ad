"""A disk that is really full: a small file system in memory, mounted for one test."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PIECE = 64 * 1024


@contextmanager
def mounted(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a disk of that size; skip the test where nobody may mount."""
    options = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(options, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here: that takes the rights of root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, *, but: int = 0) -> Path:
    """Fill the disk to the last byte, but for so many; removing the file makes room again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as writing:
        for size in (PIECE, 4096):
            try:
                while writing.write(b"\x01" * size) == size:
                    pass
            except OSError:
                continue
        if but:
            writing.truncate(max(0, writing.tell() - but))
    return filler
