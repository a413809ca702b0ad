from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "tangthu.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.notices import wording
        from tangthu.notices.permissions import NoticesPermission
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/notices/",
                label=_("Notices"),
                icon="envelope",
                group=navigation.Group.READERS,
                order=60,
                permissions=(
                    NoticesPermission.SEE_NOTICES,
                    NoticesPermission.EDIT_TEMPLATES,
                    NoticesPermission.MANAGE_CHANNELS,
                ),
            )
        )
