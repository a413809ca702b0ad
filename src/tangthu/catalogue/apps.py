from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tangthu.catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.catalogue.wording import WORDING
        from tangthu.core import wording

        wording.register(WORDING)
