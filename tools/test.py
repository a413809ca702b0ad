"""Everything that `make test` checks, stage after stage, and one line that adds it up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PARALLEL = ("-n", "2", "--dist", "loadfile", "--inline-snapshot=disable")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the tests: its name, what to choose, and on which database."""

    name: str
    marker: str
    options: Sequence[str] = ()
    postgresql: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How a stage went: how many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Result) -> Result:
        return Result(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )


STAGES = (
    Stage("SQLite", "not serial and not browser", PARALLEL),
    Stage("SQLite, alone", "serial and not browser"),
    Stage("PostgreSQL", "not serial and not browser", PARALLEL, postgresql=True),
    Stage("PostgreSQL, alone", "serial and not browser", postgresql=True),
    Stage("browser", "browser"),
)


def main() -> int:
    """Run the checks and every stage, whatever fails, and tell the sum last."""
    began = time.monotonic()
    checked = subprocess.run([sys.executable, "tools/check.py"], cwd=ROOT, check=False)
    total, failed = Result(), ["check"] if checked.returncode else []
    for stage in STAGES:
        code, result = run(stage)
        total += result
        if code:
            failed.append(stage.name)
    took = time.monotonic() - began
    sys.stdout.write(f"\n{took / 60:.1f} min; failed: {', '.join(failed) or 'nothing'}\n")
    # A check that fails counts, so that the last line alone tells whether all is well.
    total += Result(failed=max(0, len(failed) - total.failed))
    sys.stdout.write(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped\n")
    return 1 if failed else 0


def run(stage: Stage) -> tuple[int, Result]:
    """Run a stage; return pytest's exit code and the counts."""
    sys.stdout.write(f"\n== {stage.name}\n")
    sys.stdout.flush()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    with tempfile.TemporaryDirectory(prefix="tangthu-results-") as folder:
        results = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-m", stage.marker, *stage.options]
        command += ["--durations=5", "--durations-min=2", f"--junitxml={results}"]
        if stage.postgresql:
            command = [sys.executable, "tools/postgres.py", "--clusters", "2", "--", *command]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        return code, counts(results)


def counts(results: Path) -> Result:
    """Read how many tests there were; nothing where the run did not come so far."""
    if not results.exists():
        return Result()
    # Our own pytest wrote it a moment ago.
    suite = ElementTree.parse(results).getroot().find("testsuite")  # noqa: S314
    if suite is None:
        return Result()
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skipped = int(suite.get("skipped", 0))
    return Result(int(suite.get("tests", 0)) - failed - skipped, failed, skipped)


if __name__ == "__main__":
    raise SystemExit(main())
