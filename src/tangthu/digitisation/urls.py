from __future__ import annotations

from django.urls import path

from tangthu.digitisation.views import text

app_name = "digitisation"

urlpatterns = [
    path("text/", text.queue, name="text_queue"),
    path("text/<str:identifier>/", text.text, name="text"),
    path("text/<str:identifier>/progress/", text.progress, name="text_progress"),
    path("text/<str:identifier>/cancel/", text.cancel, name="text_cancel"),
    path("text/<str:identifier>/retry/", text.retry, name="text_retry"),
    path("text/<str:identifier>/first/", text.first, name="text_first"),
    path("names/", text.names, name="names"),
    path("names/<int:pk>/remove/", text.remove_name, name="remove_name"),
]
