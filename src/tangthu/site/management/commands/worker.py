"""The background worker: django-tasks' own, which also takes up what a killed one left behind."""

from __future__ import annotations

import hashlib
import socket
from typing import Any

from django.conf import settings
from django_tasks_db.management.commands.db_worker import Command as Worker

from tangthu.core.queues import SHORT
from tangthu.site.background import resume


class Command(Worker):
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        name = own_id(str(options["queue_name"]))
        options["worker_id"] = name
        options["reload"] = False
        resume(name)
        super().handle(**options)


def own_id(queue: str = SHORT) -> str:
    """Return a name that stays the same for this machine, data folder and queue."""
    place = hashlib.sha256(str(settings.DATA).encode()).hexdigest()[:12]
    suffix = "" if queue == SHORT else f"-{queue[:8]}"
    return f"{socket.gethostname()[:40]}-{place}{suffix}"
