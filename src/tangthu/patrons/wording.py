"""The sentences for the refusals of this app, and for each fault of an application."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "patron_invalid": _("Some of what you entered cannot be accepted. Look at the marked fields."),
    "name_missing": _("Enter the full name."),
    "name_invalid": _(
        "A name has only letters, spaces, hyphens, dots and apostrophes. Check for digits and "
        "other signs."
    ),
    "name_too_long": _("A name may have up to %(limit)s characters."),
    "card_invalid": _(
        "A card number has only letters without marks, digits, dots, hyphens and slashes."
    ),
    "phone_invalid": _(
        "This is not a telephone number. Enter it as 0905 123 456, or with its country: +84…"
    ),
    "email_invalid": _("This is not an e-mail address. It looks like lan@gmail.com."),
    "citizen_number_invalid": _(
        "A citizen number has 12 digits and begins with the code of a province (001 to 096)."
    ),
    "birth_in_future": _("This day has not come yet. Check the year."),
    "birth_too_long_ago": _("Nobody is that old. Check the year."),
    "registered_in_future": _("This day has not come yet."),
    "expires_before_registered": _("The card would end before it begins."),
    "too_young_for_category": _("This category is for readers from %(limit)s years on."),
    "too_old_for_category": _("This category is for readers up to %(limit)s years."),
    "guardian_is_the_child": _("Nobody is their own guardian. Choose another reader."),
    "guardian_is_a_child": _("A guardian must be an adult."),
    "guardian_needed": _(
        "A reader under %(limit)s, or in a category for children, needs a guardian. Enter the "
        "guardian's name, or their card if they are a reader."
    ),
    "card_taken": _("The card number %(card)s belongs, or belonged, to another reader."),
    "citizen_number_taken": _(
        "A reader of another library is registered with this citizen number. Ask the reader for "
        "that card, or telephone the provincial library."
    ),
    "citizen_number_taken_here": _(
        "The reader with the card %(card)s is registered with this citizen number."
    ),
    "no_citizen_number": _("No citizen number is kept for this reader."),
    "card_not_in_use": _(
        "The card %(card)s is reported lost or withdrawn. Put it to use again or give a new card "
        "first."
    ),
    "cannot_unseal": _(
        "The number was encrypted with a key that this system does not have. Ask whoever changed "
        "the secret key."
    ),
    "unknown_patron": _("There is no reader with this card, or not at your libraries."),
    "unknown_category": _("There is no patron category with this code."),
    "unknown_library": _("There is no library with this code."),
    "category_code_taken": _("Another category has this code."),
    "reader_login_refused": _(
        "The card or phone number, or the password, is not right. Check that Caps Lock is off and "
        "that the Vietnamese keyboard does not change what you type, or log in with a code."
    ),
    "reader_must_wait": _("Too many tries. Wait %(seconds)s seconds, then try again."),
    "reader_login_locked": _(
        "After many wrong tries this card is locked for %(minutes)s minutes. Wait, or ask at the "
        "library's desk."
    ),
    "program_logged_out": _("This program is not logged in any more. Log in there again."),
    "code_refused": _(
        "This code is not right, was used already or is too old. Look at the newest message, or "
        "ask for another code."
    ),
    "invitation_over": _("This invitation holds no more. Ask at the desk for another."),
    "identity_taken": _("This account opens another reader's card already. Ask at the desk."),
}

AUDIT = {
    "audit.patron.registered": _("registered the reader"),
    "audit.patron.changed": _("corrected the reader's data"),
    "audit.patron.seen": _("looked at the reader's file"),
    "audit.patron.card_renewed": _("renewed the card"),
    "audit.patron.card_lost": _("marked the card as lost"),
    "audit.patron.card_withdrawn": _("withdrew the card"),
    "audit.patron.card_restored": _("put the card to use again"),
    "audit.patron.card_replaced": _("gave a new card"),
    "audit.patron.restricted": _("restricted the reader"),
    "audit.patron.restriction_lifted": _("lifted a restriction"),
    "audit.patron.citizen_number_set": _("set the citizen number"),
    "audit.patron.citizen_number_removed": _("removed the citizen number"),
    "audit.patron.citizen_number_seen": _("looked at the citizen number"),
    "audit.patron.start_password_given": _("gave a start password"),
    "audit.patron.password_changed": _("changed the reader's password"),
    "audit.patron.sessions_ended": _("logged the reader out everywhere"),
    "audit.patron.program_ended": _("logged the reader out of a program"),
    "audit.patron.program_stolen": _("ended a program whose token came back after it was spent"),
    "audit.patron.unlocked": _("unlocked the reader's log-in"),
    "audit.patron.history_kept": _("agreed that past loans are kept"),
    "audit.patron.history_ended": _("took back that past loans are kept"),
    "audit.patron.identity_invited": _("let the reader link an account of another place"),
    "audit.patron.identity_linked": _("linked an account of another place"),
    "audit.patron.identity_unlinked": _("unlinked an account of another place"),
    "audit.category.created": _("made the patron category"),
    "audit.category.changed": _("changed the patron category"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
