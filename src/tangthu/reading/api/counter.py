"""COUNTER reports for harvesters: the paths of the COUNTER API, release 5.1, behind our token."""

from __future__ import annotations

from typing import cast

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from tangthu.core.actor import Actor
from tangthu.reading.counter_asking import Question, ask, customers
from tangthu.reading.counter_report import NAMES, ReportId, as_json
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.usage import counted_between

router = Router(tags=["usage"])


@router.get("/counter/r51/status")
def counter_status(request: HttpRequest) -> list[dict[str, object]]:
    """Tell that the service works (COUNTER 5.1 API: /status)."""
    _actor(request).require(ReadingPermission.USAGE)
    return [{"Description": "COUNTER 5.1", "Service_Active": True, "Registry_Record": ""}]


@router.get("/counter/r51/members")
def counter_members(request: HttpRequest) -> list[dict[str, object]]:
    """List the libraries whose reports the token's owner may ask for (/members)."""
    found = customers(_actor(request)).order_by("code")
    return [{"Customer_ID": each.code, "Institution_Name": each.name} for each in found]


@router.get("/counter/r51/reports")
def counter_reports(request: HttpRequest) -> list[dict[str, object]]:
    """List the reports that are given (/reports)."""
    known = customers(_actor(request)).values_list("pk", flat=True)
    first, last = counted_between(known)
    return [
        {
            "Report_Name": name,
            "Report_ID": str(report),
            "Release": "5.1",
            "Report_Description": name,
            "Path": f"/r51/reports/{report.lower()}",
            "First_Month_Available": f"{first:%Y-%m}",
            "Last_Month_Available": f"{last:%Y-%m}",
        }
        for report, name in NAMES.items()
    ]


@router.get("/counter/r51/reports/{report_id}")
def counter_report(
    request: HttpRequest,
    report_id: str,
    customer_id: str = "",
    begin_date: str = "",
    end_date: str = "",
    metric_type: str = "",
    granularity: str = "Month",
) -> HttpResponse | dict[str, object]:
    """Return the title report (tr) or the item report (ir) of a library, by whole months."""
    found = next((each for each in ReportId if each.lower() == report_id.lower()), None)
    if found is None:
        return _exception(3000, "Report Not Supported", 404)
    if not (customer_id and begin_date and end_date):
        return _exception(1030, "Insufficient Information to Process Request", 400)
    customer = customers(_actor(request)).filter(code=customer_id).first()
    if customer is None:
        return _exception(2010, "Requestor is Not Authorized to Access Usage for Institution", 403)
    question = Question.read(begin_date, end_date, metric_type, granularity)
    if question is None:
        return _exception(3020, "Invalid Date Arguments", 400)
    site = request.build_absolute_uri("/")[:-1]
    return as_json(ask(found, customer, question, site=site))


def _exception(code: int, words: str, status: int) -> HttpResponse:
    body = orjson.dumps({"Code": code, "Message": words})
    return HttpResponse(body, status=status, content_type="application/json")


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]
