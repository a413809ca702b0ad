"""The quick checks of `make check`: two at a time, told in a fixed order, cheapest first."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ("src", "tests", "tools", "bench", "docs")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check went: its exit code, what it wrote, and how many seconds it took."""

    code: int
    output: str
    seconds: float


def checks() -> dict[str, tuple[str, ...]]:
    """Return the command of every check, in the order in which they are told."""
    code = tuple(name for name in CODE if (ROOT / name).is_dir())
    return {
        "ruff format": ("ruff", "format", "--check", "--quiet", *code),
        "ruff check": ("ruff", "check", "--quiet", *code),
        "import contracts": ("lint-imports", "--no-logo"),
        "mypy": ("mypy",),
        "mypy tools": ("mypy", "--cache-dir", ".mypy_cache/tools", *map(str, tool_files())),
        "templates": ("djlint", "--check", "--lint", "src"),
        "migrations": ("tangthu", "makemigrations", "--check", "--dry-run", "--skip-checks"),
        "translations": ("python", "tools/messages.py", "--check"),
        "assets": ("npm", "run", "--silent", "check"),
    }


def tool_files() -> Iterator[Path]:
    """Yield our tools, whose modules mypy takes by their path."""
    yield from sorted(path.relative_to(ROOT) for path in (ROOT / "tools").glob("*.py"))


def main() -> int:
    """Run every check and tell how each went; return 1 if any failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tangthu-check-") as data:
        environment = os.environ | {"TANGTHU_DATA": data, "PATH": f"{BIN}:{os.environ['PATH']}"}
        environment.pop("DATABASE_URL", None)
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            # The longest goes first, so that nothing waits for it at the end.
            commands = sorted(checks().items(), key=lambda check: check[0] != "mypy")
            running = {name: pool.submit(run, command, environment) for name, command in commands}
            failed = [name for name in checks() if not told(name, running[name])]
    sys.stdout.write(f"{time.monotonic() - began:.0f} s; ")
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "all is well\n")
    return 1 if failed else 0


def run(command: tuple[str, ...], environment: dict[str, str]) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(done.returncode, done.stdout, time.monotonic() - began)


def told(name: str, running: Future[Outcome]) -> bool:
    """Write how a check went, with its output where it failed; return whether it passed."""
    outcome = running.result()
    mark = "ok  " if outcome.code == 0 else "FAIL"
    sys.stdout.write(f"{mark} {name} ({outcome.seconds:.1f} s)\n")
    if outcome.code:
        sys.stdout.write(outcome.output)
    sys.stdout.flush()
    return outcome.code == 0


if __name__ == "__main__":
    raise SystemExit(main())
