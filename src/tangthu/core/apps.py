from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tangthu.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording

        wording.register(wording.CORE)
