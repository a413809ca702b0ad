from __future__ import annotations

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "tangthu.protocols"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.protocols import permissions  # noqa: F401
