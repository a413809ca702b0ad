"""The console script where there is no database yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.serial


def tangthu(*words: str, data: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"TANGTHU_DATA": str(data)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tangthu.site.cli", *words]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_verb_that_needs_the_tables_says_how_to_make_them(tmp_path: Path) -> None:
    with tangthu("token", "admin", data=tmp_path) as asked:
        out, told = asked.communicate(timeout=60)

    assert (asked.returncode, out) == (2, "")
    assert told == "tangthu: the database is not up to date. Run: tangthu migrate\n"


def test_the_demo_makes_its_tables_itself(tmp_path: Path) -> None:
    with tangthu("demo", data=tmp_path) as loading:
        assert loading.stderr is not None
        told = loading.stderr.readline()
        loading.kill()

    assert told == "loading libraries …\n"
