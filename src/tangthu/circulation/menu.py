"""The entries of circulation in the menu of the staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.circulation.permissions import CirculationPermission
from tangthu.ui.navigation import Entry, Group

_LEND = (CirculationPermission.LEND,)

ENTRIES = (
    Entry(
        url="/desk/",
        label=_("Circulation desk"),
        icon="arrow-left-right",
        group=Group.CIRCULATION,
        pinned=True,
        order=10,
        permissions=_LEND,
    ),
    Entry(
        url="/desk/holds/",
        label=_("Holds"),
        icon="bookmark",
        group=Group.CIRCULATION,
        order=12,
        permissions=_LEND,
    ),
    Entry(
        url="/desk/transfers/",
        label=_("Transports"),
        icon="truck",
        group=Group.CIRCULATION,
        order=14,
        permissions=_LEND,
    ),
    Entry(
        url="/desk/harms/",
        label=_("Lost and damaged"),
        icon="bandaid",
        group=Group.CIRCULATION,
        order=16,
        permissions=_LEND,
    ),
    Entry(
        url="/desk/rules/",
        label=_("Lending rules"),
        icon="journal-check",
        group=Group.ADMINISTRATION,
        order=70,
        permissions=(CirculationPermission.MANAGE_RULES,),
    ),
    Entry(
        url="/desk/stations/",
        label=_("Self-service stations"),
        icon="display",
        group=Group.CIRCULATION,
        order=75,
        permissions=(CirculationPermission.OPEN_STATIONS,),
    ),
)
