"""The sentences for the refusals of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "login_refused": _(
        "The user name or the password is not right. Check that Caps Lock is off and that the "
        "Vietnamese keyboard does not change what you type, then try again."
    ),
    "login_must_wait": _("Too many tries. Wait %(seconds)s seconds, then try again."),
    "login_locked": _(
        "After many wrong passwords this user name is locked for %(minutes)s minutes. Wait, or ask "
        "your library's administrator to unlock it."
    ),
    "too_many_bad_tokens": _("Too many unknown tokens from this address. Wait a minute."),
    "wrong_password": _("This is not your present password."),
    "weak_password": _("This password is too easy to guess. Choose another."),
    "password_too_short": _("This password is too short. Take at least 8 characters."),
    "password_too_long": _("This password is too long. Take at most 1000 characters."),
    "password_too_common": _("Many people use this password, so it is easy to guess."),
    "password_entirely_numeric": _("A password of digits alone is easy to guess. Add letters."),
    "same_password": _("The new password must be another than the present one."),
    "username_invalid": _(
        "A user name has up to 60 letters without marks, digits, dots and hyphens: for example "
        "lan.nguyen."
    ),
    "username_taken": _("Somebody has this user name already. Choose another."),
    "user_above_you": _(
        "This person has rights that you do not have, so only somebody with at least the same "
        "rights may change their account."
    ),
    "cannot_give": _("You can give or take away only rights that you have yourself, there."),
    "not_yourself": _(
        "You cannot do this to your own account. Ask another administrator, or use “My account”."
    ),
    "last_administrator": _(
        "This is the last administrator of the network. Make somebody else administrator first."
    ),
    "already_granted": _("This person has that role there already."),
    "role_code_taken": _("Another role has this code. Choose another."),
    "role_fixed": _("The role of the network's administrators always has every right."),
    "role_in_use": _("Somebody still has this role. Take it away from them first."),
    "unknown_permission": _("There is no such right."),
    "not_your_library": _("You have no rights at this library."),
    "already_set_up": _("There are staff users already. The first set-up is done only once."),
}

AUDIT_KINDS = {
    "user": _("Staff user"),
    "role": _("Role"),
    "patron": _("Reader"),
    "category": _("Patron category"),
    "record": _("Record"),
    "item": _("Copy of a record"),
    "loan": _("Loan"),
    "import": _("Import"),
    "library": _("Library"),
    "location": _("Stack"),
    "notice": _("Notice"),
    "notice_text": _("Text of a notice"),
    "calendarentry": _("Calendar entry"),
    "preferencevalue": _("Preference"),
    "lending_rule": _("Lending rule"),
    "transfer_limit": _("Limit of transports"),
    "delivery": _("Home delivery"),
    "carrier": _("Carrier"),
    "run": _("Run"),
    "station": _("Self-service station"),
}
"""What an entry of the audit log may be about, by the kind it is stored under."""

AUDIT = {
    "audit.user.logged_in": _("logged in"),
    "audit.user.logged_out": _("logged out"),
    "audit.user.session_ended": _("ended a session"),
    "audit.user.password_changed": _("changed the password"),
    "audit.user.password_reset": _("gave a new first password"),
    "audit.user.unlocked": _("unlocked the user"),
    "audit.user.created": _("made the account"),
    "audit.user.changed": _("changed the account"),
    "audit.user.barred": _("barred the user"),
    "audit.user.readmitted": _("let the user log in again"),
    "audit.user.role_given": _("gave a role"),
    "audit.user.role_taken": _("took a role away"),
    "audit.token.issued": _("made a key for programs"),
    "audit.token.revoked": _("revoked a key for programs"),
    "audit.role.created": _("made the role"),
    "audit.role.changed": _("changed the role"),
    "audit.role.removed": _("removed the role"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
