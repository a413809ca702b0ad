from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, TangthuError


class StagesRefused(Invalid):
    """A document could not go through this list of stages. `fault` names why."""

    code = "stages_refused"


class StageInUse(Conflict):
    """Documents stand at a stage, or have been there: it is not taken out."""

    code = "stage_in_use"


class ProjectCodeTaken(Conflict):
    code = "project_code_taken"


class ProjectClosed(Conflict):
    """Nothing is added to a project that is closed."""

    code = "project_closed"


class NothingToAdd(Invalid):
    """None of the chosen documents can be added. `refused` tells each with its reason."""

    code = "nothing_to_add"


class TooManyChosen(Invalid):
    code = "too_many_chosen"


class NotUnderWay(Conflict):
    """The document is through all stages, or was set aside."""

    code = "capture_not_under_way"


class StageMoved(Conflict):
    """The document stands at another stage by now."""

    code = "capture_moved_on"


class TakenByAnother(Conflict):
    """Somebody else works at it. `worker` names them."""

    code = "step_taken"


class NotForYou(Conflict):
    """The stage is done by those with another right. `right` names it."""

    code = "step_not_for_you"


class ReasonNeeded(Invalid):
    code = "send_back_reason_needed"


class NotBackwards(Invalid):
    """One sends a document back to an earlier stage only."""

    code = "not_an_earlier_stage"


class NotSentBack(Conflict):
    """It was not sent back, so there is nowhere to go forward to."""

    code = "not_sent_back"


class NotUndone(Conflict):
    """Somebody has gone on with it since, or another finished the stage."""

    code = "finish_not_undone"


class CopyGivenBack(Conflict):
    """The copy stands in the stack again: it must be fetched before it is scanned."""

    code = "copy_given_back"


class CopyElsewhere(Conflict):
    """The copy has not arrived yet from the library where it stands."""

    code = "copy_elsewhere"


class NothingScanned(Conflict):
    """There is not one page yet."""

    code = "nothing_scanned"


class PagesNotSettled(Conflict):
    """Flaws of pages are neither mended nor called harmless. `count` of them."""

    code = "pages_not_settled"


class NoEdges(Conflict):
    """No page was made out in the picture."""

    code = "no_edges"


class WordChanged(Conflict):
    """The word is not there any more as it was seen. `now` is what stands in its place."""

    code = "word_changed"


class EditsMeet(Conflict):
    """Two people changed the same words, and not alike: `mine` and `theirs`."""

    code = "edits_meet"


class PictureChanged(Conflict):
    """The page shows another picture than the one its text was read from."""

    code = "text_of_other_picture"


class NothingUndone(Conflict):
    """What was corrected has been changed again since, so it is not taken back."""

    code = "correction_not_undone"


class AnswerRefused(Invalid):
    """What a volunteer typed is no word that can stand on a page."""

    code = "volunteer_answer_refused"


class CallRefused(Conflict):
    """The object cannot be opened to volunteers: not everybody with a card may read it."""

    code = "volunteer_call_refused"


class VolunteerStopped(TangthuError):
    """The volunteer cannot answer now. `reason` says why."""

    code = "volunteer_stopped"
    status = 403


class RecognitionFailed(Conflict):
    """The text of a page could not be recognised. `fault` names why."""

    code = "recognition_failed"

    def __init__(self, fault: str) -> None:
        super().__init__(fault=fault)
        self.fault = fault


class NothingToRecognise(Conflict):
    """The object has no page or file whose text could be read."""

    code = "nothing_to_recognise"
