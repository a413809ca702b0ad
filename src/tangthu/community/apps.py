from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "tangthu.community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.community.permissions import CommunityPermission
        from tangthu.community.wording import AUDIT, WORDING
        from tangthu.core import wording
        from tangthu.ui import navigation

        wording.register(WORDING)
        wording.register(AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/exhibitions/",
                label=_("Exhibitions"),
                icon="easel",
                group=navigation.Group.DIGITAL,
                order=50,
                permissions=(CommunityPermission.SHOW,),
            ),
            navigation.Entry(
                url="/desk/podcasts/",
                label=_("Podcasts"),
                icon="broadcast",
                group=navigation.Group.DIGITAL,
                order=51,
                permissions=(CommunityPermission.SHOW,),
            ),
        )
