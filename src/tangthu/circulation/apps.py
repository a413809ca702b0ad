from __future__ import annotations

from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "tangthu.circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.circulation import permissions, wording  # noqa: F401
        from tangthu.core.wording import register

        register(wording.WORDING)
