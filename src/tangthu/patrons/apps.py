from __future__ import annotations

from django.apps import AppConfig


class PatronsConfig(AppConfig):
    name = "tangthu.patrons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.patrons import permissions  # noqa: F401
        from tangthu.patrons.wording import WORDING

        wording.register(WORDING)
