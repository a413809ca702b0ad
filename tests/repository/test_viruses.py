"""Files are looked through by a daemon of ClamAV that knows a signature of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tangthu.repository.actions import Incoming, add_page_images
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import PreservationEvent
from tangthu.repository.policy.kinds import EventKind, Outcome
from tangthu.site import health
from tangthu.site.checks import State
from tests.repository.making import picture

pytestmark = pytest.mark.django_db

MARK = b"a virus only in the tests of this library"
LARGEST = 2 * 1024 * 1024
STARTS_WITHIN = 60


def asking(folder: Path, settings: Path) -> Path:
    """Write the program that asks the daemon of these settings; return the folder that holds it."""
    program = folder / "bin/clamdscan"
    program.parent.mkdir()
    real = shutil.which("clamdscan")
    program.write_text(f'#!/bin/sh\nexec {real} --config-file={settings} "$@"\n')
    program.chmod(0o755)
    return program.parent


@pytest.fixture(scope="module")
def daemon() -> Iterator[Path]:
    """Run a daemon of ClamAV; return the folder with the program that asks it."""
    # A socket's path may have 107 letters: the folders of pytest are deeper than that.
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"Tangthu.Test:0:*:{MARK.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {signatures}\n"
        f"LocalSocket {folder}/socket\n"
        "Foreground yes\n"
        "AlertExceedsMax yes\n"
        f"MaxFileSize {LARGEST}\n"
        f"User {pwd.getpwuid(os.geteuid()).pw_name}\n"
    )
    running = subprocess.Popen(
        [shutil.which("clamd") or "/usr/sbin/clamd", f"--config-file={settings}"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not (folder / "socket").exists():
            assert running.poll() is None, "clamd ended"
            assert time.monotonic() < until, "clamd does not answer"
            time.sleep(0.05)
        yield asking(folder, settings)
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(folder)


@pytest.fixture
def scanner(daemon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{daemon}:{os.environ['PATH']}")


@pytest.fixture
def no_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "clamd.conf"
    settings.write_text(f"LocalSocket {tmp_path}/nothing\n")
    monkeypatch.setenv("PATH", f"{asking(tmp_path, settings)}:{os.environ['PATH']}")


def infected(file: Incoming) -> Incoming:
    with file.path.open("ab") as adding:
        adding.write(MARK)
    return file


def outcomes(obj) -> list[tuple[str, str]]:
    checks = PreservationEvent.objects.filter(object=obj, kind=EventKind.VIRUS_CHECK)
    return list(checks.order_by("pk").values_list("agent", "outcome"))


def test_a_clean_file_is_taken_in_and_its_events_say_that_it_was_looked_through(
    draft, keeper, tmp_path, scanner
):
    add_page_images(draft, [picture(tmp_path)], by=keeper)

    assert outcomes(draft) == [("clamdscan", Outcome.SUCCESS)]


def test_a_file_with_a_virus_is_refused_by_name_and_nothing_of_the_batch_is_kept(
    draft, keeper, tmp_path, scanner, store
):
    files = [picture(tmp_path), infected(picture(tmp_path, "lây.png", ink=9))]

    with pytest.raises(FileRefused) as refused:
        add_page_images(draft, files, by=keeper)

    assert (refused.value.fault, refused.value.data["name"]) == ("virus", "lây.png")
    assert not draft.pages.exists()
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_a_file_larger_than_what_the_daemon_reads_is_kept_but_not_called_clean(
    draft, keeper, tmp_path, scanner
):
    large = picture(tmp_path)
    with large.path.open("ab") as adding:
        adding.write(bytes(LARGEST))

    add_page_images(draft, [large], by=keeper)

    assert outcomes(draft) == [("clamdscan", Outcome.WARNING)]


def test_without_its_daemon_files_are_kept_and_the_events_say_that_none_looked(
    draft, keeper, tmp_path, no_daemon
):
    add_page_images(draft, [picture(tmp_path)], by=keeper)

    assert outcomes(draft) == [("clamdscan", Outcome.WARNING)]


def test_the_doctor_tells_whether_the_daemon_answers(scanner):
    found = health.virus_scanner()

    assert (found.state, found.seen) == (State.WELL, "clamd")


def test_the_doctor_warns_where_the_daemon_does_not_answer(no_daemon):
    assert health.virus_scanner().state is State.WARNING


def test_the_doctor_asks_for_nothing_where_clamav_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert health.virus_scanner().state is State.WELL
