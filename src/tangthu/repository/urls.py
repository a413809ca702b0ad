from __future__ import annotations

from django.urls import path

from tangthu.repository.views import (
    batches,
    collections,
    contents,
    files,
    objects,
    pages,
    recordings,
    uploads,
)

app_name = "repository"

urlpatterns = [
    path("", objects.objects, name="objects"),
    path("new/", objects.new, name="new"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<str:identifier>/", uploads.upload, name="upload"),
    path("collections/", collections.collections, name="collections"),
    path("collections/<slug:code>/", collections.collection, name="collection"),
    path("collections/<slug:code>/export/", collections.ask, name="export_collection"),
    path("collections/<slug:code>/exports/", collections.progress, name="exports"),
    path("exports/<str:identifier>/", collections.export, name="export"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("<str:identifier>/", objects.object_page, name="object"),
    path("<str:identifier>/edit/", objects.edit, name="edit"),
    path("<str:identifier>/publish/", objects.publish, name="publish"),
    path("<str:identifier>/withdraw/", objects.withdraw, name="withdraw"),
    path("<str:identifier>/reopen/", objects.reopen, name="reopen"),
    path("<str:identifier>/redraw/", files.redraw, name="redraw"),
    path("<str:identifier>/check/", files.check, name="check"),
    path("<str:identifier>/mets.xml", files.mets, name="mets"),
    path("<str:identifier>/bag/", files.bag, name="bag"),
    path("<str:identifier>/files/<str:file>/", files.download, name="file"),
    path("<str:identifier>/recordings/<int:pk>/", recordings.recording, name="recording"),
    path("<str:identifier>/recordings/<int:pk>/captions/", recordings.captions, name="captions"),
    path(
        "<str:identifier>/recordings/<int:pk>/captions/<int:captions>/remove/",
        recordings.remove_captions,
        name="remove_captions",
    ),
    path("<str:identifier>/contents/", contents.contents, name="contents"),
    path("<str:identifier>/pages/", pages.arrange, name="arrange"),
    path("<str:identifier>/pages/<str:page>/turn/", pages.turn, name="turn"),
    path("<str:identifier>/pages/<str:page>/replace/", pages.replace, name="replace"),
    path("<str:identifier>/pages/<str:page>/remove/", pages.remove, name="remove"),
    path("<str:identifier>/pages/<str:page>/small.jpg", pages.thumbnail, name="thumbnail"),
]
