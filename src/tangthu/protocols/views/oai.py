from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tangthu.core.requests import LibraryRequest
from tangthu.formats.oaipmh import answer
from tangthu.formats.oaipmh.errors import Fault, OaiError
from tangthu.formats.oaipmh.request import read
from tangthu.protocols.oai.answering import body_of
from tangthu.protocols.places import Site
from tangthu.ui.staff import public_page


# A harvester posts from no page of ours, and what it posts changes nothing.
@csrf_exempt
@public_page
def oai(request: LibraryRequest) -> HttpResponse:
    """Answer a harvester (OAI-PMH 2.0), by GET and by POST alike."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    site, now = Site.of(request), timezone.now()
    base_url = site.at(reverse("sharing:oai"))
    told: Mapping[str, str] = {}
    try:
        asked = read(_pairs(request))
        told = asked.arguments
        body = body_of(asked, site=site, base_url=base_url, now=now)
    except OaiError as error:
        told = {} if error.hides_request else told
        body = answer.refusal(error)
    written = answer.document(body, base_url=base_url, arguments=told, now=now)
    response = HttpResponse(written, content_type=answer.MEDIA_TYPE)
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the arguments, each as often as it was given. Raises OaiError where they are too many.

    The arguments of a POST are in its body alone (section 3.1.1.2).
    """
    try:
        given: QueryDict = request.POST if request.method == "POST" else request.GET
    except (RequestDataTooBig, TooManyFieldsSent):
        raise OaiError(Fault.BAD_ARGUMENT, "There are too many arguments.") from None
    return [(name, value) for name, values in given.lists() for value in values]
