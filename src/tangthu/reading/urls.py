from __future__ import annotations

from django.urls import path

from tangthu.reading.views import (
    asking,
    citations,
    content,
    finding,
    lending,
    offline,
    places,
    protected,
    viewer,
)

app_name = "reading"

urlpatterns = [
    path("sw.js", offline.service_worker, name="service_worker"),
    path("no-line", offline.no_line, name="no_line"),
    path("on-loan", offline.on_loan, name="on_loan"),
    path("lcp/passphrase", protected.passphrase, name="passphrase"),
    path("lcp/<uuid:key>", protected.fresh, name="fresh_licence"),
    path("lcp/<uuid:key>/renew", protected.renew, name="renew_licence"),
    path("lcp/<uuid:key>/hint", protected.hint, name="licence_hint"),
    path("<slug:name>/", viewer.read, name="object"),
    path("<slug:name>/ticket", viewer.ticket, name="ticket"),
    path("<slug:name>/file/<str:file>", content.file, name="file"),
    path("<slug:name>/place", places.place, name="place"),
    path("<slug:name>/marks", places.marks, name="marks"),
    path("<slug:name>/marks/<uuid:uid>", places.mark, name="mark"),
    path("<slug:name>/copy", protected.take, name="take"),
    path("<slug:name>/lending", lending.lend, name="lend"),
    path("<slug:name>/request/", asking.ask, name="ask"),
    path("<slug:name>/search", finding.search, name="search"),
    path("<slug:name>/text/<slug:page>", finding.text, name="text"),
    path("<slug:name>/units/<int:number>", finding.unit, name="unit"),
    path("<slug:name>/cite/<slug:form>", citations.cite, name="cite"),
    path("<slug:name>/embed/", viewer.embedded, name="embedded_object"),
    path("<slug:name>/embed/<slug:page>/", viewer.embedded, name="embedded"),
    path("<slug:name>/<slug:page>/", viewer.read, name="page"),
]
