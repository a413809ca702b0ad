"""The sets that may be harvested alone: descriptions, digital objects, collections, libraries.

catalogue                 every bibliographic record
digital                   every digital object
digital:dia-chi:ban-do    a collection, and all that stand below it
library:NET:DLK           what belongs to a library, and to all that stand below it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tangthu.formats.oaipmh.answer import Set
from tangthu.formats.oaipmh.errors import Fault, OaiError
from tangthu.libraries.models import Library
from tangthu.libraries.reading import Network, network
from tangthu.repository.models import Collection

CATALOGUE, DIGITAL, LIBRARY = "catalogue", "digital", "library"
# What a part of a setSpec may hold (OAI-PMH.xsd, setSpecType).
_PART = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_PATH = re.compile(r"[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a set holds. `libraries` narrows where it is not None; `collection` is a path."""

    records: bool = True
    objects: bool = True
    libraries: tuple[int, ...] | None = None
    collection: str = ""


def scope_of(spec: str) -> Scope:
    """Return what the set holds; everything where no set is named. Raises OaiError."""
    head, _colon, rest = spec.partition(":")
    if not spec:
        return Scope()
    if spec == CATALOGUE:
        return Scope(objects=False)
    if head == DIGITAL:
        return Scope(records=False, collection=_collection(rest))
    if head == LIBRARY and rest:
        known = network()
        chosen = _by_spec(known).get(spec)
        if chosen is not None:
            below = (row.pk for row in known.libraries.values() if row.path.startswith(chosen.path))
            return Scope(libraries=tuple(sorted(below)))
    raise OaiError(Fault.NO_RECORDS_MATCH, "There is no such set.")


def every_set() -> Iterator[Set]:
    """Yield all sets: the two kinds, the tree of collections, the tree of libraries."""
    yield Set(CATALOGUE, _("Bibliographic records"))
    yield Set(DIGITAL, _("Digital objects"))
    for row in Collection.objects.in_tree_order():
        yield Set(spec_of_path(row.path), row.name, row.description)
    known = network()
    for spec, library in sorted(_by_spec(known).items()):
        yield Set(spec, library.name)


def spec_of_path(path: str) -> str:
    """Return the set of the collection at this path."""
    return ":".join([DIGITAL, *path.strip("/").split("/")])


def spec_of_library(pk: int, known: Network) -> str:
    """Return the set of what belongs to the library."""
    chain = reversed(known.libraries[pk].chain)
    return ":".join([LIBRARY, *(_part(known.libraries[each]) for each in chain)])


def _by_spec(known: Network) -> Mapping[str, Library]:
    return {spec_of_library(pk, known): row for pk, row in known.libraries.items()}


def _part(library: Library) -> str:
    return library.code if _PART.fullmatch(library.code) else str(library.pk)


def _collection(rest: str) -> str:
    if not rest:
        return ""
    path = f"{rest.replace(':', '/')}/"
    if not _PATH.fullmatch(rest) or not Collection.objects.filter(path=path).exists():
        raise OaiError(Fault.NO_RECORDS_MATCH, "There is no such set.")
    return path
