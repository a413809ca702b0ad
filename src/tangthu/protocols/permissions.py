from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class ProtocolPermission(Permission):
    HARVEST = "protocols.harvest", _("Gather records from other libraries' repositories")
