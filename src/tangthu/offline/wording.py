"""The sentences of the offline desk: refusals, what became of its events, and doubtful clocks."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.offline.policy import Doubt

WORDING: Mapping[str, Promise] = {
    "not_json": _("The page sent what the server cannot read. Load the page again."),
    "unknown_device": _("This browser is not registered as an offline desk, or was removed."),
    "unknown_copy": _("No copy has the barcode %(barcode)s."),
    "unknown_staff": _(
        "It was done in the name of somebody who never opened this device, or may not log in any "
        "more."
    ),
    "device_revoked": _("This offline desk was shut out."),
    "events_missing": _("What came before it is missing. It is sent again."),
    "already_settled": _("Somebody has settled this in the meantime."),
    "reader_not_registered": _(
        "The reader was registered by the same offline desk, and that is not done yet. Settle it "
        "first."
    ),
    "not_on_loan_to_renew": _("The reader does not have the copy any more."),
    "lent_since": _("The copy was lent again at another desk since. That loan stands."),
    "reason_needed": _("Say why it is put aside."),
    "offline_file_refused": _("The file was not taken."),
    "failed": _("It failed in a way that nobody foresaw. Tell the administrator."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.offline.enrolled": _("made a browser an offline desk"),
    "audit.offline.opened": _("opened an offline desk"),
    "audit.offline.revoked": _("shut out an offline desk"),
    "audit.offline.received": _("handed in what an offline desk did"),
    "audit.offline.taken": _("took the library's data along to an offline desk"),
    "audit.offline.settled": _("settled what an offline desk did"),
    "audit.offline.dismissed": _("put aside what an offline desk did"),
}

OUTCOMES: Mapping[str, Promise] = {
    "lent": _("Lent"),
    "already_lent": _("The reader had the copy already; nothing was changed."),
    "lent_against_rules": _(
        "Lent in good faith, and written down: the reader has the copy. The rules were against it:"
    ),
    "returned": _("Returned"),
    "lent_since": _("Returned; it has been lent again since, and that loan stands."),
    "renewed": _("Renewed"),
    "registered": _("Registered"),
    "registered_alike": _("Registered, but perhaps the same person as a reader who is known:"),
}

DOUBTS: Mapping[str, Promise] = {
    Doubt.CLOCK_OFF: _("The clock of the device was wrong; the time was corrected."),
    Doubt.CLOCK_WAS_SET: _("The clock of the device was set in between; the time was corrected."),
    Doubt.FROM_THE_FUTURE: _("The device's time lay in the future; the time of arrival stands."),
    Doubt.TOO_LONG_AGO: _("The device's time lay too far back; the last contact stands."),
    Doubt.OUT_OF_ORDER: _("The device's time lay before that of an earlier deed."),
}

FILE_FAULTS: Mapping[str, Promise] = {
    "too_large": _("The file is too large to come from an offline desk."),
    "not_ours": _("This is no file of an offline desk."),
    "newer": _("The file was made by a newer version. Update this one first."),
    "unknown_device": _("No offline desk of this library made the file."),
    "damaged": _(
        "The file is damaged or was changed: not one of its deeds was taken. Make it again."
    ),
    "not_events": _("The file does not hold what a desk did. Choose the other one."),
}
