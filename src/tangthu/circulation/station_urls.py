from __future__ import annotations

from django.urls import path

from tangthu.circulation.views import station

app_name = "station"

urlpatterns = [
    path("", station.home, name="home"),
    path("scan", station.scan, name="scan"),
    path("renew", station.renew, name="renew"),
    path("password", station.password, name="password"),
    path("finish", station.finish, name="finish"),
    path("close", station.close, name="close"),
]
