from __future__ import annotations

from django.apps import AppConfig


class LibrariesConfig(AppConfig):
    name = "tangthu.libraries"
    default_auto_field = "django.db.models.BigAutoField"
