"""How long the whole page of results takes over HTTP, alone and with eight readers at once.

    python -m bench.pages --records 1000000 --data /tmp/bench-lend

Uses the data folder of `bench.lend`, which fills and indexes it where it is empty. Every page is
asked for once, by a question of its own; its facets, covers and availability are in the time,
its pictures and styles are not. Readers and server share the machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from bench.lend import PORT, prepare, served, web_processes
from bench.search import percentile, questions


def main() -> None:
    """Serve, wait for the index, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--readers", type=int, default=8)
    given = parser.parse_args()
    os.environ |= {
        "TANGTHU_DATA": str(given.data),
        "DJANGO_SETTINGS_MODULE": "tangthu.site.settings",
        "TANGTHU_LOG_LEVEL": "WARNING",
    }
    prepare(given.records)
    asked = list(questions(2 * given.pages + 40))
    with served():
        wait_for_the_index()
        for text in asked[:40]:
            page(text)
        alone, crowd = asked[40 : 40 + given.pages], asked[40 + given.pages :]
        report("one reader", [page(text) for text in alone], None)
        began = time.perf_counter()
        with ThreadPoolExecutor(given.readers) as pool:
            times = list(pool.map(page, crowd))
        report(f"{given.readers} readers at once", times, time.perf_counter() - began)
        for line in web_processes():
            sys.stdout.write(f"{line}\n")


def wait_for_the_index() -> None:
    """Wait until the search answers: the first start after a filling builds the index."""
    while status(f"/search?q={quote('a')}") != 200:
        time.sleep(5)


def page(text: str) -> float:
    """Ask for the results of one question; return the milliseconds."""
    began = time.perf_counter()
    answer = status(f"/search?q={quote(text)}")
    if answer != 200:
        raise SystemExit(f"{text!r} was answered with {answer}")
    return (time.perf_counter() - began) * 1000


def status(path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def report(name: str, times: list[float], took: float | None) -> None:
    rate = f"  {len(times) / took:.0f} pages/s" if took else ""
    line = "  ".join(f"p{part} {percentile(times, part):.0f}" for part in (50, 90, 95, 99))
    sys.stdout.write(f"{name}: {line} ms{rate}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
