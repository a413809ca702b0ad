from __future__ import annotations

from django.apps import AppConfig


class RepositoryConfig(AppConfig):
    name = "tangthu.repository"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.repository import permissions  # noqa: F401
        from tangthu.repository.wording import AUDIT, WORDING

        wording.register(WORDING)
        wording.register(AUDIT)
