from __future__ import annotations

from django.apps import AppConfig


class OpacConfig(AppConfig):
    name = "tangthu.opac"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.opac.holding import HOLDER
        from tangthu.opac.wording import WORDING
        from tangthu.patrons import holders

        wording.register(WORDING)
        holders.register(HOLDER)
