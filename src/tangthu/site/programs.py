"""What programs are owed at the edge of the API, whatever happened inside."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from tangthu.core import wording
from tangthu.core.problems import problem

PREFIX = "/api/"


class ProgramsMiddleware:
    """Answer programs in JSON, also where Django would show a page, and keep their connection.

    A body that nobody has read makes the server close the connection behind the answer, and the
    program's next request on it is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        response = self.get_response(request)
        _read_to_the_end(request)
        if response.get("Content-Type", "").startswith("text/") and response.status_code >= 400:
            return _in_json(response)
        return response


def _read_to_the_end(request: HttpRequest) -> None:
    try:
        _body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return


def _in_json(page: HttpResponse) -> HttpResponse:
    match page.status_code:
        case 404:
            answer = problem(404, "not_found", wording.sentence("not_found"))
        case 405:
            answer = problem(405, "method_not_allowed", _("This cannot be asked in this way."))
        case status if status >= 500:
            answer = problem(status, "failed", _("Something failed here. It has been logged."))
        case status:
            answer = problem(status, "bad_request", _("The request could not be understood."))
    if "Allow" in page:
        answer["Allow"] = page["Allow"]
    return answer
