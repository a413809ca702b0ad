"""The sentences for the refusals of this app, and what it leaves in the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "consent_text_changed": _(
        "The words of the consent have changed. Read them again, then tick the box."
    ),
    "notice_not_choosable": _("This cannot be chosen."),
    "notice_unreachable": _(
        "There is no address for this channel, or the library has not set it up."
    ),
    "notice_template_refused": _("The text cannot be used. Look at the marked places."),
    "notice_template_too_long": _("The text is too long: %(limit)s characters at most."),
    "zalo_template_needed": _(
        "Enter the number of the template that Zalo has approved: Zalo sends no other text."
    ),
    "notice_gone": _("Somebody else has sent or cancelled this notice in the meantime."),
    "notice_no_own_address": _("Enter an address to which the test shall go."),
    "push_subscription_refused": _("This browser's subscription cannot be used."),
    "notice_template_unknown": _("There is no such text."),
    "notice_seal_broken": _(
        "What was sealed cannot be opened. Ask whoever changed the secret key."
    ),
    "template_unclosed": _("An opening brace has no closing one. Write {{ for a brace itself."),
    "template_stray": _("A closing brace has no opening one. Write }} for a brace itself."),
    "template_unknown": _("Nothing is known under this name. Choose one from the list."),
    "template_empty": _("The text is empty."),
}

ERRORS = {
    "": "",
    "address_refused": _("The address is not accepted: check it in the reader's file."),
    "account_locked": _("The gateway has locked our account."),
    "bad_answer": _("The gateway's answer makes no sense."),
    "broken_line": _("The line broke while it was handed over: it may have arrived."),
    "cancelled": _("Cancelled by staff."),
    "consent_withdrawn": _("The reader does not want it any more."),
    "content_refused": _("The server does not accept this message."),
    "interrupted": _("The machine stopped while it was sent: it may have arrived."),
    "key_refused": _("The gateway does not accept our key."),
    "mailbox_busy": _("The mailbox takes nothing at the moment."),
    "no_address": _("The reader has no such address."),
    "no_browser": _("No browser of the reader takes notifications any more."),
    "no_credit": _("Our account with the gateway is empty."),
    "no_longer_true": _("It no longer holds: the book came back, or the matter is settled."),
    "no_token": _("There is no token of Zalo's: set one."),
    "not_accepted": _("The gateway does not accept the message."),
    "not_on_zalo": _("This number takes no messages by Zalo."),
    "not_trusted": _("The server's certificate is not to be trusted."),
    "sender_refused": _("Our sender's name or address is not accepted."),
    "server_error": _("The gateway is out of order."),
    "timeout": _("The gateway did not answer in time: it may have arrived."),
    "token_being_fetched": _("A new token is being fetched."),
    "too_late": _("It would have come too late."),
    "too_many": _("The provider's limit is reached."),
    "unreachable": _("The server cannot be reached."),
    "zalo_template_missing": _("The text has no template approved by Zalo."),
}
"""Why a notice did not go, for staff."""

AUDIT = {
    "audit.notices.agreed": _("recorded the consent to notices"),
    "audit.notices.withdrawn": _("took back the consent to notices"),
    "audit.notices.retried": _("sent the notice again"),
    "audit.notices.cancelled": _("cancelled the notice"),
    "audit.notices.printed": _("printed letters"),
    "audit.notices.text_saved": _("changed the text of a notice"),
    "audit.notices.text_removed": _("took back the text of a notice"),
    "audit.notices.seen": _("read a notice to the reader"),
    "audit.notices.tested": _("tried a channel out"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
