from __future__ import annotations

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "tangthu.protocols"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from tangthu.protocols import permissions  # noqa: F401
        from tangthu.reading import finding, inside

        inside.register(
            lambda obj: (
                reverse("iiif:search", args=[obj.identifier]) if finding.has_text(obj) else ""
            )
        )
