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
                label=_("Register of readers"),
                icon="people",
                group=navigation.Group.READERS,
                order=20,
                permissions=(PatronsPermission.SEE_PATRONS,),
            ),
            navigation.Entry(
                url="/desk/patrons/applications/",
                label=_("Card applications"),
                icon="inbox",
                group=navigation.Group.READERS,
                order=21,
                permissions=(PatronsPermission.EDIT_PATRONS,),
            ),
            navigation.Entry(
                url="/desk/patrons/requests/",
                label=_("Readers' requests"),
                icon="chat-left-text",
                group=navigation.Group.READERS,
                order=22,
                permissions=(
                    PatronsPermission.EDIT_PATRONS,
                    PatronsPermission.ANSWER_DATA_REQUESTS,
                ),
            ),
        )
