from __future__ import annotations

from django.urls import path

from tangthu.reading.views import requests

app_name = "reading_desk"

urlpatterns = [
    path("requests/", requests.queue, name="requests"),
    path("requests/<int:pk>/", requests.one, name="request"),
]
