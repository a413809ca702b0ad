from __future__ import annotations

from django.urls import path

from tangthu.offline.views import app, devices, exchange, files, todo

app_name = "offline"

urlpatterns = [
    path("", app.desk, name="desk"),
    path("sw.js", app.service_worker, name="service_worker"),
    path("worker.js", app.worker, name="worker"),
    path("rules.zip", app.rules, name="rules"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("session", exchange.session, name="session"),
    path("enrol", exchange.enrol, name="enrol"),
    path("device/<uuid:uid>/key", exchange.key, name="key"),
    path("device/<uuid:uid>/ready", exchange.ready, name="ready"),
    path("device/<uuid:uid>/book", exchange.book, name="book"),
    path("device/<uuid:uid>/news", exchange.news, name="news"),
    path("device/<uuid:uid>/events", exchange.events, name="events"),
    path("device/<uuid:uid>/patrons", exchange.take, {"part": "patrons"}, name="patrons"),
    path("device/<uuid:uid>/items", exchange.take, {"part": "items"}, name="items"),
    path("device/<uuid:uid>/file", files.taken, name="taken_file"),
    path("todo/", todo.to_do, name="to_do"),
    path("todo/<int:pk>/", todo.event, name="event"),
    path("todo/<int:pk>/do", todo.do_after_all, name="do_after_all"),
    path("todo/<int:pk>/seen", todo.seen, name="seen"),
    path("todo/<int:pk>/dismiss", todo.dismiss, name="dismiss"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<int:pk>/revoke", devices.revoke, name="revoke"),
    path("files/", files.files, name="files"),
]
