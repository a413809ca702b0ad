from __future__ import annotations

from django.urls import path

from tangthu.protocols.views import authorising, images, manifests, searching

app_name = "iiif"

urlpatterns = [
    path("image/<str:name>", images.base, name="image"),
    path("image/<str:name>/info.json", images.description, name="info"),
    path(
        "image/<str:name>/<str:region>/<str:size>/<str:rotation>/<str:tail>",
        images.picture,
        name="picture",
    ),
    path("preview/<slug:name>", authorising.preview, name="preview"),
    path("auth/probe/<slug:name>", authorising.probe, name="probe"),
    path("auth/access/<slug:name>", authorising.access, name="access"),
    path("auth/token/<slug:name>", authorising.token, name="token"),
    path("auth/logout/<slug:name>", authorising.leave, name="leave"),
    path("manifest/<str:name>", manifests.manifest, name="manifest"),
    path("search/<str:name>", searching.search, name="search"),
]
