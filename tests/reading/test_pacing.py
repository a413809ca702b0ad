"""The pace at which pictures are fetched: one allowance, however many processes answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tangthu.reading.pacing import ROWS, Table
from tangthu.reading.policy.pace import A_SECOND, MEGAPIXEL, MOST_AT_ONCE

FETCHER = """
import sys
from pathlib import Path
from tangthu.reading.pacing import Table
table = Table(Path(sys.argv[1]))
print(sum(table.take(7, 1_000_000, 1000.0) == 0 for _ in range(60)))
"""


def test_two_processes_fetch_no_more_than_one_might(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FETCHER, str(tmp_path / "pace")]

    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    fetched = [int(each.communicate(timeout=60)[0]) for each in started]

    assert all(fetched)
    assert sum(fetched) == MOST_AT_ONCE // MEGAPIXEL


def test_who_waits_may_fetch_again(tmp_path: Path) -> None:
    table = Table(tmp_path / "pace")
    while table.take(7, MEGAPIXEL, 1000.0) == 0:
        pass

    early = table.take(7, MEGAPIXEL, 1000.0)

    assert early == MEGAPIXEL / A_SECOND
    assert table.take(7, MEGAPIXEL, 1000.0 + early) == 0


def test_one_visit_does_not_slow_another(tmp_path: Path) -> None:
    table = Table(tmp_path / "pace")
    while table.take(7, MEGAPIXEL, 1000.0) == 0:
        pass

    assert table.take(8, MEGAPIXEL, 1000.0) == 0
    assert table.take(7 + ROWS, MEGAPIXEL, 1000.0) == 0


def test_a_clock_that_was_set_back_gives_nothing_away(tmp_path: Path) -> None:
    table = Table(tmp_path / "pace")
    while table.take(7, MEGAPIXEL, 1000.0) == 0:
        pass

    assert table.take(7, MEGAPIXEL, 10.0) > 0
