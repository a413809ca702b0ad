from __future__ import annotations

from django.apps import AppConfig


class DigitisationConfig(AppConfig):
    name = "tangthu.digitisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.digitisation import permissions  # noqa: F401
        from tangthu.digitisation.wording import AUDIT, WORDING

        wording.register(WORDING)
        wording.register(AUDIT)
