"""Images of pages: tiles as they lie on disk, and parts that must be drawn.

    PYTHONPATH=src python -m bench.iiif [--seconds 5] [--readers 8] [--without-iipsrv]

Draws one A4 page in colour at 600 dpi (4,960 × 7,016), writes its pyramid, and asks for it twice:
in this process (CPU milliseconds of an answer of the whole WSGI application, without HTTP), and
over HTTP from one web process with four threads (answers a second, how long the slowest of twenty
takes, and the processor time that the server spent on each). Then the same pyramid is asked of
Debian's iipimage-server behind lighttpd, where both are installed. Readers and server share the
machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT, TILE = 4960, 7016, 256
SCALES = (1, 2, 4, 8)


def prepare() -> str:
    """Make a library with one page; return the name of its image."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import pyvips

    from tangthu.libraries.models import Library
    from tests.factories import LibraryFactory
    from tests.protocols.making import keep_object

    noise = pyvips.Image.gaussnoise(WIDTH, HEIGHT, mean=0, sigma=6)
    lines = pyvips.Image.sines(WIDTH, HEIGHT, vfreq=140, hfreq=400) * 60
    shades = [noise + lines + shade for shade in (180, 172, 150)]
    paper = shades[0].bandjoin(shades[1:])
    library: Library = LibraryFactory(code="BENCH", name="Bench")
    page = paper.cast("uchar").copy(interpretation="srgb")
    return str(keep_object(library, images=[page]).pages.get().identifier)


def tiles(seed: int) -> Iterator[str]:
    """Yield tiles as a viewer asks for them, mostly of the larger sizes."""
    chance = random.Random(seed)
    while True:
        span = TILE * chance.choice(SCALES)
        x = span * chance.randrange(WIDTH // span)
        y = span * chance.randrange(HEIGHT // span)
        yield f"{x},{y},{span},{span}/{TILE},{TILE}/0/default.jpg"


def edges(seed: int) -> Iterator[str]:
    """Yield tiles at the right edge, which are cut out of a padded one."""
    chance = random.Random(seed)
    x = WIDTH // TILE * TILE
    while True:
        y = TILE * chance.randrange(HEIGHT // TILE)
        yield f"{x},{y},{WIDTH - x},{TILE}/{WIDTH - x},{TILE}/0/default.jpg"


def regions(seed: int) -> Iterator[str]:
    """Yield any part of the page in any size up to a large screen."""
    chance = random.Random(seed)
    while True:
        width, height = chance.randrange(400, WIDTH), chance.randrange(400, HEIGHT)
        x, y = chance.randrange(WIDTH - width), chance.randrange(HEIGHT - height)
        yield f"{x},{y},{width},{height}/!{chance.randrange(200, 1280)},800/0/default.jpg"


def in_process(name: str, asked: Iterator[str], *, times: int) -> None:
    """Print the CPU milliseconds of an answer, through the whole application, without HTTP."""
    from django.test import RequestFactory

    from tangthu.site.wsgi import application

    make = RequestFactory(HTTP_HOST="127.0.0.1")
    told: list[str] = []

    def started(status: str, _headers: object, *_more: object) -> Callable[[bytes], object]:
        told.append(status)
        return len

    paths = [f"/iiif/image/{name}/{next(asked)}" for _ in range(times + 20)]
    asks = [make.get(path).environ for path in paths]
    for environ in asks[:20]:
        b"".join(application(environ, started))
    began = time.process_time()
    for environ in asks[20:]:
        b"".join(application(environ, started))
    took = (time.process_time() - began) / times * 1000
    assert set(told) == {"200 OK"}, set(told)
    print(f"    {took:6.2f} ms of CPU an answer")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, what its images' addresses begin with, its process."""

    port: int
    images: str
    pid: int

    def cpu(self) -> float:
        """Return the processor seconds that it and its children have used."""
        return sum(_cpu_of(pid) for pid in _family(self.pid))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int, images: str) -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            yield Server(port, images, server.pid)
        finally:
            server.terminate()


def ours(name: str) -> tuple[list[str], int, str]:
    """Return how our web process is run."""
    port = free_port()
    command = [sys.executable, "-m", "tangthu.site.web", "127.0.0.1", str(port)]
    return command, port, f"/iiif/image/{name}"


def iipsrv(tiff: Path, folder: Path) -> tuple[list[str], int, str]:
    """Return how lighttpd is run with two processes of iipimage-server behind it."""
    port, setup = free_port(), folder / "lighttpd.conf"
    setup.write_text(LIGHTTPD.format(port=port, folder=folder, root=tiff.parent), encoding="utf-8")
    return ["lighttpd", "-D", "-f", str(setup)], port, f"/iiif/?IIIF={tiff.name}"


LIGHTTPD = """
server.modules = ("mod_fastcgi")
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{folder}"
fastcgi.server = ("/iiif" => ((
  "socket" => "{folder}/iipsrv.socket",
  "bin-path" => "/usr/lib/iipimage-server/iipsrv.fcgi",
  "bin-environment" => (
    "FILESYSTEM_PREFIX" => "{root}/", "VERBOSITY" => "0",
    "JPEG_QUALITY" => "85", "MAX_IMAGE_CACHE_SIZE" => "10"),
  "check-local" => "disable",
  "max-procs" => 2)))
"""


def over_http(
    server: Server, asked: Callable[[int], Iterator[str]], *, readers: int, seconds: int
) -> None:
    """Print answers a second and the ninety-fifth of a hundred, with so many readers at once."""
    took: list[float] = []
    used, until = server.cpu(), time.monotonic() + seconds

    def read(seed: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port)
        for part in asked(seed):
            began = time.perf_counter()
            line.request("GET", f"{server.images}/{part}")
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, part
            took.append(time.perf_counter() - began)
            if time.monotonic() > until:
                return

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = statistics.quantiles(took, n=20)[18] * 1000
    each = (server.cpu() - used) / len(took) * 1000
    rate = f"{len(took) / seconds:.0f} answers a second, p95 {late:.1f} ms"
    print(f"    {readers} at once: {rate}, {each:.2f} ms of CPU in the server", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--without-iipsrv", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tangthu-iiif-") as folder:
        os.environ["TANGTHU_DATA"] = folder
        os.environ["TANGTHU_LOG_LEVEL"] = "WARNING"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tangthu.site.settings"
        os.environ["TANGTHU_ALLOWED_HOSTS"] = "127.0.0.1,testserver"
        name = prepare()
        tiff = next(Path(folder).rglob("*.tif*"))
        with serving(*ours(name)) as server:
            for title, asked in ASKED.items():
                print(title, flush=True)
                in_process(name, asked(0), times=300)
                over_http(server, asked, readers=1, seconds=given.seconds)
                over_http(server, asked, readers=given.readers, seconds=given.seconds)
        if not given.without_iipsrv and shutil.which("lighttpd"):
            with serving(*iipsrv(tiff, Path(folder))) as server:
                for title, asked in ASKED.items():
                    print(f"iipsrv: {title}", flush=True)
                    over_http(server, asked, readers=1, seconds=given.seconds)
                    over_http(server, asked, readers=given.readers, seconds=given.seconds)


ASKED = {"tiles": tiles, "tiles at an edge": edges, "any region and size": regions}

if __name__ == "__main__":
    main()
