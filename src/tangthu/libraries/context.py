"""The name at the head of every page: of the library where one works, or of the whole."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import lazystr

from tangthu.core.actor import NOBODY, Actor
from tangthu.libraries.models import Library, LibraryKind

KEPT_SECONDS = 60
NAMELESS = "Tàng Thư"


def names(request: HttpRequest) -> dict[str, object]:
    """Give templates `library_name`, read at most once a minute."""
    actor: Actor = getattr(request, "actor", NOBODY)
    return {"library_name": lazystr(_Name(actor))}


class _Name:
    """A name that is looked up only where a page shows it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __str__(self) -> str:
        at = self.actor.library_id
        key = f"library-name:{at or 'all'}"
        name: str | None = cache.get(key)
        if name is None:
            name = _name_of(at)
            cache.set(key, name, KEPT_SECONDS)
        return name


def _name_of(library_id: int | None) -> str:
    """Return the library's name; for readers that of the main library of the tree."""
    libraries = Library.objects.filter(valid_to=None)
    if library_id is not None:
        libraries = Library.objects.filter(pk=library_id)
    try:
        found = libraries.exclude(kind=LibraryKind.NETWORK).in_tree_order().first()
    except DatabaseError:
        return NAMELESS
    return found.name if found else NAMELESS
