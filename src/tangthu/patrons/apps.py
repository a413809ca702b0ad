from __future__ import annotations

from django.apps import AppConfig


class PatronsConfig(AppConfig):
    name = "tangthu.patrons"
    default_auto_field = "django.db.models.BigAutoField"
