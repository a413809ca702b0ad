"""The sentences of this app: refusals, faults of blocks, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "podcast_taken": _("This collection has a podcast already."),
    "exhibition_taken": _("Another exhibition has this address."),
    "too_many_blocks": _("An exhibition has at most %(limit)s pieces."),
    "block_taken_out": _(
        "Somebody took this piece out meanwhile. What you typed stands here: add it to keep it."
    ),
    "block_refused": _("The piece cannot be shown like this."),
}

FAULTS: Mapping[str, Promise] = {
    "nothing_typed": _("Nothing is typed yet."),
    "bad_line": _("Line %(line)s cannot be understood."),
    "no_address_of_ours": _("This is no address of our reader. Copy it from there."),
    "not_open_to_all": _("This document is not open to everybody, so it cannot be exhibited."),
    "no_such_page": _("The document has no such page any more."),
}

CHANGED_MEANWHILE: Mapping[str, Promise] = {
    "block": _(
        "Somebody else changed this piece meanwhile. Above it stands as it is now, here as you "
        "typed it. Saving once more puts yours in its place."
    ),
    "exhibition": _(
        "Somebody else saved this meanwhile: “%(title)s” at %(slug)s. %(lead)s Below is what you "
        "typed; saving once more puts yours in its place."
    ),
}

AUDIT: Mapping[str, Promise] = {
    "audit.podcast.made": _("made a podcast"),
    "audit.podcast.changed": _("changed a podcast"),
    "audit.exhibition.made": _("made an exhibition"),
    "audit.exhibition.changed": _("changed an exhibition"),
    "audit.exhibition.composed": _("composed an exhibition"),
    "audit.exhibition.shown": _("showed an exhibition to readers"),
    "audit.exhibition.hidden": _("took an exhibition from readers"),
}
