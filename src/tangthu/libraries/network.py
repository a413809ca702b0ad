"""The tree of libraries as people look at it: in order of names, with its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from tangthu.libraries.models import Library, LibraryQuerySet
from tangthu.text import fold
from tangthu.text.sorting import sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much of everything a library has. What has left the register does not count."""

    stacks: int
    staff: int
    copies: int
    readers: int


NOTHING = Figures(stacks=0, staff=0, copies=0, readers=0)


def in_tree_order(libraries: Iterable[Library]) -> list[Library]:
    """Return each library before those below it, and neighbours by their names."""
    every = list(libraries)
    keys = {library.pk: sort_key(library.name) for library in every}

    def place(library: Library) -> list[tuple[bytes, int]]:
        return [(keys.get(pk, b""), pk) for pk in reversed(library.chain)]

    return sorted(every, key=place)


def matching(libraries: Iterable[Library], text: str) -> list[Library]:
    """Return the libraries whose name holds the words, marks or no marks, or whose code it is."""
    wanted = fold(text).split()
    return [
        library
        for library in libraries
        if all(word in fold(f"{library.name} {library.code}") for word in wanted)
    ]


def figures(libraries: Iterable[Library]) -> Mapping[int, Figures]:
    """Count what these libraries have, each for itself. One query."""
    wanted = Library.objects.filter(pk__in=[library.pk for library in libraries])
    counted = wanted.annotate(
        n_stacks=_count("locations", Q(locations__is_active=True)),
        n_staff=_count("staff", Q(staff__is_active=True)),
        n_copies=_count("items", ~Q(items__status="withdrawn")),
        n_readers=_count("patrons", Q()),
    )
    rows = counted.values_list("pk", "n_stacks", "n_staff", "n_copies", "n_readers")
    return {
        pk: Figures(stacks=stacks, staff=staff, copies=copies, readers=readers)
        for pk, stacks, staff, copies, readers in rows
    }


def branches_of(library: Library) -> LibraryQuerySet:
    """Return the libraries that stand directly below this one."""
    return Library.objects.filter(parent=library)


def _count(relation: str, which: Q) -> Subquery:
    # The relations belong to apps above this one: they are named, never imported. A subquery
    # each, because counting along several joins at once multiplies them.
    here = Library.objects.filter(pk=OuterRef("pk")).values("pk")
    return Subquery(here.annotate(n=Count(relation, filter=which)).values("n"))
