"""Bringing in a large batch: how fast, in how much memory, and how the web answers meanwhile.

    PYTHONPATH=src python -m bench.ingest [--gigabytes 10] [--folder DIR]

A whole `tangthu serve` runs on a data folder of its own. A ZIP file of uncompressed TIFFs (A4, 300
dpi, colour: 26 MB a page), ten to a folder, each folder named by an accession number, is sent over
HTTP in pieces (tus), cut at 99 % and gone on with; then it is accepted, and the long worker
unpacks, measures, draws and archives it. Meanwhile the peak of resident memory of each process of
the tree is sampled, and a reader asks for the first page four times a second. Three times the size
of the batch must be free on the disk.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGES_IN_FOLDER = 10
PIECE = 8 * 1024**2
SIDES = (2480, 3508)
SEND_PIECE = 1024**2


@dataclass
class Watch:
    """What was seen of the running programs: memory by process, and answers of the web."""

    pid: int
    port: int
    peaks: dict[str, int] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        for deed in (self._memory, self._ask):
            threading.Thread(target=deed, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def _memory(self) -> None:
        while not self._stop.wait(0.25):
            for pid in tree(self.pid):
                name, kilobytes = seen(pid)
                self.peaks[name] = max(self.peaks.get(name, 0), kilobytes)

    def _ask(self) -> None:
        while not self._stop.wait(0.25):
            began = time.perf_counter()
            status, _ = asked(self.port, "GET", "/")
            if status == 200:
                self.answers.append(time.perf_counter() - began)


def tree(pid: int) -> Iterator[int]:
    """Yield the processes below this one."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from tree(child)


def seen(pid: int) -> tuple[str, int]:
    """Return what a process is, and the most memory that it ever held, in kilobytes."""
    try:
        told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "gone", 0
    program = next((t[16:].decode() for t in told if t.startswith(b"TANGTHU_PROCESS=")), "?")
    renders = "tangthu.repository.rendering" in words
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0")
    return f"{program}'s renderer" if renders else program, int(peak.split()[1])


def asked(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.headers
    except OSError:
        return 0, http.client.HTTPMessage()
    finally:
        line.close()


def page(folder: Path) -> Path:
    """Draw a page of noise and write it without compression."""
    import pyvips

    path = folder / "page.tif"
    grain = pyvips.Image.gaussnoise(*SIDES, mean=200, sigma=20).cast("uchar")
    grain.bandjoin([grain, grain]).copy(interpretation="srgb").tiffsave(str(path))
    return path


def packed(folder: Path, gigabytes: float, numbers: int) -> Path:
    """Pack the batch, stored: folders named by accession numbers, each with its pages."""
    drawn, path = page(folder), folder / "batch.zip"
    content = bytearray(drawn.read_bytes())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for number in range(1, numbers + 1):
            for leaf in range(1, PAGES_IN_FOLDER + 1):
                # No two alike, or the archive would keep one for all. These are the first pixels.
                content[64:80] = f"{number:08}{leaf:08}".encode()
                archive.writestr(f"DC.{number:06}/{leaf}.tif", bytes(content))
    assert path.stat().st_size <= gigabytes * 1024**3 * 1.05
    return path


PREPARE = """
import sys, django
django.setup()
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tangthu.repository.permissions import RepositoryPermission
from tests.factories import ItemFactory, LibraryFactory, UserFactory, grant
library = LibraryFactory(code="DLK", name="Thư viện tỉnh")
user = grant(UserFactory(username="bench", library=library), library, *RepositoryPermission)
for number in range(1, int(sys.argv[1]) + 1):
    ItemFactory(library=library, accession_number=f"DC.{number:06}", barcode=f"B{number:06}")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""

STATE = """
import django
django.setup()
from tangthu.repository.models import IngestBatch, IngestEntry, Page
batch = IngestBatch.objects.first()
faults = IngestEntry.objects.exclude(fault="").values_list("fault", flat=True)
print(batch.state if batch else "none", IngestEntry.objects.filter(state="done").count(),
      Page.objects.exclude(delivery=None).count(), *sorted(set(faults)))
"""

ACCEPT = """
import django
django.setup()
from tangthu.core.actor import Actor
from tangthu.repository.actions.batch_previews import accept_batch, settle_batch
from tangthu.repository.actions.batches import BatchData
from tangthu.repository.models import IngestBatch
from tangthu.repository.tasks import go_on_with_batch
from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Face
from pathlib import Path
batch = IngestBatch.objects.get()
by = actor_for(User.objects.get(username="bench"), face=Face.STAFF, library_id=batch.library_id)
settle_batch(batch, BatchData(name=batch.name, path=Path(batch.stored_path), rights="PDM"),
             by_hand={}, by=by)
accept_batch(batch, by=by)
go_on_with_batch.enqueue(batch.pk)
"""


def ran(script: str, environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def sent(port: int, session: str, batch: Path) -> float:
    """Send the file in pieces, break off at 99 %, go on, and return the megabytes a second."""
    cookie = f"session={session}; csrf={'a' * 32}"
    told = {"Cookie": cookie, "X_CSRFToken": "a" * 32, "Tus_Resumable": "1.0.0"}
    size = batch.stat().st_size
    name = base64.b64encode(batch.name.encode()).decode()
    metadata = {"Upload_Length": str(size), "Upload_Metadata": f"filename {name}"}
    status, headers = asked(port, "POST", "/desk/digital/uploads/", **told, **metadata)
    assert status == 201, status
    where, began = str(headers["Location"]), time.perf_counter()
    cut = int(size * 0.99)
    with batch.open("rb") as reading:
        offset = 0
        while offset < size:
            piece = reading.read(min(PIECE, (cut if offset < cut else size) - offset))
            more = {"Upload_Offset": str(offset), "Content_Type": "application/offset+octet-stream"}
            status, headers = asked(port, "PATCH", where, piece, **told, **more)
            assert status == 204, status
            offset = int(headers["Upload-Offset"])
            if offset == cut:
                _, headers = asked(port, "HEAD", where, **told)
                offset = int(headers["Upload-Offset"])
                reading.seek(offset)
    return size / 1e6 / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--port", type=int, default=8190)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ingest-", dir=given.folder))
    try:
        measure(folder, given.gigabytes, given.port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, gigabytes: float, port: int) -> None:
    leaf = SIDES[0] * SIDES[1] * 3
    numbers = max(1, int(gigabytes * 1024**3 / leaf / PAGES_IN_FOLDER))
    batch = packed(folder, gigabytes, numbers)
    environment = os.environ | {
        "TANGTHU_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
    }
    tangthu = [sys.executable, "-m", "tangthu.site.cli"]
    subprocess.run([*tangthu, "migrate", "--verbosity", "0"], env=environment, check=True)
    session = ran(PREPARE, environment, str(numbers))
    with (folder / "log").open("wb") as log:
        serve = subprocess.Popen(
            [*tangthu, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
        )
    try:
        while asked(port, "GET", "/healthz")[0] != 200:
            time.sleep(0.2)
        with Watch(serve.pid, port) as watch:
            rate = sent(port, session, batch)
            batch.unlink()
            while not (state := ran(STATE, environment)).startswith("looked"):
                time.sleep(1)
            began = time.perf_counter()
            ran(ACCEPT, environment)
            while not (state := ran(STATE, environment)).startswith(("done", "failed")):
                time.sleep(5)
            report(state, rate, time.perf_counter() - began, numbers, watch)
    finally:
        serve.terminate()
        serve.wait()


def report(state: str, rate: float, seconds: float, numbers: int, watch: Watch) -> None:
    pages = numbers * PAGES_IN_FOLDER
    expected = f"done {numbers} {pages}"
    if state != expected:
        raise SystemExit(f"expected “{expected}”, found “{state}”")
    print(f"{numbers} documents, {pages} pages")
    print(f"sent {rate:.0f} MB/s; taken in {pages / seconds * 60:.0f} pages/min,", end=" ")
    print(f"{pages * SIDES[0] * SIDES[1] * 3 / 1e6 / seconds:.0f} MB/s")
    for name, kilobytes in sorted(watch.peaks.items()):
        print(f"  {name}: at most {kilobytes / 1024:.0f} MiB resident")
    times = sorted(watch.answers)
    if times:
        p50, p95 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
        print(f"the first page meanwhile: p50 {p50:.0f}, p95 {p95:.0f} ms of {len(times)} answers")


if __name__ == "__main__":
    main()
