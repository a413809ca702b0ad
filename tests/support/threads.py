"""Several people at once: real threads, each with its own database connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*deeds: Callable[[], object]) -> Sequence[object]:
    """Start all deeds in the same instant; return what each gave, or the exception it raised."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(do, d) for d in deeds]]
