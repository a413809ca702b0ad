"""Problem documents (RFC 9457): how the API says that something was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus

from django.http import JsonResponse

from tangthu.core import wording
from tangthu.core.errors import TangthuError


def problem(
    status: int, code: str, detail: str, members: Mapping[str, object] | None = None
) -> JsonResponse:
    """Return a problem document with its stable code, and whatever else explains it."""
    body: dict[str, object] = {
        "type": f"urn:tangthu:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    for name, value in (members or {}).items():
        body.setdefault(name, plain(value))
    return JsonResponse(body, status=status, content_type="application/problem+json")


def refusal(error: TangthuError, members: Mapping[str, object] | None = None) -> JsonResponse:
    """Return the problem document of a refusal."""
    data = {name: value for name, value in error.data.items() if not name.startswith("_")}
    return problem(error.status, error.code, wording.explain(error), {**data, **(members or {})})


def plain(value: object) -> object:
    """Return a value that JSON can carry; what it cannot is written as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return str(value)
