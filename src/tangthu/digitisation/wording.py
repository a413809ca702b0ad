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
}
