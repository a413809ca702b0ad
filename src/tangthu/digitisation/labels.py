"""The words of codes that people read on the screens of projects."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.digitisation.policy.sheets import SheetGap
from tangthu.digitisation.policy.stages import StagesFault

STAGES_FAULTS: Mapping[str, Promise] = {
    StagesFault.NONE_AT_ALL: _("A project has at least one stage."),
    StagesFault.TOO_MANY: _("A project has at most 20 stages."),
    StagesFault.NAMED_TWICE: _("Two stages have the same name."),
    StagesFault.EFFECT_TWICE: _("Fetching, scanning, checking and publishing happen once each."),
    StagesFault.OUT_OF_ORDER: _(
        "Fetching comes before scanning, scanning before checking, checking before publishing."
    ),
    StagesFault.NEVER_GIVEN_BACK: _(
        "What is fetched must be given back: tick it at the scanning stage or at a later one."
    ),
}

REFUSALS: Mapping[str, Promise] = {
    "not_found": _("No copy has this number."),
    "several_copies": _("Several copies have this number: give the barcode."),
    "copy_gone": _("The copy is lost or withdrawn."),
    "named_twice": _("It is named twice in the list."),
    "under_way": _("It is on its way already:"),
    "digitised": _("It is digitised already:"),
}

GAPS: Mapping[str, Promise] = {
    SheetGap.ORIGINAL: _("What the original is"),
    SheetGap.DEVICE: _("With what it was scanned"),
    SheetGap.RESOLUTION: _("The resolution"),
    SheetGap.LOW_RESOLUTION: _("The resolution is below 300 dpi"),
    SheetGap.COLOUR: _("The colour"),
    SheetGap.OPERATOR: _("Who scanned it"),
    SheetGap.SCANNED_ON: _("When it was scanned"),
    SheetGap.CHECKER: _("Who checked it"),
}
