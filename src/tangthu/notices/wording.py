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

AUDIT = {
    "audit.notices.agreed": _("recorded the consent to notices"),
    "audit.notices.withdrawn": _("took back the consent to notices"),
    "audit.notices.retried": _("sent the notice again"),
    "audit.notices.cancelled": _("cancelled the notice"),
    "audit.notices.printed": _("printed letters"),
    "audit.notices.text_saved": _("changed the text of a notice"),
    "audit.notices.text_removed": _("took back the text of a notice"),
    "audit.notices.tested": _("tried a channel out"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
