from __future__ import annotations

from django.urls import include, path

from tangthu.site import views
from tangthu.site.api import api

handler400 = "tangthu.ui.errors.bad_request"
handler403 = "tangthu.ui.errors.forbidden"
handler404 = "tangthu.ui.errors.missing"
handler500 = "tangthu.ui.errors.failed"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("desk/users/", include("tangthu.access.admin_urls")),
    path("desk/libraries/", include("tangthu.libraries.urls")),
    path("desk/patrons/", include("tangthu.patrons.urls")),
    path("desk/catalogue/", include("tangthu.catalogue.urls")),
    path("desk/digital/", include("tangthu.repository.urls")),
    path("desk/reading/", include("tangthu.reading.admin_urls")),
    path("desk/digitisation/", include("tangthu.digitisation.urls")),
    path("desk/fees/", include("tangthu.fees.urls")),
    path("desk/harvest/", include("tangthu.protocols.admin_urls")),
    path("desk/notices/", include("tangthu.notices.urls")),
    path("", include("tangthu.delivery.urls")),
    path("desk/offline/", include("tangthu.offline.urls")),
    path("desk/components/", include("tangthu.ui.urls")),
    path("desk/", include("tangthu.circulation.urls")),
    path("staff/", include("tangthu.access.urls")),
    path("station/", include("tangthu.circulation.station_urls")),
    path("account/deliveries/", include("tangthu.opac.account.delivery_urls")),
    path("account/helping/", include("tangthu.digitisation.helping.urls")),
    path("account/", include("tangthu.opac.account.urls")),
    path("card/", include("tangthu.opac.card.urls")),
    path("iiif/", include("tangthu.protocols.urls")),
    path("read/", include("tangthu.reading.urls")),
    path("", include("tangthu.community.urls")),
    path("", include("tangthu.protocols.sharing_urls")),
    path("", include("tangthu.opac.urls")),
]
