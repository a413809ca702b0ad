from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfflineConfig(AppConfig):
    name = "tangthu.offline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.offline import wording
        from tangthu.offline.permissions import OfflinePermission
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/offline/todo/",
                label=_("Without a line"),
                icon="wifi-off",
                group=navigation.Group.CIRCULATION,
                order=15,
                permissions=(OfflinePermission.USE, OfflinePermission.MANAGE),
            ),
        )
