"""The sentences of this app: refusals, faults of files, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "object_closed": _("This document does not open here."),
    "object_not_published": _("The library has not published this document yet."),
    "object_withdrawn": _("The library has withdrawn this document."),
    "object_embargoed": _("This document is closed until %(until)s."),
    "object_needs_card": _("Log in with a valid library card to read this document."),
    "object_on_site_only": _("This document can be read in the library only."),
    "object_staff_only": _("This document is for staff only."),
    "object_on_request": _("This document is shown on request. Ask the library."),
    "object_must_be_borrowed": _("This document is lent: borrow it to read it."),
    "object_community_only": _(
        "The community that this document comes from keeps it to itself. Ask the library."
    ),
    "publishing_refused": _("The object cannot be published yet."),
    "file_refused": _("The file “%(name)s” was not taken in."),
    "captions_refused": _("The captions were not taken in."),
    "object_file_too_large": _("The file “%(name)s” is too large."),
    "object_store_full": _(
        "There is no room on the server's disk. Nothing is lost: go on when there is room again."
    ),
    "too_many_pages": _("An object has at most %(limit)s pages."),
    "object_is_withdrawn": _("A withdrawn object is not changed any more."),
    "bad_order": _("The order must name every page once. Somebody may have added pages."),
    "collection_code_taken": _("Another collection has this code."),
    "collection_in_itself": _("A collection cannot stand below itself."),
    "upload_gone": _("This upload has expired. Begin anew."),
    "upload_busy": _("Another window is sending this file."),
    "wrong_offset": _("The piece does not begin where the last one ended."),
    "wrong_checksum": _("The piece did not arrive as it was sent. Send it again."),
    "batch_is_running": _("This batch is being taken in already."),
    "batch_source_gone": _("The files of this batch are not there any more. Send them again."),
    "too_many_uploads": _("Too many files are being sent at once. Finish some first."),
    "archive_broken": _(
        "The archive of this object does not hold what it says. Nothing was written."
    ),
    "file_damaged": _("The kept file is damaged."),
    "text_is_corrected": _("People have corrected this text. It is not recognised anew."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.object.created": _("made a digital object"),
    "audit.object.changed": _("changed a digital object"),
    "audit.object.bag_taken_in": _("took a bag (BagIt) in"),
    "audit.object.published": _("published a digital object"),
    "audit.object.withdrawn": _("withdrew a digital object"),
    "audit.object.files_added": _("brought files into a digital object"),
    "audit.object.chapters_set": _("set the chapters of a recording"),
    "audit.object.recording_named": _("named a recording"),
    "audit.object.captions_set": _("brought captions in"),
    "audit.object.captions_removed": _("took captions away"),
    "audit.object.pages_reordered": _("put pages in another order"),
    "audit.object.page_labelled": _("labelled pages"),
    "audit.object.page_shaped": _("cut a page to its edges"),
    "audit.object.page_split": _("split a page in two"),
    "audit.object.page_turned": _("turned a page"),
    "audit.object.page_replaced": _("replaced a page"),
    "audit.object.page_removed": _("removed a page"),
    "audit.collection.added": _("put up a collection"),
    "audit.collection.changed": _("changed a collection"),
    "audit.collection.exported": _("exported a collection with its masters"),
    "audit.object.reopened": _("made a draft of a digital object again"),
    "audit.object.restored": _("made a digital object again from the archive"),
    "audit.object.sections_set": _("wrote the table of contents"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""
