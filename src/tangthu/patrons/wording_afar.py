"""The sentences for applications, contact changes and requests about one's own data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "birth_missing": _("Enter the date of birth."),
    "citizen_card_unreadable": _(
        "This is not the code of a citizen card. Scan the square code on the card again, or type "
        "the 12 digits."
    ),
    "too_many_tries": _(
        "Too many tries from this connection. Wait an hour, or come to the library's desk."
    ),
    "unknown_application_code": _(
        "There is no application with this code. Check the letters; an application that was not "
        "sent is forgotten after a week."
    ),
    "application_not_changeable": _(
        "The application is with the library now and cannot be changed."
    ),
    "application_incomplete": _("Something is still missing. Look at the marked pages."),
    "application_decided": _(
        "Somebody else decided on this application, or the applicant changed it. Look at it again."
    ),
    "category_not_from_afar": _("This kind of card is given at the library's desk only."),
    "library_takes_no_applications": _(
        "This library takes no applications from home. Choose another one, or come to its desk."
    ),
    "photo_refused": _("This photo cannot be used. Choose another one."),
    "photo_too_large": _("This picture is too large. Choose one of up to %(limit)s MB."),
    "photo_too_small": _(
        "This picture is too small: each side needs at least %(limit)s points. Choose another one."
    ),
    "photo_unreadable": _("This file is not a JPEG, PNG or WebP picture, or it is damaged."),
    "photo_consent_needed": _("A photo is kept only with the consent to it."),
    "card_is_temporary": _(
        "The card %(card)s is temporary. Confirm the reader's identity first; then it has its "
        "full term."
    ),
    "nothing_to_change": _("Nothing is different from what the library has already."),
    "contact_invalid": _("The phone number or the e-mail address is not one. Check it."),
    "request_answered": _("This request was answered or withdrawn in the meantime."),
    "request_open": _("You asked for this already. The library will answer in time."),
    "erasure_not_yet": _(
        "Something is still open between the reader and the library, so nothing was erased."
    ),
    "still_guardian": _(
        "%(count)s children of the library have this reader as their guardian. Name another "
        "guardian for them first."
    ),
}

AUDIT = {
    "audit.application.sent": _("sent a card application"),
    "audit.application.withdrawn": _("withdrew a card application"),
    "audit.application.approved": _("approved the card application"),
    "audit.application.returned": _("returned the card application"),
    "audit.application.refused": _("refused the card application"),
    "audit.application.seen": _("looked at the card application"),
    "audit.patron.identity_confirmed": _("confirmed the reader's identity"),
    "audit.patron.photo_set": _("kept a photo of the reader"),
    "audit.patron.photo_removed": _("removed the reader's photo"),
    "audit.patron.cards_printed": _("printed the card"),
    "audit.patron.guardian_set": _("changed the guardian"),
    "audit.patron.consent_given": _("wrote down a consent"),
    "audit.patron.consent_withdrawn": _("wrote down that a consent was withdrawn"),
    "audit.patron.contact_change_asked": _("asked for other contacts"),
    "audit.patron.contact_changed": _("accepted other contacts"),
    "audit.patron.contact_change_refused": _("refused other contacts"),
    "audit.patron.exported": _("handed out a copy of the data"),
    "audit.patron.data_request_asked": _("entered a request about personal data"),
    "audit.patron.data_request_done": _("answered a request about personal data"),
    "audit.patron.data_request_postponed": _("postponed a request about personal data"),
    "audit.patron.data_request_refused": _("refused a request about personal data"),
    "audit.patron.data_request_withdrawn": _("withdrew a request about personal data"),
    "audit.patron.erased": _("erased the reader"),
}
"""The deeds as the audit log tells them, after the name of who did them."""
