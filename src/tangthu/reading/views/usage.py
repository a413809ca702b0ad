"""The desk's page of usage: COUNTER reports to see, and to take along as tables."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.reading.counter_asking import Question, ask, customers, last_year
from tangthu.reading.counter_report import Report, ReportId, as_table
from tangthu.reading.lending_forms import UsageForm
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.counter import Metric
from tangthu.reading.usage import totals
from tangthu.ui.staff import staff_page

SHOWN = 100
SEPARATORS = {"tsv": "\t", "csv": ","}


@staff_page(ReadingPermission.USAGE)
@never_cache
@require_safe
def usage(request: LibraryRequest) -> HttpResponse:
    """Show how often documents were used, or hand the report out as a table."""
    offered = customers(request.actor).order_by("path")
    first = last_year()
    mine = offered.filter(pk=request.actor.library_id or 0).first() or offered.first()
    initial = {
        "library": mine.code if mine else "",
        "report": "TR",
        "begin": f"{first.first:%Y-%m}",
        "end": f"{first.last:%Y-%m}",
    }
    form = UsageForm({**initial, **request.GET.dict()}, actor=request.actor)
    if not form.is_valid():
        return render(request, "reading/usage.html", {"form": form}, status=422)
    said = form.cleaned_data
    question = Question.read(said["begin"], said["end"])
    if question is None:
        form.add_error("end", _("The months must follow each other, and be five years at most."))
        return render(request, "reading/usage.html", {"form": form}, status=422)
    site = request.build_absolute_uri("/")[:-1]
    found = ask(ReportId(said["report"] or "TR"), said["library"], question, site=site)
    form_of = request.GET.get("as", "")
    if form_of in SEPARATORS:
        return _file(found, form_of)
    return render(request, "reading/usage.html", {"form": form} | _shown(found))


def _shown(found: Report) -> dict[str, object]:
    lines = [
        {
            "object": found.objects[row.item],
            "access": row.access,
            "read": totals([row], Metric.TOTAL_REQUESTS),
            "readers": totals([row], Metric.UNIQUE_REQUESTS),
            "looked": totals([row], Metric.TOTAL_INVESTIGATIONS),
            "limit": totals([row], Metric.LIMIT_EXCEEDED),
            "no_licence": totals([row], Metric.NO_LICENSE),
        }
        for row in found.rows
    ]
    lines.sort(key=lambda line: (-int(str(line["read"])), str(line["access"])))
    return {
        "lines": lines[:SHOWN],
        "total": len(lines),
        "read": totals(found.rows, Metric.TOTAL_REQUESTS),
        "turned_away": totals(found.rows, Metric.LIMIT_EXCEEDED)
        + totals(found.rows, Metric.NO_LICENSE),
    }


def _file(found: Report, form_of: str) -> HttpResponse:
    text = as_table(found, delimiter=SEPARATORS[form_of])
    kind = "text/csv" if form_of == "csv" else "text/tab-separated-values"
    answer = HttpResponse("\ufeff" + text, content_type=f"{kind}; charset=utf-8")
    name = f"{found.asked.report}_{found.asked.customer}_{timezone.localdate():%Y%m%d}.{form_of}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
