from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from tangthu.core import logs
from tangthu.core.logs import LineFormatter


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Collect what is logged, in the form in which it is written."""
    caplog.handler.setFormatter(LineFormatter())
    caplog.set_level(logging.INFO)
    return caplog


def test_a_line_is_one_object_with_what_was_given(lines: pytest.LogCaptureFixture) -> None:
    logging.getLogger("tangthu.x").info("done %d", 3, extra={"task": "sweep", "count": 3})

    line = json.loads(lines.handler.format(lines.records[-1]))
    assert line["message"] == "done 3"
    assert (line["level"], line["logger"]) == ("info", "tangthu.x")
    assert (line["task"], line["count"]) == ("sweep", 3)
    assert line["at"].endswith("+00:00")
    assert "\n" not in lines.handler.format(lines.records[-1])


def test_an_exception_is_told_without_its_text(lines: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("Nguyễn Thị Hoa, 001099012345")
    except ValueError:
        logging.getLogger("tangthu.x").exception("failed")

    written = lines.handler.format(lines.records[-1])
    line = json.loads(written)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["trace"][-1]
    assert "Hoa" not in written
    assert "001099012345" not in written


def test_a_line_names_the_process_of_the_supervisor(
    lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "PROCESS", "indexer")

    logging.getLogger("tangthu.x").info("began")

    assert json.loads(lines.handler.format(lines.records[-1]))["process"] == "indexer"


@pytest.mark.django_db
def test_a_request_is_logged_by_its_route_and_answers_its_id(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/search?q=b%C3%AD+m%E1%BA%ADt", headers={"X-Request-ID": "abcdef-123456"})

    written = [lines.handler.format(record) for record in lines.records]
    requests = [line for line in map(json.loads, written) if line["message"] == "request"]
    assert requests[-1]["path"] == "search"
    assert requests[-1]["status"] == answer.status_code
    assert answer["X-Request-ID"] == "abcdef-123456"
    assert "mật" not in "".join(written)


@pytest.mark.django_db
def test_an_id_that_could_break_a_log_is_not_taken(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": 'x" injected'})

    assert answer["X-Request-ID"] != 'x" injected'
    assert len(answer["X-Request-ID"]) == 32
