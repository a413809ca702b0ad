from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "tangthu.reading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.reading import permissions, wording  # noqa: F401
        from tangthu.reading.views import documents

        register(wording.WORDING)
        documents.register_readers()
