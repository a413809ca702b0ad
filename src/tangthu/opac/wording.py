"""The sentences for the refusals of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "not_in_this_form": _("This record is too large for the form %(form)s. Take MARCXML instead."),
    "list_name_missing": _("Give it a name."),
    "list_name_taken": _("You have a list named “%(name)s” already."),
    "provider_failed": _(
        "The other place did not confirm who you are. Try again, or log in with your card."
    ),
    "too_many_kept": _("At most %(limit)s can be kept here. Remove something first."),
}
