from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class CirculationPermission(Permission):
    LEND = "circulation.lend", _("Lend, take back and renew")
    OVERRIDE = "circulation.override", _("Lend in spite of a block that may be overridden")
    OVERRIDE_DEBT = "circulation.override_debt", _("Lend in spite of debts, and forgive late fees")
    MANAGE_RULES = "circulation.rules", _("Set the lending rules")
    OPEN_STATIONS = "circulation.station", _("Open self-service stations")


_BY_CODE = {str(permission): permission for permission in CirculationPermission}


def to_waive(code: str | None) -> CirculationPermission | None:
    """Return the permission that waives a block, by the code that the rules know it under."""
    return _BY_CODE.get(code) if code is not None else None
