from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.serving import eventually
from tools import postgres

TOOL = Path(postgres.__file__)
ASK = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).info.dbname)"


@pytest.fixture(autouse=True)
def installed() -> None:
    try:
        postgres.find_programs()
    except postgres.ClusterFailed as missing:
        pytest.skip(str(missing))


def launch(folder: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(TOOL), "--", *command],
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the unprivileged owner of the cluster can reach."""
    with TemporaryDirectory(prefix="tangthu-open-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.serial
def test_a_command_gets_a_database_and_leaves_nothing(open_folder: Path) -> None:
    process = launch(open_folder, sys.executable, "-c", ASK + "; raise SystemExit(7)")

    told, _ = process.communicate(timeout=60)

    assert (told, process.returncode) == ("tangthu\n", 7)
    assert list(open_folder.iterdir()) == []


@pytest.mark.serial
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_nothing_when_it_is_interrupted(
    open_folder: Path, number: signal.Signals
) -> None:
    process = launch(open_folder, sys.executable, "-c", ASK + "; import time; time.sleep(60)")
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(number)

    assert process.wait(timeout=60) == 128 + number
    assert eventually(lambda: list(open_folder.iterdir()) == [], within=5)
