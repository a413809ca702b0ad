from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class AccessPermission(Permission):
    MANAGE_USERS = "access.users", _("Manage staff users and the roles they hold")
    MANAGE_ROLES = "access.roles", _("Define roles for the whole network")
    SEE_AUDIT = "access.audit", _("Read the audit log")
