"""The search inside an object: where it is asked, once something can answer it.

The text of pages is kept by an app that stands beside this one, and searched by one above it. What
answers registers itself here; until then no viewer and no manifest offers a search.
"""

from __future__ import annotations

from collections.abc import Callable

from tangthu.repository.models import DigitalObject

Finder = Callable[[DigitalObject], str]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let this function say where the text of an object is searched; empty where it has none."""
    if finder not in _finders:
        _finders.append(finder)


def search_address(obj: DigitalObject) -> str:
    """Return where the text of the object is searched (Content Search 2.0), or nothing."""
    return next(filter(None, (find(obj) for find in _finders)), "")
