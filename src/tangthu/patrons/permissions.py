from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class PatronsPermission(Permission):
    SEE_PATRONS = "patrons.see", _("See patrons and their loans")
    EDIT_PATRONS = "patrons.edit", _("Register patrons and change their data")
    SEE_CITIZEN_NUMBER = "patrons.citizen_number", _("See a patron's citizen number")
    MANAGE_CATEGORIES = "patrons.categories", _("Define the categories of patrons")
    ANSWER_DATA_REQUESTS = (
        "patrons.data_requests",
        _("Hand out, and erase, what is kept on a patron"),
    )
