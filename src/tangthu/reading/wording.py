"""The sentences of this app: why an object does not open in the viewer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "object_has_no_pages": _(
        "The pages of this document cannot be shown yet. They are being prepared."
    ),
    "access_request_not_needed": _("No request is needed, or none could open this document."),
    "access_already_asked": _("You have asked for this document already. The library will answer."),
    "access_already_decided": _("This request has been answered meanwhile."),
    "access_request_waiting": _(
        "Your request waits for an answer. You sent it on %(asked)s; the library answers in your "
        "account."
    ),
    "access_request_used_up": _(
        "You have opened this document all %(count)s times that the library allowed. Ask again to "
        "go on."
    ),
    "access_request_over": _(
        "The library let you open this document until %(day)s. Ask again to go on."
    ),
    "access_request_refused": _("The library refused your request: %(reason)s"),
    "access_request_revoked": _("The library took its approval back: %(reason)s"),
    "too_many_access_requests": _(
        "%(limit)s requests of yours wait for an answer. Wait for those first."
    ),
    "document_damaged": _("This document cannot be opened: its file is damaged."),
    "places_not_kept": _("Your places and notes are not kept on your card: you have not asked so."),
    "too_many_marks": _("This document has %(limit)s marks of yours. Remove some first."),
    "read_too_fast": _(
        "The pages are fetched faster than anybody reads. Go on in %(minutes)s minutes."
    ),
    "object_embedding_closed": _("This document is read on the library's own pages only."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.reading.places_kept": _("let places in documents be kept on the card"),
    "audit.reading.places_forgotten": _("let places in documents be kept no more"),
    "audit.access_request.asked": _("asked to open a document shown on request"),
    "audit.access_request.withdrawn": _("took back a request to open a document"),
    "audit.access_request.approved": _("approved a request to open a document"),
    "audit.access_request.refused": _("refused a request to open a document"),
    "audit.access_request.revoked": _("took back the approval to open a document"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
