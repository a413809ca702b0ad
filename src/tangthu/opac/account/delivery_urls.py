from __future__ import annotations

from django.urls import path

from tangthu.opac.account import deliveries

app_name = "deliveries"

urlpatterns = [
    path("", deliveries.deliveries, name="all"),
    path("ask", deliveries.ask, name="ask"),
    path("fetch", deliveries.fetch, name="fetch"),
    path("<int:pk>", deliveries.one, name="one"),
    path("<int:pk>/cancel", deliveries.cancel, name="cancel"),
]
