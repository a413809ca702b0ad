from __future__ import annotations

from django.urls import path

from tangthu.protocols.views import harvesting

app_name = "harvest"

urlpatterns = [
    path("", harvesting.sources, name="sources"),
    path("new/", harvesting.new, name="new"),
    path("<int:pk>/", harvesting.edit, name="edit"),
    path("<int:pk>/run/", harvesting.run, name="run"),
]
