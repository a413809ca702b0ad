"""What a person may be allowed to do. Each app names its own in `permissions.py`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Permission(StrEnum):
    """A deed that a role may allow: a stable code, and the words a manager reads."""

    label: _StrPromise

    def __new__(cls, code: str, label: _StrPromise) -> Permission:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


def every_permission() -> Iterator[Permission]:
    """Yield the permissions of all installed apps, in the order of the house."""
    for group in Permission.__subclasses__():
        yield from group
