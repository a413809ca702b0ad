from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadingConfig(AppConfig):
    name = "tangthu.reading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.reading import granting, lending_setup, wording
        from tangthu.reading.permissions import ReadingPermission
        from tangthu.repository import opening
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        opening.register(granting.is_granted)
        navigation.register(
            navigation.Entry(
                url="/desk/reading/requests/",
                label=_("Requests to open"),
                icon="unlock",
                group=navigation.Group.DIGITAL,
                order=46,
                permissions=(ReadingPermission.REQUESTS,),
            )
        )
        lending_setup.set_up()
