from __future__ import annotations

from django.urls import path

from tangthu.reading import views

app_name = "reading"

urlpatterns = [
    path("<slug:name>/", views.read, name="object"),
    path("<slug:name>/ticket", views.ticket, name="ticket"),
    path("<slug:name>/embed/", views.embedded, name="embedded_object"),
    path("<slug:name>/embed/<slug:page>/", views.embedded, name="embedded"),
    path("<slug:name>/<slug:page>/", views.read, name="page"),
]
