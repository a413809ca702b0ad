"""The sentences of this app: refusals, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "stages_refused": _("A document could not go through this list of stages."),
    "stage_in_use": _("Documents stand at the stage “%(stage)s”, or have been there."),
    "project_code_taken": _("Another project has the code %(code)s."),
    "project_closed": _("The project “%(project)s” is closed."),
    "nothing_to_add": _("None of these documents can be added."),
    "too_many_chosen": _("At most %(most)s documents at once."),
    "capture_not_under_way": _("%(capture)s is through all stages, or was set aside."),
    "capture_moved_on": _("%(capture)s stands at the stage “%(stage)s” by now."),
    "step_taken": _("%(worker)s is already at the stage “%(stage)s”."),
    "step_not_for_you": _("The stage “%(stage)s” needs the right: %(right)s."),
    "send_back_reason_needed": _("Write the reason: whoever gets it back will read it."),
    "not_an_earlier_stage": _("It can be sent back to an earlier stage only."),
    "not_sent_back": _("%(capture)s was not sent back."),
    "finish_not_undone": _(
        "%(capture)s cannot be taken back any more: somebody has gone on with it. Send it back "
        "instead."
    ),
    "copy_given_back": _(
        "The copy stands in the stack again. Send it back to the stage “%(stage)s”, so that it is "
        "fetched first."
    ),
    "copy_elsewhere": _("The copy %(barcode)s has not arrived at %(library)s yet."),
    "nothing_scanned": _("There is no page of %(capture)s yet."),
    "pages_not_settled": _(
        "Flaws of pages of %(capture)s are not settled: %(count)s. Mend them, or say that they are "
        "all right."
    ),
    "no_edges": _("No page was made out in the picture. Move the corners by hand."),
    "recognition_failed": _("The text could not be recognised."),
    "nothing_to_recognise": _(
        "There is no page whose text could be read yet. Pages must have been drawn first."
    ),
    "word_changed": _("Somebody else changed this word meanwhile. It reads now: “%(now)s”."),
    "edits_meet": _(
        "Somebody else changed the same words meanwhile. You wrote “%(mine)s”; there it says "
        "“%(theirs)s”."
    ),
    "text_of_other_picture": _(
        "The page shows another picture than the one its text was read from. Let its text be "
        "recognised again first."
    ),
    "correction_not_undone": _(
        "These words were changed again since, so they are left as they are. Take the later "
        "correction back first."
    ),
    "volunteer_answer_refused": _(
        "Type one word as it is printed: at most 60 letters, no addresses and no pictures."
    ),
    "volunteer_call_refused": _(
        "Only a published object that everybody, or every reader with a card, may open can be "
        "opened to volunteers."
    ),
    "volunteer_stopped": _("No more answers are taken now."),
    "volunteer_barred": _("The library takes no more answers of yours: %(why)s"),
    "volunteer_too_many_wrong": _(
        "Many of your readings turned out otherwise. Please ask the library how it is done; it "
        "can let you go on."
    ),
    "volunteer_enough_today": _("You have done very much today. Thank you, and rest your eyes."),
    "volunteer_too_fast": _("That was too quick to look closely. Go on in a minute."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.digitisation.planned": _("planned a digitisation project"),
    "audit.digitisation.changed": _("changed a digitisation project"),
    "audit.digitisation.closed": _("closed or reopened a digitisation project"),
    "audit.digitisation.stages_set": _("set the stages of a digitisation project"),
    "audit.digitisation.batch_added": _("chose documents to digitise"),
    "audit.digitisation.claimed": _("began a stage of digitisation"),
    "audit.digitisation.let_go": _("gave a stage of digitisation up"),
    "audit.digitisation.finished": _("finished a stage of digitisation"),
    "audit.digitisation.finish_undone": _("took back that a stage was finished"),
    "audit.digitisation.sent_back": _("sent a document back to an earlier stage"),
    "audit.digitisation.resumed": _("mended a document and sent it forward"),
    "audit.digitisation.set_aside": _("set a document aside"),
    "audit.digitisation.taken_up": _("took a document up again"),
    "audit.digitisation.flaw_judged": _("judged a flaw of a page"),
    "audit.digitisation.sheet_kept": _("wrote a digitisation sheet"),
    "audit.text.asked_for": _("had text of pages recognised"),
    "audit.text.cancelled": _("cancelled text recognition"),
    "audit.highland_names.added": _("added highland names"),
    "audit.highland_names.removed": _("removed a highland name"),
    "audit.text.corrected": _("corrected the text of a page"),
    "audit.text.copies_asked": _("had files made of a text"),
    "audit.text.volunteers_called": _("opened a text to volunteers"),
    "audit.text.volunteers_thanked": _("closed a text to volunteers"),
    "audit.text.volunteer_barred": _("took no more answers of a volunteer"),
    "audit.text.volunteer_readmitted": _("let a volunteer help again"),
    "audit.text.word_decided": _("decided a word between volunteers"),
}
