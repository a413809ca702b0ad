"""Two `tangthu ocr` on one database, each with its own processes; one is killed in the middle."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.ocr import Wish, ask_for_text
from tangthu.digitisation.models import TextJob
from tangthu.repository.models import DigitalObject, PageText
from tests.support.serving import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]

LINES = tuple(f"Buôn thứ {number} nằm trên cao nguyên đất đỏ." for number in range(1, 9))


@contextmanager
def machine(store: Path, folder: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `tangthu ocr` as another machine of the network would, on this test's database."""
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    if connection.vendor == "postgresql":
        whole = urlsplit(os.environ["DATABASE_URL"])
        address = whole._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    data = folder / name
    data.mkdir()
    environment = os.environ | {
        "TANGTHU_DATA": str(data),
        "STORAGE_URL": f"file://{store}",
        "DATABASE_URL": address,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tangthu.site.cli", "ocr", "--workers", "1", "--once"],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def reading_now() -> int:
    return TextJob.objects.filter(state="running").count()


def done() -> int:
    return TextJob.objects.filter(state="done").count()


def test_a_machine_that_is_killed_loses_no_page_and_none_is_read_twice(
    scanned: Callable[..., DigitalObject], keeper: Actor, store: Path, tmp_path: Path
) -> None:
    obj = scanned(*LINES)
    ask_for_text(obj, Wish(), by=keeper)

    with machine(store, tmp_path, "first") as first, machine(store, tmp_path, "second") as second:
        assert eventually(lambda: done() >= 1 and reading_now() == 2, within=90)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(timeout=30)
        assert second.wait(timeout=120) == 0

    left = TextJob.objects.get(state="running")
    assert done() == len(LINES) - 1
    with machine(store, tmp_path, "first-again") as again:
        assert again.wait(timeout=60) == 0
    left.refresh_from_db()
    assert (left.state, left.attempts) == ("done", 2)
    others = TextJob.objects.exclude(pk=left.pk)
    assert set(others.values_list("state", "attempts")) == {("done", 1)}
    texts = PageText.objects.of_object(obj)
    assert list(texts.values_list("plain", "revision")) == [(line, 1) for line in LINES]


def test_pages_are_given_back_whichever_of_a_machines_workers_was_killed(
    scanned: Callable[..., DigitalObject], keeper: Actor, store: Path, tmp_path: Path
) -> None:
    ask_for_text(scanned(*LINES[:1]), Wish(), by=keeper)
    # The seventh worker of this machine had it, and its lease runs on.
    TextJob.objects.update(
        state="running",
        worker=f"{socket.gethostname()[:60]}-7",
        attempts=1,
        lease_until=timezone.now() + timedelta(hours=1),
    )

    with machine(store, tmp_path, "again") as again:
        assert again.wait(timeout=90) == 0

    assert list(TextJob.objects.values_list("state", "attempts")) == [("done", 2)]


def test_the_pages_of_a_machine_that_never_comes_back_are_read_by_another(
    scanned: Callable[..., DigitalObject], keeper: Actor, store: Path, tmp_path: Path
) -> None:
    obj = scanned(*LINES[:2])
    ask_for_text(obj, Wish(), by=keeper)
    lost = TextJob.objects.order_by("pk").first()
    assert lost is not None
    # It was taken on a machine of another name, and its lease has ended.
    TextJob.objects.filter(pk=lost.pk).update(
        state="running",
        worker="may-cu-1",
        attempts=1,
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    with machine(store, tmp_path, "another") as another:
        assert another.wait(timeout=90) == 0

    assert list(PageText.objects.of_object(obj).values_list("plain", flat=True)) == list(LINES[:2])
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("done", 2)
    assert lost.worker != "may-cu-1"
