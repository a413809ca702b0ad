from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "tangthu.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.access import wording
        from tangthu.access.permissions import AccessPermission
        from tangthu.core.wording import register
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/users/",
                label=_("Staff"),
                icon="person-badge",
                group=navigation.Group.ADMINISTRATION,
                order=80,
                permissions=(AccessPermission.MANAGE_USERS, AccessPermission.MANAGE_ROLES),
            ),
            navigation.Entry(
                url="/desk/users/log",
                label=_("Audit log"),
                icon="clock-history",
                group=navigation.Group.ADMINISTRATION,
                order=90,
                permissions=(AccessPermission.SEE_AUDIT,),
            ),
        )
