from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tangthu.site.jobs import jobs
from tangthu.site.schedule import Daily, Every, Job, Memory, run_due

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOURLY = Every(timedelta(hours=1))


def test_a_job_that_never_ran_is_due() -> None:
    assert HOURLY.due(None, NOW)


def test_an_hourly_job_is_due_when_the_hour_is_full() -> None:
    assert not HOURLY.due(NOW - timedelta(minutes=59), NOW)
    assert HOURLY.due(NOW - timedelta(minutes=60), NOW)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (datetime(2026, 3, 1, 18, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 1, 19, 10, tzinfo=UTC), False),
    ],
)
def test_a_daily_job_goes_by_the_clock_of_the_library(last: datetime, *, due: bool) -> None:
    # 02:10 in Việt Nam is 19:10 UTC of the day before.
    assert Daily(time(2, 10), HANOI).due(last, NOW) is due


def test_a_daily_job_missed_while_the_machine_was_off_runs_once() -> None:
    daily = Daily(time(2, 10), HANOI)

    assert daily.due(NOW - timedelta(days=9), NOW)
    assert not daily.due(NOW, NOW + timedelta(minutes=1))


def test_a_job_that_fails_keeps_no_other_from_running() -> None:
    table = [Job("breaks", HOURLY, _break), Job("counts", HOURLY, lambda: 3)]

    memory = run_due(table, Memory(), NOW)

    assert memory == Memory(beat=NOW, done={"counts": NOW}, failed={"breaks": NOW})


def test_a_failed_job_is_tried_again_after_half_an_hour() -> None:
    job = Job("breaks", HOURLY, _break)
    memory = run_due([job], Memory(), NOW)

    assert not memory.due(job, NOW + timedelta(minutes=29))
    assert memory.due(job, NOW + timedelta(minutes=30))


def test_the_memory_survives_its_file(tmp_path: Path) -> None:
    memory = Memory(beat=NOW, done={"a": NOW}, failed={"b": NOW})

    memory.save(tmp_path / "schedule.json")

    assert Memory.load(tmp_path / "schedule.json") == memory


@pytest.mark.parametrize("content", ["", "[]", '{"beat": 7}', '{"beat": null, "done": []}', "\0"])
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "schedule.json").write_text(content)

    assert Memory.load(tmp_path / "schedule.json") == Memory()


@pytest.mark.django_db
def test_every_job_of_the_table_runs_twice_without_harm() -> None:
    table = jobs()

    memory = run_due(table, Memory(), NOW)
    again = run_due(table, Memory(), NOW)

    assert memory.failed == {}
    assert again.failed == {}
    assert set(memory.done) == {job.name for job in table}


def _break() -> int:
    raise RuntimeError
