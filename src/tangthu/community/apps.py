from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "tangthu.community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.community import permissions  # noqa: F401
        from tangthu.community.wording import AUDIT, WORDING
        from tangthu.core import wording

        wording.register(WORDING)
        wording.register(AUDIT)
