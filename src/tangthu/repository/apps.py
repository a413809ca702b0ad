from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepositoryConfig(AppConfig):
    name = "tangthu.repository"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.repository.permissions import RepositoryPermission
        from tangthu.repository.wording import AUDIT, WORDING
        from tangthu.ui import navigation

        wording.register(WORDING)
        wording.register(AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/digital/",
                label=_("Digital objects"),
                icon="images",
                group=navigation.Group.DIGITAL,
                order=40,
                permissions=tuple(RepositoryPermission),
            ),
            navigation.Entry(
                url="/desk/digital/batches/",
                label=_("Batches of scans"),
                icon="file-zip",
                group=navigation.Group.DIGITAL,
                order=41,
                permissions=(RepositoryPermission.EDIT_OBJECTS,),
            ),
            navigation.Entry(
                url="/desk/digital/collections/",
                label=_("Collections"),
                icon="collection",
                group=navigation.Group.DIGITAL,
                order=42,
                permissions=(RepositoryPermission.MANAGE_COLLECTIONS,),
            ),
        )
