from __future__ import annotations

from django.urls import path

from tangthu.circulation import views

app_name = "circulation"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("scan", views.scan, name="scan"),
    path("renew-all", views.renew_all, name="renew_all"),
]
