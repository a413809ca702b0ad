"""A document goes through its stages, back and forward again, with its copy and its object."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tangthu.catalogue.models import ItemStatus
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.digitisation.actions.projects import (
    claim,
    finish,
    let_go,
    resume,
    send_back,
    set_aside,
    take_up,
)
from tangthu.digitisation.errors import (
    CopyGivenBack,
    NotBackwards,
    NotForYou,
    NothingScanned,
    NotSentBack,
    NotUnderWay,
    PagesNotSettled,
    ReasonNeeded,
    StageMoved,
    TakenByAnother,
)
from tangthu.digitisation.models import Capture, CaptureState, Finding, Step, StepOutcome
from tangthu.repository.actions import add_page_images, make_ready
from tests.digitisation.cast import stage_of
from tests.repository.making import pictures
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


@pytest.fixture
def scanned(capture, planner, tmp_path) -> Capture:
    """A document of three pages that were just scanned."""
    advance(capture, planner, 2)
    claim(capture, by=planner)
    capture.refresh_from_db()
    add_page_images(capture.object, pictures(tmp_path, 3), by=planner)
    make_ready(capture.object, by=planner)
    return finish(capture, by=planner)


def advance(capture: Capture, by: Actor, steps: int) -> None:
    for _ in range(steps):
        finish(capture, by=by)


def place(capture: Capture) -> int | None:
    capture.refresh_from_db()
    return capture.stage.position if capture.stage else None


def status(capture: Capture) -> str:
    capture.item.refresh_from_db()
    return capture.item.status


def test_a_document_goes_from_the_shelf_to_the_screen(scanned, planner):
    scanned.refresh_from_db()
    obj = scanned.object
    advance(scanned, planner, 4)

    scanned.refresh_from_db()
    obj.refresh_from_db()
    assert (scanned.state, scanned.stage) == (CaptureState.DONE, None)
    assert (obj.state, obj.title, list(obj.records.all())) == (
        "published",
        scanned.record.title,
        [scanned.record],
    )
    told = [(step.stage.position, step.outcome, step.pages) for step in scanned.steps.all()]
    assert told == [(at, "finished", 3 if at > 1 else 0) for at in range(7)]


def test_the_copy_is_shown_as_being_digitised_until_the_pages_are_checked(scanned, planner):
    states = [status(scanned)]
    advance(scanned, planner, 2)

    states.append(status(scanned))
    assert states == [ItemStatus.IN_DIGITISATION, ItemStatus.AVAILABLE]


def test_a_stage_is_claimed_by_one_and_refused_to_another(capture, planner, scanner):
    finish(capture, by=planner)
    claim(capture, by=scanner)
    claim(capture, by=scanner)

    with pytest.raises(TakenByAnother) as refused:
        finish(capture, by=planner)

    assert refused.value.data["worker"] == "scanner"
    assert place(capture) == 1
    assert Step.objects.at_work().get().worker_id == scanner.user_id


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_has_it(capture, planner, scanner):
    finish(capture, by=planner)

    outcomes = at_once(lambda: claim(capture, by=scanner), lambda: claim(capture, by=planner))

    step = Step.objects.open().get(capture=capture)
    refused = [each for each in outcomes if isinstance(each, TakenByAnother)]
    assert len(refused) == 1
    assert refused[0].data["worker"] == step.worker


@pytest.mark.django_db(transaction=True)
def test_two_presses_for_one_stage_finish_it_once(capture, planner):
    stage = stage_of(capture.project, 0)

    outcomes = at_once(
        lambda: finish(capture, by=planner, at=stage), lambda: finish(capture, by=planner, at=stage)
    )

    assert sum(isinstance(each, StageMoved) for each in outcomes) == 1
    assert place(capture) == 1


def test_a_stage_of_another_right_is_refused_with_its_name(capture, scanner):
    with pytest.raises(NotForYou):
        finish(capture, by=scanner)

    assert place(capture) == 0
    assert not Step.objects.at_work().exists()


def test_staff_of_another_library_touch_nothing(capture, neighbour):
    with pytest.raises(NotPermitted):
        claim(capture, by=neighbour)

    assert Step.objects.open().get().worker_id is None


def test_what_is_sent_back_goes_forward_again_to_where_it_was(scanned, planner):
    finish(scanned, by=planner)
    send_back(scanned, to=stage_of(scanned.project, 2), reason="Trang 12 bị mờ", by=planner)
    there = place(scanned)
    step = Step.objects.open().get(capture=scanned)
    resume(scanned, by=planner)

    assert (there, place(scanned)) == (2, 4)
    assert (step.reason, step.sent_back_by) == ("Trang 12 bị mờ", "planner")
    ended = scanned.steps.exclude(ended_at=None).order_by("-id")[:2]
    assert [each.outcome for each in ended] == [StepOutcome.RESUMED, StepOutcome.SENT_BACK]


def test_going_forward_stage_by_stage_forgets_the_way_when_it_is_reached(scanned, planner):
    finish(scanned, by=planner)
    send_back(scanned, to=stage_of(scanned.project, 2), reason="Lệch", by=planner)
    advance(scanned, planner, 2)

    assert place(scanned) == 4
    with pytest.raises(NotSentBack):
        resume(scanned, by=planner)
    assert place(scanned) == 4


@pytest.mark.parametrize(
    ("to", "reason", "refusal"),
    [(2, " ", ReasonNeeded), (3, "x", NotBackwards), (5, "x", NotBackwards)],
)
def test_a_document_is_sent_back_with_a_reason_and_backwards_only(
    scanned, planner, to, reason, refusal
):
    with pytest.raises(refusal):
        send_back(scanned, to=stage_of(scanned.project, to), reason=reason, by=planner)

    assert place(scanned) == 3


def test_what_is_to_be_scanned_anew_is_fetched_first(scanned, planner):
    advance(scanned, planner, 2)

    with pytest.raises(CopyGivenBack):
        send_back(scanned, to=stage_of(scanned.project, 2), reason="Mờ", by=planner)
    send_back(scanned, to=stage_of(scanned.project, 1), reason="Mờ", by=planner)
    finish(scanned, by=planner)

    assert place(scanned) == 2
    assert status(scanned) == ItemStatus.IN_DIGITISATION


def test_a_stage_of_scanning_is_not_finished_without_a_page(capture, planner):
    advance(capture, planner, 2)

    with pytest.raises(NothingScanned):
        finish(capture, by=planner)

    assert place(capture) == 2


def test_a_check_is_not_finished_while_a_flaw_is_not_settled(scanned, planner):
    finish(scanned, by=planner)
    scanned.refresh_from_db()
    Finding.objects.create(
        page=scanned.object.pages.first(),
        kind="blurred",
        delivery=1,
        measure=0.1,
        threshold=0.3,
        found_at=timezone.now(),
    )

    with pytest.raises(PagesNotSettled) as refused:
        finish(scanned, by=planner)

    assert refused.value.data["count"] == 1
    assert (place(scanned), status(scanned)) == (4, ItemStatus.IN_DIGITISATION)


def test_what_is_set_aside_gives_its_copy_back_and_is_fetched_anew(capture, planner):
    advance(capture, planner, 2)
    claim(capture, by=planner)
    set_aside(capture, reason="Giấy giòn, chờ tu bổ", by=planner)
    states = [(place(capture), status(capture), Step.objects.open().count())]
    with pytest.raises(NotUnderWay):
        finish(capture, by=planner)
    take_up(capture, by=planner)

    assert states == [(2, ItemStatus.AVAILABLE, 0)]
    assert place(capture) == 1
    assert Step.objects.waiting().get().stage.position == 1


def test_a_claimed_stage_is_given_up_by_its_worker_or_a_planner(capture, planner, scanner):
    finish(capture, by=planner)
    claim(capture, by=scanner)
    let_go(capture, by=planner)
    claim(capture, by=planner)

    with pytest.raises(NotPermitted):
        let_go(capture, by=scanner)

    assert Step.objects.open().get().worker == "planner"


def test_every_move_is_in_the_log(capture, planner):
    finish(capture, by=planner)

    told = AuditEntry.objects.about("capture", capture.pk).order_by("id")
    assert [entry.action for entry in told] == ["digitisation.claimed", "digitisation.finished"]
