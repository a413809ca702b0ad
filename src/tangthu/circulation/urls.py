from __future__ import annotations

from django.urls import path

from tangthu.circulation.views import (
    closings,
    desk,
    harms,
    holds,
    limits,
    loans,
    proxies,
    rules,
    sets,
    stations,
    transfers,
    trials,
)

app_name = "circulation"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("scan", desk.scan, name="scan"),
    path("renew-all", desk.renew_all, name="renew_all"),
    path("rules/", rules.rules, name="rules"),
    path("rules/set/<slug:name>/", rules.edit_rule, name="edit_rule"),
    path("rules/<int:pk>/clear", rules.clear_rule, name="clear_rule"),
    path("rules/sentences/", trials.sentences, name="sentences"),
    path("rules/sentences/keep", trials.keep, name="keep_expectation"),
    path("rules/sentences/<int:pk>/drop", trials.drop, name="drop_expectation"),
    path("rules/transports/", limits.limits, name="transfer_limits"),
    path("rules/transports/<int:pk>/clear", limits.clear, name="clear_transfer_limit"),
    path("rules/closing/", closings.closing, name="closing"),
    path("loans/<int:pk>/", loans.loan, name="loan"),
    path("loans/<int:pk>/<slug:deed>", loans.act, name="loan_deed"),
    path("sets/", sets.sets, name="sets"),
    path("harms/", harms.harms, name="harms"),
    path("harms/<int:pk>/<slug:how>", harms.settle, name="settle_harm"),
    path("helpers/<int:pk>/", proxies.helpers, name="helpers"),
    path("helpers/<int:pk>/<int:helper_pk>/remove", proxies.remove, name="remove_helper"),
    path("holds/", holds.pull_list, name="pull_list"),
    path("holds/shelf/", holds.shelf, name="hold_shelf"),
    path("holds/queues/", holds.queues, name="hold_queues"),
    path("holds/queues/<int:pk>/", holds.queue, name="hold_queue"),
    path("holds/new/", holds.place, name="place_hold"),
    path("holds/<int:pk>/slip", holds.slip, name="hold_slip"),
    path("holds/<int:pk>/<slug:name>", holds.deed, name="hold_deed"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/slip", transfers.slip, name="transfer_slip"),
    path("transfers/<int:pk>/<slug:name>", transfers.deed, name="transfer_deed"),
    path("stations/", stations.stations, name="stations"),
    path("stations/<int:pk>/open", stations.open_here, name="open_station"),
    path("stations/<int:pk>/close", stations.close_from_afar, name="close_station"),
    path("stations/<int:pk>/remove", stations.remove, name="remove_station"),
]
