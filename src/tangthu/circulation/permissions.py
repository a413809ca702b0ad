from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class CirculationPermission(Permission):
    LEND = "circulation.lend", _("Lend, take back and renew")
    OVERRIDE = "circulation.override", _("Lend in spite of a block that may be overridden")
    OVERRIDE_DEBT = "circulation.override_debt", _("Lend in spite of debts, and forgive late fees")
    MANAGE_RULES = "circulation.rules", _("Set the lending rules")
    OPEN_STATIONS = "circulation.station", _("Open self-service stations")
