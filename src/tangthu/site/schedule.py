"""What happens by itself, and when: one table, and the memory of when each job last ran.

The memory is a small file in the data folder. A job missed while the machine was off runs when it
is on again, once. Every job may be run again at any time without harm.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

logger = logging.getLogger("tangthu.schedule")

RETRY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Every:
    """Again when this much time has passed."""

    interval: timedelta

    def due(self, last: datetime | None, now: datetime) -> bool:
        return last is None or now - last >= self.interval


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at or after this hour of the library's clock."""

    at: time
    zone: ZoneInfo

    def due(self, last: datetime | None, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        today = datetime.combine(local.date(), self.at, self.zone)
        latest = today if local >= today else today - timedelta(days=1)
        return last is None or last < latest


@dataclass(frozen=True, slots=True)
class Job:
    """A named piece of housekeeping; `work` returns how many things it dealt with."""

    name: str
    when: Every | Daily
    work: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Memory:
    """When the schedule last looked, when each job last succeeded, and which failed since when."""

    beat: datetime | None = None
    done: Mapping[str, datetime] = field(default_factory=dict)
    failed: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; remember nothing where it is missing or damaged."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            beat = datetime.fromisoformat(kept["beat"]) if kept["beat"] else None
            return cls(beat, _moments(kept["done"]), _moments(kept["failed"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        kept = {
            "beat": self.beat.isoformat() if self.beat else None,
            "done": {name: moment.isoformat() for name, moment in self.done.items()},
            "failed": {name: moment.isoformat() for name, moment in self.failed.items()},
        }
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        beside.replace(path)

    def due(self, job: Job, now: datetime) -> bool:
        """Say whether the job's time has come; after a failure, not before half an hour."""
        failed = self.failed.get(job.name)
        if failed is not None and now - failed < RETRY:
            return False
        return job.when.due(self.done.get(job.name), now)


def run_due(jobs: list[Job], memory: Memory, now: datetime) -> Memory:
    """Run the jobs whose time has come; one that fails does not keep the others from it."""
    done, failed = dict(memory.done), dict(memory.failed)
    for job in jobs:
        if not memory.due(job, now):
            continue
        try:
            count = job.work()
        except Exception:
            failed[job.name] = now
            logger.exception("job failed", extra={"task": job.name})
        else:
            done[job.name] = now
            failed.pop(job.name, None)
            logger.info("job done", extra={"task": job.name, "count": count})
    return replace(memory, beat=now, done=done, failed=failed)


def _moments(kept: Mapping[str, str]) -> dict[str, datetime]:
    moments = {name: datetime.fromisoformat(moment) for name, moment in kept.items()}
    return {name: moment.astimezone(UTC) for name, moment in moments.items()}
