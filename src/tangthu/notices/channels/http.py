"""One careful way to ask a gateway: limited in time and size, and every failure named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
from django.utils import timezone

from tangthu.notices.channels.outcomes import ChannelDown, Unsure

TIMEOUT = httpx.Timeout(15, connect=5, pool=5)
LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered."""

    status: int
    values: Mapping[str, object]

    def said(self, *names: str) -> str:
        """Return the value under these names, one within the other, as text; "" if not there."""
        value: object = self.values
        for name in names:
            value = value.get(name, "") if isinstance(value, Mapping) else ""
        return str(value)


def client() -> httpx.Client:
    """Return a client that follows nobody elsewhere and waits for nobody for ever."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False)


def ask(http: httpx.Client, request: httpx.Request, *, repeatable: bool = False) -> Answer:
    """Send the request and return the JSON answer.

    Raises ChannelDown where nothing can have been accepted, and where the gateway refuses a
    second one by itself (`repeatable`); Unsure where the line broke after the request.
    """
    try:
        response = http.send(request, stream=True)
        try:
            body = _body(response)
        finally:
            response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ChannelDown("unreachable", _name(error)) from error
    except httpx.HTTPError as error:
        failure = "timeout" if isinstance(error, httpx.TimeoutException) else "broken_line"
        if repeatable:
            raise ChannelDown(failure, _name(error), by_message=True) from error
        raise Unsure(failure, _name(error)) from error
    _require_service(response)
    return Answer(response.status_code, _json(body, response.status_code))


def _body(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ChannelDown("bad_answer", "too long", by_message=True)
    return body


def _require_service(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise ChannelDown("too_many", retry_after=_retry_after(response))
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise ChannelDown("key_refused", f"HTTP {status}")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ChannelDown(
            "server_error", f"HTTP {status}", retry_after=_retry_after(response), by_message=True
        )
    if 300 <= status < 400:
        raise ChannelDown("bad_answer", f"HTTP {status}")


def _json(body: bytes, status: int) -> Mapping[str, object]:
    try:
        values = json.loads(body)
    except ValueError as error:
        raise ChannelDown("bad_answer", f"HTTP {status}", by_message=True) from error
    if not isinstance(values, dict):
        raise ChannelDown("bad_answer", f"HTTP {status}", by_message=True)
    return values


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; nothing for anything else."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return timedelta(seconds=min(int(told[:9]), 86_400))
    try:
        return parsedate_to_datetime(told) - timezone.now()
    except (ValueError, TypeError):
        return None


def _name(error: Exception) -> str:
    # The words of an exception may hold the address with its keys.
    return type(error).__name__
