from __future__ import annotations

from django.urls import path

from tangthu.digitisation.views import text, volunteers
from tangthu.digitisation.views.correction import history, overview, taking, words
from tangthu.digitisation.views.correction import pages as page_texts

app_name = "digitisation"

urlpatterns = [
    path("text/", text.queue, name="text_queue"),
    path("text/<str:identifier>/", text.text, name="text"),
    path("text/<str:identifier>/progress/", text.progress, name="text_progress"),
    path("text/<str:identifier>/cancel/", text.cancel, name="text_cancel"),
    path("text/<str:identifier>/retry/", text.retry, name="text_retry"),
    path("text/<str:identifier>/first/", text.first, name="text_first"),
    path("correct/", overview.texts, name="corrected_texts"),
    path("correct/<str:identifier>/", overview.overview, name="correct"),
    path("correct/<str:identifier>/words/", words.doubtful, name="doubtful"),
    path("correct/<str:identifier>/words/save/", words.word, name="correct_word"),
    path("correct/<str:identifier>/copies/", overview.copies, name="copies"),
    path("correct/<str:identifier>/copies/<str:form>/", taking.copy, name="copy"),
    path("correct/<str:identifier>/volunteers/", overview.call, name="call"),
    path("correct/<str:identifier>/history/", history.history, name="corrections"),
    path("correct/<str:identifier>/history/<int:pk>/back/", history.take_back, name="take_back"),
    path(
        "correct/<str:identifier>/history/person/",
        history.take_person_back,
        name="take_person_back",
    ),
    path("correct/<str:identifier>/pages/<str:page>/", page_texts.page_text, name="page_text"),
    path(
        "correct/<str:identifier>/pages/<str:page>/back/",
        history.take_page_back,
        name="take_page_back",
    ),
    path(
        "correct/<str:identifier>/pages/<str:page>/picture.jpg",
        words.picture,
        name="page_picture",
    ),
    path("correct/<str:identifier>/pages/<str:page>/<str:box>.jpg", words.piece, name="piece"),
    path("volunteers/", volunteers.volunteers, name="volunteers"),
    path("volunteers/<int:pk>/", volunteers.person, name="volunteer"),
    path("volunteers/words/<int:pk>/", volunteers.decide, name="decide"),
    path("volunteers/words/<int:pk>/piece.jpg", volunteers.disputed_piece, name="disputed_piece"),
    path("names/", text.names, name="names"),
    path("names/<int:pk>/remove/", text.remove_name, name="remove_name"),
]
