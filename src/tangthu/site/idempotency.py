"""The `Idempotency-Key` of the API: a write that is sent twice is answered as the first time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tangthu.core.errors import TangthuError
from tangthu.core.idempotency import Answer, answer_once, fingerprint
from tangthu.core.problems import problem, refusal

PREFIX = "/api/"
NOT_KEPT = {401, 403, 413, 429}
READING = {"GET", "HEAD", "OPTIONS"}


class _NotKept(Exception):
    """The answer says nothing about the deed: roll back, and let the next try find out."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class IdempotencyMiddleware:
    """Keep the answer to a write that carries a key, in the transaction of the write itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if not key or request.method in READING or not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            return self._once(key, request)
        except _NotKept as found:
            return found.response
        except TangthuError as error:
            return refusal(error)
        except RequestDataTooBig:
            return problem(413, "too_large", _("The request is too large."))

    def _once(self, key: str, request: HttpRequest) -> HttpResponse:
        answers: list[HttpResponse] = []

        def work() -> Answer:
            response = self.get_response(request)
            if not _tells_of_the_deed(request, response):
                raise _NotKept(response)
            answers.append(response)
            return Answer(response.status_code, response.content.decode())

        token = request.headers.get("Authorization", "").encode()
        address = request.get_full_path().encode()
        answer, again = answer_once(
            key,
            scope=hashlib.sha256(token).hexdigest()[:40],
            request=fingerprint(str(request.method).encode(), address, request.body),
            work=work,
        )
        return _replay(answer) if again else answers[0]


def _tells_of_the_deed(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether the answer shall stand. What a stranger is told fills no table of ours."""
    known = getattr(request, "auth", None) is not None
    return known and response.status_code < 500 and response.status_code not in NOT_KEPT


def _replay(answer: Answer) -> HttpResponse:
    kind = "application/problem+json" if answer.status >= 400 else "application/json"
    response = HttpResponse(answer.body, status=answer.status, content_type=kind)
    response["Idempotent-Replayed"] = "true"
    return response
