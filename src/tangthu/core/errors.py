"""The root of every error that the library raises on purpose.

TangthuError
├── NotPermitted        the actor lacks a permission (HTTP 403)
├── NotFound            the thing asked for is not there, or not for these eyes (404)
├── Invalid             a value is wrong; carries the field (422)
├── Conflict            true when asked, but not any more (409)
│   └── StaleVersion    somebody else saved in between
└── Busy                try again shortly (503)
"""

from __future__ import annotations

from typing import ClassVar


class TangthuError(Exception):
    """A refusal with a stable `code` and the data that explains it. Faces find the words."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, **data: object) -> None:
        super().__init__(self.code)
        self.data = data

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.code}({details})" if details else self.code


class NotPermitted(TangthuError):
    code = "not_permitted"
    status = 403


class NotFound(TangthuError):
    code = "not_found"
    status = 404


class Invalid(TangthuError):
    """A value that cannot be accepted. `field` names it."""

    code = "invalid"
    status = 422

    def __init__(self, field: str = "", **data: object) -> None:
        super().__init__(field=field, **data)
        self.field = field


class Conflict(TangthuError):
    code = "conflict"
    status = 409


class StaleVersion(Conflict):
    code = "stale_version"


class Busy(TangthuError):
    code = "busy"
    status = 503
