from __future__ import annotations

from django.urls import path

from tangthu.protocols.views import images, manifests

app_name = "iiif"

urlpatterns = [
    path("image/<str:name>", images.base, name="image"),
    path("image/<str:name>/info.json", images.description, name="info"),
    path(
        "image/<str:name>/<str:region>/<str:size>/<str:rotation>/<str:tail>",
        images.picture,
        name="picture",
    ),
    path("manifest/<str:name>", manifests.manifest, name="manifest"),
]
