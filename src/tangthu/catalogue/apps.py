from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "tangthu.catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.catalogue.permissions import CataloguePermission
        from tangthu.catalogue.wording import AUDIT, WORDING
        from tangthu.core import wording
        from tangthu.ui import navigation

        wording.register(WORDING)
        wording.register(AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/catalogue/",
                label=_("Catalogue"),
                icon="book",
                group=navigation.Group.COLLECTION,
                order=30,
                permissions=tuple(CataloguePermission),
            ),
            navigation.Entry(
                url="/desk/catalogue/import/",
                label=_("Import"),
                icon="file-earmark-arrow-up",
                group=navigation.Group.COLLECTION,
                order=35,
                permissions=(CataloguePermission.IMPORT_RECORDS,),
            ),
        )
