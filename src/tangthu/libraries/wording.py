"""The sentences of the library network's refusals, and of each fault that forms show."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.errors import Invalid

WORDING: Mapping[str, Promise] = {
    "library_refused": _("The library cannot stand, move or end like this."),
    "calendar_refused": _("This line of the calendar names no day."),
    "preference_refused": _("This value does not suit the preference."),
}

FAULTS: Mapping[str, Promise] = {
    "blank": _("This field may not be empty."),
    "taken": _("This code is already in use."),
    "not_plain": _("Use letters without marks, digits, dots and hyphens only."),
    "parent_unknown": _("The library above is not there."),
    "parent_kind": _("A library of this kind may not stand there."),
    "parent_dissolved": _("The library above has been dissolved."),
    "parent_cycle": _("A library may not stand under itself."),
    "ends_before_it_begins": _("The last day would be before the first."),
    "successor_unknown": _("The successor is not there."),
    "successor_without_end": _("Only a library that ends has a successor."),
    "successor_cycle": _("The successors would run in a circle."),
    "successor_dissolved": _("The successor has itself been dissolved."),
    "living_branches": _("Libraries below it still exist: place them elsewhere first."),
    "names_no_day": _("There is no such day."),
    "year_unknown": _("The holidays of this year are not known."),
    "unknown_name": _("There is no such preference."),
    "not_a_bool": _("Say yes or no."),
    "not_a_number": _("Write a whole number."),
    "not_a_choice": _("Choose one of the values."),
    "too_small": _("The number is too small."),
    "too_large": _("The number is too large."),
    "too_long": _("The text is too long."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.library.create": _("founded the library"),
    "audit.library.change": _("changed the library"),
    "audit.library.dissolve": _("entered the end of the library"),
    "audit.library.revive": _("took back the end of the library"),
    "audit.location.add": _("added a stack"),
    "audit.location.change": _("changed a stack"),
    "audit.calendar.add": _("added a line to the calendar"),
    "audit.calendar.remove": _("removed a line from the calendar"),
    "audit.preference.set": _("set a preference"),
    "audit.preference.clear": _("let a preference be inherited again"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""


def fault_sentence(error: Invalid) -> str:
    """Return the sentence for the form's field at fault."""
    return str(FAULTS.get(str(error.data.get("fault")), WORDING.get(error.code, error.code)))
