"""Talking with the rendering program: started when needed, ended when it takes too long."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.policy import limits


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


class LimitedProgram:
    """A program with limits, as a context: it is asked one job at a time, and answers in JSON.

    `program` is the module that `python -m` runs; it speaks as `rendering.serve` does.
    """

    def __init__(self, program: str, *, seconds: float = limits.RENDER_SECONDS) -> None:
        self._program = program
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        """Have one job done. Raises FileRefused with the fault that the program names.

        So does a program that dies of the job, or takes too long and is ended.
        """
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise FileRefused("decoder_failed")
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], self._seconds)
        except BrokenPipeError:
            ready = []
        line = process.stdout.readline() if ready else b""
        if not line:
            late = process.poll() is None
            self._end()
            raise FileRefused("took_too_long" if late and not ready else "decoder_failed")
        found: dict[str, Any] = json.loads(line)
        if found.get("fault") == "disk_full":
            raise StoreFull
        if "fault" in found:
            raise FileRefused(str(found["fault"]))
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ
                | {"VIPS_CONCURRENCY": "1", "VIPS_BLOCK_UNTRUSTED": "1", "LC_ALL": "C.UTF-8"},
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


class Renderer(LimitedProgram):
    """The rendering program: `inspect` and `deliver` raise FileRefused."""

    def __init__(self, *, seconds: float = limits.RENDER_SECONDS) -> None:
        super().__init__("tangthu.repository.rendering", seconds=seconds)

    def inspect(self, path: Path, media_type: str) -> int:
        """Return how many pages the file makes."""
        found = self.ask({"deed": "inspect", "path": str(path), "media_type": media_type})
        return int(found["frames"])

    def deliver(
        self,
        path: Path,
        media_type: str,
        *,
        frame: int,
        rotation: int,
        target: Path,
        outline: object = None,
    ) -> Size:
        """Write the reading copy of one page to `target`, and return its size."""
        target.parent.mkdir(parents=True, exist_ok=True)
        job = {
            "deed": "deliver",
            "path": str(path),
            "media_type": media_type,
            "frame": frame,
            "rotation": rotation,
            "outline": outline,
            "target": str(target),
        }
        try:
            found = self.ask(job)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return Size(int(found["width"]), int(found["height"]))
