from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeesConfig(AppConfig):
    name = "tangthu.fees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.fees import wording
        from tangthu.fees.holding import HOLDER
        from tangthu.fees.permissions import FeesPermission
        from tangthu.patrons import holders
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        holders.register(HOLDER)
        navigation.register(
            navigation.Entry(
                url="/desk/fees/",
                label=_("Fees and cash"),
                icon="cash-coin",
                group=navigation.Group.MONEY,
                order=26,
                permissions=(FeesPermission.TAKE_MONEY,),
            ),
        )
