from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibrariesConfig(AppConfig):
    name = "tangthu.libraries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.libraries import wording
        from tangthu.libraries.permissions import LibrariesPermission
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/libraries/",
                label=_("Libraries"),
                icon="building",
                group=navigation.Group.ADMINISTRATION,
                order=60,
                permissions=tuple(LibrariesPermission),
            )
        )
