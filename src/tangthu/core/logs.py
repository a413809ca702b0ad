"""Structured log lines: one JSON object each, with the request's id and no personal data.

Addresses are logged without their query, and no header, form value or name ever is.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime

from tangthu.core.requests import current_request_id

# Which of the supervisor's processes this one is.
PROCESS = os.environ.get("TANGTHU_PROCESS", "")

_FIELDS = ("method", "path", "status", "took_ms", "program", "task", "count", "code")


class LineFormatter(logging.Formatter):
    """Write a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if PROCESS:
            line["process"] = PROCESS
        if request := current_request_id():
            line["request"] = request
        for name in _FIELDS:
            value = record.__dict__.get(name)
            if value is not None:
                line[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _frames(trace: object) -> list[str]:
    """Return where it happened, without the values that an exception's text may hold."""
    if trace is None:
        return []
    frames = traceback.extract_tb(trace)  # type: ignore[arg-type]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
