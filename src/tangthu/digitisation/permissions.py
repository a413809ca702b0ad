from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class DigitisationPermission(Permission):
    PLAN = "digitisation.plan", _("Plan digitisation projects and see their figures")
    WORK = "digitisation.work", _("Take documents through the stages of digitisation")
    RECOGNISE = "digitisation.recognise", _("Have the text of pages recognised")
    CORRECT = "digitisation.correct", _("Correct the text of pages and decide on volunteers' work")
