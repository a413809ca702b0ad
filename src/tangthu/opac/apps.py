from __future__ import annotations

from django.apps import AppConfig


class OpacConfig(AppConfig):
    name = "tangthu.opac"
    default_auto_field = "django.db.models.BigAutoField"
