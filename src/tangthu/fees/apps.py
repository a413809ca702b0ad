from __future__ import annotations

from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "tangthu.fees"
    default_auto_field = "django.db.models.BigAutoField"
