from __future__ import annotations

from django.urls import path

from tangthu.circulation.views import desk, rules

app_name = "circulation"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("scan", desk.scan, name="scan"),
    path("renew-all", desk.renew_all, name="renew_all"),
    path("rules/", rules.rules, name="rules"),
    path("rules/set/<slug:name>/", rules.edit_rule, name="edit_rule"),
    path("rules/<int:pk>/clear", rules.clear_rule, name="clear_rule"),
]
