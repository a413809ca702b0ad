from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.serving import Served, alive, eventually, launch, start

pytestmark = pytest.mark.serial

PROGRAMS = {"web", "schedule", "worker", "long-worker", "ocr", "indexer"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = start(tmp_path_factory.mktemp("serve"))
    assert eventually(lambda: served.status() == 200), served.log.read_text()
    yield served
    if served.process.poll() is None:
        served.process.kill()
        served.process.wait()


def test_it_migrates_tells_its_address_and_runs_every_program(served: Served) -> None:
    told = served.log.with_suffix(".out").read_text()

    assert served.address in told
    assert set(served.children()) == PROGRAMS


def test_its_answers_do_not_name_the_software(served: Served) -> None:
    with urlopen(f"{served.address}/healthz") as answer:
        headers = dict(answer.headers)

    assert headers["server"] == "web"
    assert "granian" not in str(headers).lower()


def test_a_program_that_is_refused_keeps_its_connection(served: Served) -> None:
    """Its body comes after its head, when it has been refused already."""
    host = served.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Authorization": "Bearer tt_nobody", "Content-Type": "application/json"}

    for _ in range(3):
        connection.putrequest("POST", "/api/v1/checkouts")
        for name, value in (headers | {"Content-Length": "17"}).items():
            connection.putheader(name, value)
        connection.endheaders()
        time.sleep(0.05)
        connection.send(b'{"barcode": "X"} ')
        answer = connection.getresponse()
        answer.read()

        assert answer.status == 401
        assert answer.headers["Connection"] != "close"


def test_its_log_is_lines_of_json_that_name_their_process(served: Served) -> None:
    served.status("/")

    assert eventually(lambda: any(line.get("process") == "web" for line in served.lines()))
    request = next(line for line in reversed(served.lines()) if line.get("process") == "web")
    assert {"at", "level", "logger", "message"} <= request.keys()


def test_a_killed_web_process_is_started_again(served: Served) -> None:
    before = served.children()["web"]

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: served.children()["web"] != before)
    assert eventually(lambda: served.status() == 200)


def test_a_killed_worker_is_started_again(served: Served) -> None:
    before = served.children()["worker"]

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: served.children()["worker"] != before)


def test_a_second_one_on_the_same_data_is_refused(served: Served, tmp_path: Path) -> None:
    log = tmp_path / "second"

    code = launch(served.data, log, "--port", "1").wait(timeout=60)

    assert code == 1
    assert f"already runs on the data folder {served.data}" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = launch(tmp_path / "data", log, "--port", str(port)).wait(timeout=60)

    assert code == 1
    assert f"Port {port} is taken by another program" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_the_web_process_is_small(served: Served) -> None:
    for path in ("/", "/search?q=sach", "/staff/login", "/desk/"):
        served.status(path)

    assert resident(served.children()["web"]) < 250 * 1024


def test_doctor_finds_nothing_broken_while_it_runs(served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tangthu.site.cli", "doctor"],
        env=os.environ | {"TANGTHU_DATA": str(served.data), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_it_stops_cleanly_with_all_its_children(tmp_path: Path) -> None:
    served = start(tmp_path)
    assert eventually(lambda: served.status() != 0), served.log.read_text()
    children = served.children()

    code = served.stop()

    assert code == 0
    assert not any(alive(pid) for pid in children.values())
    assert served.status() == 0
    assert served.lines()[-1]["message"] == "all stopped"


def test_its_children_stop_when_it_is_killed(tmp_path: Path) -> None:
    served = start(tmp_path)
    assert eventually(lambda: served.status() != 0), served.log.read_text()
    children = served.children()

    served.process.kill()
    served.process.wait()

    assert eventually(lambda: not any(alive(pid) for pid in children.values()), within=30)


def resident(pid: int) -> int:
    """Return the memory of the largest of a process and its children, in kB."""
    family = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(
        int(line.split()[1])
        for member in (str(pid), *family)
        for line in Path(f"/proc/{member}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    )
