from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class ReadingPermission(Permission):
    LICENCES = "reading.licences", _("Buy and change licences of electronic books")
    LOANS = "reading.loans", _("Lend electronic books for readers, and see who has them")
    REQUESTS = "reading.requests", _("Decide who may open documents shown on request")
    USAGE = "reading.usage", _("See how often documents are used")
