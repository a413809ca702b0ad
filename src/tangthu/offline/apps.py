from __future__ import annotations

from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "tangthu.offline"
    default_auto_field = "django.db.models.BigAutoField"
