from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatronsConfig(AppConfig):
    name = "tangthu.patrons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.patrons import wording, wording_afar
        from tangthu.patrons.permissions import PatronsPermission
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        register(wording_afar.WORDING)
        register(wording_afar.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/patrons/",
                label=_("Readers"),
                icon="people",
                order=20,
                permissions=(PatronsPermission.SEE_PATRONS,),
            )
        )
