from __future__ import annotations

from django.urls import path, re_path

from tangthu.opac import views
from tangthu.opac.account import lists, placing

app_name = "opac"

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("suggest", views.suggest, name="suggest"),
    path("list/<slug:secret>", lists.shared, name="shared_list"),
    path("list/<slug:secret>.<slug:form>", lists.export_shared, name="export_shared_list"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("language", views.language, name="language"),
    path("manual/", views.manual_page, name="manual_index"),
    path("manual/<slug:name>", views.manual_page, name="manual"),
    path("manual/pictures/<slug:name>.png", views.manual_picture, name="manual_picture"),
    re_path(r"^record/(?P<pk>\d{1,18})$", views.record, name="record"),
    re_path(r"^record/(?P<pk>\d{1,18})/hold$", placing.place_hold, name="place_hold"),
    re_path(r"^record/(?P<pk>\d{1,18})\.(?P<form>[a-z]{2,6})$", views.export, name="export"),
]
