from __future__ import annotations

from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "tangthu.fees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.fees import permissions, wording  # noqa: F401 (permissions are registered)

        register(wording.WORDING)
        register(wording.AUDIT)
