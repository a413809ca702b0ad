"""Images of pages: tiles as they lie on disk, and parts that must be drawn.

    PYTHONPATH=src python -m bench.iiif [--seconds 10] [--readers 8]

Draws one A4 page in colour at 600 dpi (4,960 × 7,016), writes its pyramid, and asks for it twice:
in this process (CPU milliseconds of an answer, without HTTP), and over HTTP from one web process
with four threads (answers a second, and how long the slowest of twenty takes). Readers and server
share the machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
    """Print the CPU milliseconds of an answer, through all of Django, without HTTP."""
    from django.test import Client

    client = Client()
    paths = [f"/iiif/image/{name}/{next(asked)}" for _ in range(times + 20)]
    for path in paths[:20]:
        assert client.get(path).status_code == 200, path
    began = time.process_time()
    for path in paths[20:]:
        client.get(path)
    print(f"    {(time.process_time() - began) / times * 1000:6.2f} ms of CPU an answer")


@contextmanager
def serving() -> Iterator[int]:
    """Run one web process for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tangthu.site.web", "127.0.0.1", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def over_http(
    port: int, name: str, asked: Callable[[int], Iterator[str]], *, readers: int, seconds: int
) -> None:
    """Print answers a second and the ninety-fifth of a hundred, with so many readers at once."""
    took: list[float] = []
    until = time.monotonic() + seconds

    def read(seed: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        for part in asked(seed):
            began = time.perf_counter()
            line.request("GET", f"/iiif/image/{name}/{part}")
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
    print(f"    {len(took) / seconds:6.0f} answers a second, p95 {late:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--readers", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tangthu-iiif-") as folder:
        os.environ["TANGTHU_DATA"] = folder
        os.environ["TANGTHU_LOG_LEVEL"] = "WARNING"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tangthu.site.settings"
        os.environ["TANGTHU_ALLOWED_HOSTS"] = "127.0.0.1,testserver"
        name = prepare()
        with serving() as port:
            for title, asked in (("tiles", tiles), ("tiles at an edge", edges), ("any", regions)):
                print(title, flush=True)
                in_process(name, asked(0), times=300)
                over_http(port, name, asked, readers=given.readers, seconds=given.seconds)


if __name__ == "__main__":
    main()
