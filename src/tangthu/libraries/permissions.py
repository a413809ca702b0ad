from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class LibrariesPermission(Permission):
    MANAGE_LIBRARIES = "libraries.manage", _("Create, change and dissolve libraries and stacks")
    MANAGE_CALENDAR = "libraries.calendar", _("Keep the calendar of open and closed days")
    MANAGE_PREFERENCES = "libraries.preferences", _("Set the library's preferences")
