from __future__ import annotations

from django.urls import path

from tangthu.digitisation.views import text, volunteers
from tangthu.digitisation.views.correction import history, overview, taking, words
from tangthu.digitisation.views.correction import pages as page_texts
from tangthu.digitisation.views.pages import camera, grid, sheets, tools
from tangthu.digitisation.views.projects import (
    captures,
    choosing,
    dockets,
    planning,
    searching,
    work,
)

app_name = "digitisation"

urlpatterns = [
    path("", work.work, name="work"),
    path("scan/", work.scan, name="scan"),
    path("undo/<str:number>/", work.undo, name="undo"),
    path("projects/", planning.projects, name="projects"),
    path("projects/new/", planning.new_project, name="new_project"),
    path("projects/<int:pk>/", planning.project, name="project"),
    path("projects/<int:pk>/edit/", planning.edit_project, name="edit_project"),
    path("projects/<int:pk>/stages/", planning.stages, name="stages"),
    path("projects/<int:pk>/close/", planning.close, name="close_project"),
    path("projects/<int:pk>/choose/", choosing.choose, name="choose"),
    path("projects/<int:pk>/search/", searching.search, name="search"),
    path("projects/<int:pk>/figures/", planning.productivity, name="productivity"),
    path("projects/<int:pk>/collection/", planning.collection, name="scope"),
    path("batches/<str:number>/", choosing.batch, name="batch"),
    path("batches/<str:number>/dockets/", dockets.dockets, name="dockets"),
    path("captures/<str:number>/", captures.capture, name="capture"),
    path("captures/<str:number>/docket/", dockets.docket, name="docket"),
    path("captures/<str:number>/back/", captures.back, name="back"),
    path("captures/<str:number>/aside/", captures.aside, name="aside"),
    path("captures/<str:number>/<slug:deed>/", captures.move, name="move"),
    path("records/<int:pk>/", choosing.of_record, name="of_record"),
    path("objects/<str:identifier>/pages/", grid.pages, name="pages"),
    path("objects/<str:identifier>/judge/", grid.judge, name="judge"),
    path("objects/<str:identifier>/look/", grid.look, name="look"),
    path("objects/<str:identifier>/sheet/", sheets.sheet, name="sheet"),
    path("objects/<str:identifier>/sheet/export/", sheets.export, name="sheet_export"),
    path("objects/<str:identifier>/camera/", camera.camera, name="camera"),
    path("objects/<str:identifier>/edges/", camera.edges, name="edges"),
    path("objects/<str:identifier>/pages/<str:page>/", tools.tools, name="page"),
    path("objects/<str:identifier>/pages/<str:page>/large.jpg", tools.picture, name="large"),
    path("objects/<str:identifier>/pages/<str:page>/<slug:deed>/", tools.shape, name="shape"),
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
    path("correct/<str:identifier>/copies-made/", overview.copies_made, name="copies_made"),
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
