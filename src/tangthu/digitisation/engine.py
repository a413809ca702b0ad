"""Tesseract as a separate program: which models it has, and what it reads on one picture."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from tangthu.digitisation.errors import RecognitionFailed
from tangthu.digitisation.policy.recognition import ENGINE_MEMORY, ENGINE_SECONDS
from tangthu.formats import alto

PROGRAM = "tesseract"
# Its threads wait for each other: a page costs five times as much with them (measured).
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}


@lru_cache(maxsize=1)
def models() -> frozenset[str]:
    """Return the models that are installed; empty where the program is not."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    asked = [PROGRAM, "--list-langs"]
    found = subprocess.run(asked, capture_output=True, check=False, timeout=30)  # noqa: S603
    return frozenset(found.stdout.decode("utf-8", "replace").splitlines()[1:])


@lru_cache(maxsize=1)
def version() -> str:
    """Return the program's name and version: `tesseract 5.3.0`."""
    asked = [PROGRAM, "--version"]
    try:
        found = subprocess.run(asked, capture_output=True, check=False, timeout=30)  # noqa: S603
    except OSError:
        return PROGRAM
    lines = found.stdout.decode("utf-8", "replace").splitlines()
    return lines[0].strip() if lines else PROGRAM


def read(picture: Path, languages: tuple[str, ...]) -> alto.Layout:
    """Return what the engine reads on a picture. Raises RecognitionFailed.

    It has a limit of time and of memory, and runs on one thread.
    """
    command = [PROGRAM, str(picture), "stdout", "-l", "+".join(languages), "--psm", "3", "alto"]
    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT,
        )
    except OSError as error:
        raise RecognitionFailed("engine_missing") from error
    with process:
        _limit(process.pid)
        try:
            found, _ = process.communicate(timeout=ENGINE_SECONDS)
        except BaseException as error:
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise RecognitionFailed("took_too_long") from error
            raise
    if process.returncode:
        raise RecognitionFailed("engine_failed")
    try:
        return alto.read(found)
    except alto.NotAlto as error:
        raise RecognitionFailed("engine_failed") from error


def _limit(pid: int) -> None:
    """Limit the memory of the process, where the system can; it may have ended already."""
    try:
        resource.prlimit(pid, resource.RLIMIT_AS, (ENGINE_MEMORY, ENGINE_MEMORY))
    except (AttributeError, ProcessLookupError, PermissionError):
        return
