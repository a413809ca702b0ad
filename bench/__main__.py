"""Everything that `make bench` measures, one after the other, after a word about the machine.

    python -m bench [--full] [--folder DIR]

Some minutes on a tenth of the size; `--full` measures a million records, and takes an hour. What
is generated stays in the folder, so that a second run begins at once.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes that we promise for")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tangthu-bench"))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    print(machine(), flush=True)
    failed = [line for line in plan(given.folder, tenth=not given.full) if not ran(line)]
    sys.exit(f"failed: {'; '.join(' '.join(line) for line in failed)}" if failed else 0)


def plan(folder: Path, *, tenth: bool) -> Iterator[list[str]]:
    """Yield the command line of each measurement."""
    large, middle, small = (100_000, 50_000, 20_000) if tenth else (1_000_000, 500_000, 100_000)
    file = folder / f"generated-{small}.mrc"
    postgresql = ["tools/postgres.py", "--", sys.executable]
    if not file.exists():
        yield ["-m", "bench.generate", "--records", str(small), "--out", str(file)]
    yield ["-m", "bench.text"]
    yield ["-m", "bench.marc", str(file)]
    yield ["-m", "bench.import_marc", str(file)]
    yield [*postgresql, "-m", "bench.import_marc", str(file)]
    yield ["-m", "bench.index", "--records", str(middle), "--data", str(folder / "index")]
    yield [
        "-m",
        "bench.search",
        "--records",
        str(large),
        "--index",
        str(folder / f"search-{large}"),
    ]
    yield ["-m", "bench.iiif"]
    yield ["-m", "bench.ocr"]
    yield ["-m", "bench.reading", "--pages", "50" if tenth else "500"]
    yield ["-m", "bench.oai", "--records", str(small)]
    yield ["-m", "bench.opds"]
    yield ["-m", "bench.notices", "--loans", "20000" if tenth else "100000"]
    lend = ["-m", "bench.lend", "--records", str(middle), "--data", str(folder / f"lend-{middle}")]
    yield lend
    yield ["-m", "bench.holds"]
    yield [*postgresql, "-m", "bench.holds"]
    yield [*lend, "--import-file", str(file)]
    pages = ["-m", "bench.pages", "--records", str(large)]
    yield [*pages, "--data", str(folder / f"pages-{large}")]


def ran(line: list[str]) -> bool:
    """Run a measurement, told as one would type it; return whether it came to its end."""
    print(f"\n$ python {' '.join(line)}", flush=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([sys.executable, *line], cwd=ROOT, env=environment).returncode == 0


def machine() -> str:
    """Return what the figures depend on: cores, memory, Python."""
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    cores = f"{os.cpu_count()} × {names[0] if names else platform.machine()}"
    return f"{cores}, {kilobytes / 2**20:.0f} GB, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
