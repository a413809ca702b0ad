"""A stage that was finished by mistake is taken back with one key, until somebody goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.digitisation.actions.projects import claim, finish, undo_finish
from tangthu.digitisation.errors import NotUndone
from tangthu.digitisation.models import Step
from tests.conftest import client_of
from tests.digitisation.cast import stage_of
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
ROOT = "/desk/digitisation/"


def test_the_stage_is_open_again_and_ones_own(capture, planner):
    finish(capture, by=planner)

    undo_finish(capture, by=planner)

    capture.refresh_from_db()
    step = Step.objects.get()
    assert capture.stage == stage_of(capture.project, 0)
    assert (step.worker_id, step.ended_at, step.outcome) == (planner.user_id, None, "")


def test_it_is_refused_once_somebody_goes_on(capture, planner, scanner):
    finish(capture, by=planner)
    claim(capture, by=scanner)

    with pytest.raises(NotUndone):
        undo_finish(capture, by=planner)

    capture.refresh_from_db()
    assert capture.stage == stage_of(capture.project, 1)


def test_nobody_takes_back_what_another_finished(capture, planner, scanner):
    finish(capture, by=planner)

    with pytest.raises(NotUndone):
        undo_finish(capture, by=scanner)


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_going_on_at_once_one_happens(capture, planner, scanner):
    finish(capture, by=planner)

    outcomes = at_once(
        lambda: undo_finish(capture, by=planner),
        lambda: claim(capture, by=scanner, at=stage_of(capture.project, 1)),
    )

    refused = [each for each in outcomes if isinstance(each, Exception)]
    open_step = Step.objects.open().get()
    assert len(refused) == 1
    assert (open_step.stage.position, open_step.worker) in {(0, "planner"), (1, "scanner")}


def test_a_wrong_scan_is_taken_back_from_the_work_list(capture, planner_user):
    office = client_of(planner_user)
    office.post(f"{ROOT}scan/", {"q": capture.number, "mode": "finish"})

    page = office.get(f"{ROOT}?mode=finish").content.decode()
    answer = office.post(f"{ROOT}undo/{capture.number}/", {"mode": "finish"})

    assert f"Hoàn tác: {capture.number}, “Chọn tài liệu”" in page
    assert answer.headers["Location"] == f"{ROOT}?mode=finish"
    capture.refresh_from_db()
    assert capture.stage.position == 0
    assert "Hoàn tác:" not in office.get(ROOT).content.decode()


def test_what_was_finished_long_ago_is_not_offered(capture, planner, planner_user):
    finish(capture, by=planner)
    Step.objects.update(ended_at=timezone.now() - timedelta(hours=1))
    Step.objects.filter(begun_at=None).update(ended_at=None)

    assert "Hoàn tác:" not in client_of(planner_user).get(ROOT).content.decode()
