from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "tangthu.delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.delivery import wording

        register(wording.WORDING)
        register(wording.AUDIT)
