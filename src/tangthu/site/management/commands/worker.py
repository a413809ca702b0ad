"""The background worker: django-tasks' own, which also takes up what a killed one left behind."""

from __future__ import annotations

import hashlib
import socket
from typing import Any

from django.conf import settings
from django_tasks_db.management.commands.db_worker import Command as Worker

from tangthu.site.background import resume


class Command(Worker):
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        options["worker_id"] = own_id()
        options["reload"] = False
        resume(own_id())
        super().handle(**options)


def own_id() -> str:
    """Return a name that stays the same for this machine and data folder."""
    place = hashlib.sha256(str(settings.DATA).encode()).hexdigest()[:12]
    return f"{socket.gethostname()[:40]}-{place}"
