from __future__ import annotations

from django.urls import path

from tangthu.notices.views import channels, letters, outbox, texts

app_name = "notices"

TEXT = "texts/<str:kind>/<str:channel>/<str:language>/"

urlpatterns = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.notice, name="notice"),
    path("<int:pk>/retry", outbox.retry, name="retry"),
    path("<int:pk>/cancel", outbox.cancel, name="cancel"),
    path("letters/", letters.letters, name="letters"),
    path("letters/sheets", letters.sheets, name="sheets"),
    path("letters/printed", letters.printed, name="printed"),
    path("texts/", texts.texts, name="texts"),
    path(TEXT, texts.text, name="text"),
    path(f"{TEXT}preview", texts.preview, name="text_preview"),
    path(f"{TEXT}remove", texts.remove, name="text_remove"),
    path(f"{TEXT}test", texts.test, name="text_test"),
    path("channels/", channels.channels, name="channels"),
    path("channels/<str:channel>/test", channels.test, name="test_channel"),
]
