from __future__ import annotations

from django.urls import URLPattern

app_name = "staff_users"

urlpatterns: list[URLPattern] = []
