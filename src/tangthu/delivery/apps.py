from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "tangthu.delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.delivery import wording
        from tangthu.delivery.permissions import DeliveryPermission
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/delivery/",
                label=_("Home delivery"),
                icon="truck",
                group=navigation.Group.CIRCULATION,
                order=25,
                permissions=(DeliveryPermission.HANDLE, DeliveryPermission.APPROVE),
            )
        )
