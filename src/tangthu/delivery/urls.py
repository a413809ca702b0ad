from __future__ import annotations

from django.urls import path

from tangthu.delivery.views import board, carriers, courier, parcel, picking, runs, scanning

app_name = "delivery"

urlpatterns = [
    path("desk/delivery/", board.board, name="board"),
    path("desk/delivery/done/", board.done, name="done"),
    path("desk/delivery/find", board.find, name="find"),
    path("desk/delivery/collect", board.plan_collection, name="plan_collection"),
    path("desk/delivery/new/", parcel.new, name="new"),
    path("desk/delivery/labels/", parcel.labels, name="labels"),
    path("desk/delivery/pick/", picking.pick_list, name="pick_list"),
    path("desk/delivery/pick/<int:pk>", picking.pick, name="pick"),
    path("desk/delivery/scan/", scanning.scanning, name="scanning"),
    path("desk/delivery/scan/do", scanning.scan, name="scan_label"),
    path("desk/delivery/runs/", runs.runs, name="runs"),
    path("desk/delivery/runs/begin", runs.begin, name="begin_run"),
    path("desk/delivery/runs/<int:pk>/", runs.run, name="run"),
    path("desk/delivery/runs/<int:pk>/load", runs.load, name="load"),
    path("desk/delivery/runs/<int:pk>/change", runs.change, name="change_run"),
    path("desk/delivery/runs/<int:pk>/list/", runs.run_list, name="run_list"),
    path("desk/delivery/runs/<int:pk>/excel", runs.run_excel, name="run_excel"),
    path("desk/delivery/carriers/", carriers.carriers, name="carriers"),
    path("desk/delivery/carriers/<int:pk>/", carriers.carrier, name="carrier"),
    path("desk/delivery/<int:pk>/", parcel.parcel, name="parcel"),
    path("desk/delivery/<int:pk>/step", parcel.step, name="step"),
    path("desk/delivery/<int:pk>/scan", parcel.scan, name="scan"),
    path("desk/delivery/<int:pk>/address/", parcel.address, name="address"),
    path("carry/", courier.enter, name="carry"),
    path("carry/<int:pk>", courier.mark, name="carry_mark"),
]
