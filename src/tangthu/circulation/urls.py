from __future__ import annotations

from django.urls import path

from tangthu.circulation.views import desk, rules, stations

app_name = "circulation"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("scan", desk.scan, name="scan"),
    path("renew-all", desk.renew_all, name="renew_all"),
    path("rules/", rules.rules, name="rules"),
    path("rules/set/<slug:name>/", rules.edit_rule, name="edit_rule"),
    path("rules/<int:pk>/clear", rules.clear_rule, name="clear_rule"),
    path("stations/", stations.stations, name="stations"),
    path("stations/<int:pk>/open", stations.open_here, name="open_station"),
    path("stations/<int:pk>/close", stations.close_from_afar, name="close_station"),
    path("stations/<int:pk>/remove", stations.remove, name="remove_station"),
]
