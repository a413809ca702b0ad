from __future__ import annotations

from django.urls import path

from tangthu.reading.views import licences, openings, requests, usage

app_name = "reading_desk"

urlpatterns = [
    path("licences/", licences.licences, name="licences"),
    path("licences/new", licences.new, name="new_licence"),
    path("licences/<int:pk>/", licences.one, name="licence"),
    path("licences/<int:pk>/switch", licences.switch, name="switch_licence"),
    path("borrowers/<int:pk>/", licences.borrowers, name="borrowers"),
    path("licences/openings/<int:pk>/", openings.openings, name="openings"),
    path("licences/found-copy/", openings.found_copy, name="found_copy"),
    path("rules/", licences.rules, name="digital_rules"),
    path("rules/<int:pk>/clear", licences.clear_rule, name="clear_digital_rule"),
    path("usage/", usage.usage, name="usage"),
    path("requests/", requests.queue, name="requests"),
    path("requests/<int:pk>/", requests.one, name="request"),
]
