"""Several workers at once, and workers and programs that are killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.digitisation import engine
from tangthu.digitisation.actions.ocr import Wish, ask_for_text, claim
from tangthu.digitisation.models import TextJob
from tangthu.digitisation.recognition import Recogniser
from tangthu.digitisation.worker import read_next, work
from tangthu.repository.models import DigitalObject, PageText
from tests.support.threads import at_once

LINE = "Đắk Lắk nằm trên cao nguyên."

Scanned = Callable[..., DigitalObject]


@pytest.mark.django_db(transaction=True)
def test_each_page_is_taken_by_one_worker_alone(scanned: Scanned, keeper: Actor) -> None:
    obj = scanned(*(["trang"] * 6))
    ask_for_text(obj, Wish(), by=keeper)
    now = timezone.now()

    def take(worker: str) -> list[int]:
        taken: list[int] = []
        while (job := claim(worker, now=now)) is not None:
            taken.append(job.pk)
        return taken

    results = at_once(*(lambda name=name: take(name) for name in ("a", "b", "c")))

    everything = [pk for result in results for pk in result]
    assert sorted(everything) == sorted(TextJob.objects.values_list("pk", flat=True))
    assert set(TextJob.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_read_a_document_to_its_end(scanned: Scanned, keeper: Actor) -> None:
    obj = scanned(LINE, LINE, LINE)
    ask_for_text(obj, Wish(), by=keeper)

    pages = work(2, stop=threading.Event(), once=True)

    assert pages == 3
    assert list(PageText.objects.of_object(obj).values_list("plain", flat=True)) == [LINE] * 3
    assert not PageText.objects.to_archive().exists()


@pytest.mark.django_db
def test_a_page_waits_when_the_preparing_program_is_killed(scanned: Scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)

    with Recogniser() as recogniser:
        started = recogniser._program._started()
        os.kill(started.pid, signal.SIGSTOP)
        threading.Timer(1.0, os.kill, (started.pid, signal.SIGKILL)).start()
        read_next("w", recogniser)
        broken = TextJob.objects.get()
        TextJob.objects.update(next_try_at=timezone.now())
        read_next("w", recogniser)

    assert (broken.state, broken.fault, broken.attempts) == ("waiting", "decoder_failed", 1)
    assert PageText.objects.get().plain == LINE
    assert TextJob.objects.get().state == "done"


@pytest.mark.django_db
def test_a_page_waits_when_the_engine_is_killed(
    scanned: Scanned, keeper: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    engine.models()
    dying = tmp_path / "dying"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o755)
    monkeypatch.setattr(engine, "PROGRAM", str(dying))

    with Recogniser() as recogniser:
        read_next("w", recogniser)

    job = TextJob.objects.get()
    assert (job.state, job.fault) == ("waiting", "engine_failed")
    assert not PageText.objects.exists()


@pytest.mark.django_db
def test_a_machine_without_the_engine_says_so(
    scanned: Scanned, keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    monkeypatch.setattr(engine, "PROGRAM", "tesseract-that-is-not-here")
    engine.models.cache_clear()

    with Recogniser() as recogniser:
        read_next("w", recogniser)

    engine.models.cache_clear()
    assert TextJob.objects.get().fault == "engine_missing"


@pytest.mark.django_db
def test_a_language_without_a_model_is_not_tried_again(scanned: Scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(languages="chi"), by=keeper)
    if "chi_tra" in engine.models():
        pytest.skip("the model is installed here")

    with Recogniser() as recogniser:
        read_next("w", recogniser)

    job = TextJob.objects.get()
    assert (job.state, job.fault) == ("failed", "language_missing")
