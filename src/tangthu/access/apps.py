from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tangthu.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.access import permissions  # noqa: F401
        from tangthu.access.wording import WORDING
        from tangthu.core import wording

        wording.register(WORDING)
