from __future__ import annotations

from django.urls import path

from tangthu.protocols.views import oai

app_name = "sharing"

urlpatterns = [
    path("oai", oai.oai, name="oai"),
]
