"""Recordings for tests, made by FFmpeg on the spot."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tangthu.repository.actions import Incoming

_TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration={seconds}")
_PICTURE = ("-f", "lavfi", "-i", "testsrc=duration={seconds}:size=320x180:rate=10")


def sound(folder: Path, name: str = "lời kể.mp3", *, seconds: int = 2) -> Incoming:
    """Make a recording of a tone; the ending of the name says in which form."""
    return _made(folder, name, _TONE, seconds)


def film(folder: Path, name: str = "phim.mp4", *, seconds: int = 2) -> Incoming:
    """Make a film of a test picture with a tone."""
    return _made(folder, name, (*_PICTURE, *_TONE), seconds)


def _made(folder: Path, name: str, sources: tuple[str, ...], seconds: int) -> Incoming:
    path = folder / name
    inputs = [each.format(seconds=seconds) for each in sources]
    command = ["ffmpeg", "-v", "error", "-nostdin", *inputs, "-pix_fmt", "yuv420p"]
    if path.suffix in {".mp3", ".ogg", ".wav", ".flac", ".m4a"}:
        command = ["ffmpeg", "-v", "error", "-nostdin", *inputs]
    subprocess.run([*command, "-y", str(path)], check=True, stdin=subprocess.DEVNULL)
    return Incoming(path, name)
