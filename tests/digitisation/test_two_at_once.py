"""Two people at one document, in the same instant: one picture, one decision, one place."""

from __future__ import annotations

import pytest

from tangthu.digitisation.actions.pagechecks import judge_flaw, look_at_pages
from tangthu.digitisation.actions.projects import (
    ProjectData,
    add_batch,
    claim,
    finish,
    plan_project,
    send_back,
)
from tangthu.digitisation.choosing import by_records
from tangthu.digitisation.errors import NothingToAdd, StageMoved
from tangthu.digitisation.models import Capture, Finding, FindingState, Step
from tangthu.digitisation.stages import usual_stages
from tangthu.repository.actions import add_page_images, crop_page, make_ready
from tangthu.repository.policy.outlines import Box
from tests.digitisation.cast import stage_of
from tests.factories import ItemFactory
from tests.repository.making import pictures
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


@pytest.fixture
def scanned(capture, planner, tmp_path) -> Capture:
    """A document of two pages, both alike, that waits for its check."""
    finish(capture, by=planner)
    finish(capture, by=planner)
    claim(capture, by=planner)
    capture.refresh_from_db()
    add_page_images(capture.object, pictures(tmp_path, 2), by=planner)
    make_ready(capture.object, by=planner)
    finish(capture, by=planner)
    finish(capture, by=planner)
    return capture


def test_of_two_crops_at_once_the_page_has_one(scanned, planner):
    page = scanned.object.pages.get(position=1)
    left, upper = Box(0, 0, 0.5, 1), Box(0, 0, 1, 0.5)

    outcomes = at_once(
        lambda: crop_page(page, left, by=planner), lambda: crop_page(page, upper, by=planner)
    )

    page.refresh_from_db()
    assert not [each for each in outcomes if isinstance(each, Exception)]
    # The later crop counts within what the earlier left, or alone: whole numbers either way.
    assert [1, 1] not in page.outline
    make_ready(scanned.object, by=planner)
    assert scanned.object.pages.ready().count() == 2


def test_of_two_who_judge_one_flaw_at_once_the_last_word_is_one_of_theirs(scanned, planner):
    look_at_pages(scanned.object)
    finding = Finding.objects.of_object(scanned.object)[0]

    at_once(
        lambda: judge_flaw(finding, FindingState.ACCEPTED, by=planner),
        lambda: judge_flaw(finding, FindingState.DISMISSED, by=planner),
    )

    finding.refresh_from_db()
    assert finding.state in {FindingState.ACCEPTED, FindingState.DISMISSED}
    assert finding.decided_by == planner.name


def test_finishing_and_sending_back_at_once_leaves_one_open_step(scanned, planner):
    Finding.objects.all().delete()
    check, process = stage_of(scanned.project, 4), stage_of(scanned.project, 3)

    outcomes = at_once(
        lambda: finish(scanned, by=planner, at=check),
        lambda: send_back(scanned, to=process, reason="Lệch", by=planner),
    )

    scanned.refresh_from_db()
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert {type(each) for each in refused} <= {StageMoved}, refused
    assert Step.objects.open().get().stage == scanned.stage
    assert scanned.stage.position in {3, 5}


def test_two_projects_that_choose_one_title_at_once_have_it_once(project, planner, province):
    data = ProjectData(code="KHAC", name="Dự án khác")
    other = plan_project(data, usual_stages(), library=province, by=planner)
    item = ItemFactory(library=province)
    chosen = [(each, by_records([item.record_id], each)) for each in (project, other)]

    outcomes = at_once(
        *(
            lambda each=each, found=found: add_batch(each, found, by=planner)
            for each, found in chosen
        )
    )

    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [type(each) for each in refused] == [NothingToAdd]
    assert Capture.objects.get().item == item
