"""The sentences of this app: why harvesting stops, why names are not given, what was done."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "harvest_running": _("This source is being harvested already."),
    "harvest_source_taken": _("The library harvests this already."),
    "harvest_failed": _("The other repository did not answer as it should."),
    "harvest_unreachable": _("The address cannot be reached. Is it right?"),
    "harvest_status": _("The other server answered with an error. Try again later."),
    "harvest_too_large": _("The answer is larger than any page of records may be."),
    "harvest_doctype": _("The answer holds XML entities, by which harm is done."),
    "harvest_not_xml": _("The answer is not XML."),
    "harvest_not_oai": _("There is no OAI-PMH repository at this address."),
    "harvest_no_list": _("The answer holds no list of records."),
    "harvest_elsewhere": _("The server sends on to an address that is not of the web."),
    "harvest_in_circles": _("The list does not end: the server names the same page again."),
    "badArgument": _("The other repository does not understand what was asked."),
    "cannotDisseminateFormat": _("The other repository does not tell its records in this form."),
    "noSetHierarchy": _("The other repository has no sets."),
    "idDoesNotExist": _("The other repository does not know what was asked for."),
    "registry_down": _("The registry of names cannot be reached. It is tried again later."),
    "registry_refused": _("The registry of names refused this name."),
    "not_permitted_any_more": _("Whoever set this up has no right to bring records in any more."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.harvest.source_added": _("set up a source to harvest"),
    "audit.harvest.source_changed": _("changed a source to harvest"),
    "audit.name.given": _("gave a lasting name of another registry"),
    "audit.name.buried": _("led a lasting name to what the document was"),
    "audit.harvest.finished": _("harvested records"),
}
