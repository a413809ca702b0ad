from __future__ import annotations

from django.urls import path

from tangthu.digitisation.helping import thanks, words

app_name = "helping"

urlpatterns = [
    path("", words.calls, name="calls"),
    path("name", thanks.name, name="name"),
    path("thanks/", thanks.thanks, name="thanks"),
    path("certificate/", thanks.certificate, name="certificate"),
    path("words/<int:pk>/piece.jpg", words.piece, name="piece"),
    path("words/<int:pk>/", words.answer, name="answer"),
    path("<str:identifier>/", words.word, name="word"),
]
