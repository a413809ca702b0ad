from __future__ import annotations

from django.apps import AppConfig


class LibrariesConfig(AppConfig):
    name = "tangthu.libraries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.libraries import permissions, wording  # noqa: F401

        register(wording.WORDING)
