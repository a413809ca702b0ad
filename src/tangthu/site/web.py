"""The web process: granian in front of the WSGI application.

    python -m tangthu.site.web HOST PORT

TANGTHU_WEB_WORKERS sets the number of worker processes, TANGTHU_WEB_THREADS the threads of each.
"""

from __future__ import annotations

import os
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from tangthu.site import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tangthu.core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}
# Requests that wait for a thread; beyond them a client is told to come again (503).
WAITING_PER_THREAD = 32


def main(host: str, port: int) -> None:
    """Serve until told to stop."""
    threads = env.number("TANGTHU_WEB_THREADS", 4)
    # Many threads with small questions; the importer, alone, has the large cache.
    os.environ.setdefault("TANGTHU_SQLITE_CACHE", "16")
    Server(
        "tangthu.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.auto,
        websockets=False,
        workers=env.number("TANGTHU_WEB_WORKERS", 1),
        blocking_threads=threads,
        # A thread keeps its database connection; let it live.
        blocking_threads_idle_timeout=600,
        backpressure=threads * WAITING_PER_THREAD,
        log_dictconfig=LOGGING,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
