"""The tree of libraries: who may stand under whom, and who inherits from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LibraryKind(StrEnum):
    """What a library is. Districts ended in July 2025 but their libraries' books live on."""

    NETWORK = "network"
    PROVINCE = "province"
    DISTRICT = "district"
    WARD = "ward"
    SCHOOL = "school"
    BOOK_ROOM = "book_room"
    POST_OFFICE = "post_office"
    PRISON = "prison"
    MOBILE = "mobile"


_K = LibraryKind
_ABOVE_A_POINT = frozenset({_K.PROVINCE, _K.DISTRICT, _K.WARD})

PARENT_KINDS: Mapping[LibraryKind, frozenset[LibraryKind]] = {
    _K.NETWORK: frozenset(),
    _K.PROVINCE: frozenset({_K.NETWORK}),
    _K.DISTRICT: frozenset({_K.PROVINCE}),
    _K.WARD: frozenset({_K.NETWORK, _K.PROVINCE, _K.DISTRICT}),
    _K.SCHOOL: frozenset({_K.NETWORK}) | _ABOVE_A_POINT,
    _K.BOOK_ROOM: _ABOVE_A_POINT,
    _K.POST_OFFICE: _ABOVE_A_POINT,
    _K.PRISON: _ABOVE_A_POINT,
    _K.MOBILE: _ABOVE_A_POINT,
}
"""The kinds under which each kind may stand."""

ROOT_KINDS = frozenset(LibraryKind) - {_K.POST_OFFICE, _K.MOBILE}
"""The kinds that may stand alone: a commune or a school on its own PC is a whole tree.

Post-office points and mobile libraries have no stock of their own and need a library above.
"""


class TreeFault(StrEnum):
    """Why a library may not stand where it is put."""

    PARENT_UNKNOWN = "parent_unknown"
    PARENT_KIND = "parent_kind"
    PARENT_DISSOLVED = "parent_dissolved"
    PARENT_CYCLE = "parent_cycle"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    SUCCESSOR_UNKNOWN = "successor_unknown"
    SUCCESSOR_WITHOUT_END = "successor_without_end"
    SUCCESSOR_CYCLE = "successor_cycle"
    SUCCESSOR_DISSOLVED = "successor_dissolved"
    LIVING_BRANCHES = "living_branches"


class TreeBroken(ValueError):
    """A chain of parents or successors runs in a circle or leaves the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryNode:
    """One library as the tree's rules see it, under a key that is its own.

    `valid_to` is the last day on which it exists; `None` means that it lives on.
    """

    key: str
    kind: LibraryKind
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    def is_living(self, *, on: date) -> bool:
        """Tell whether the library exists on that day, its first and last day included."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)


Tree = Mapping[str, LibraryNode]


def lineage(key: str, tree: Tree) -> tuple[str, ...]:
    """Give the library and everything above it, from the library to the root.

    Raises TreeBroken when a parent is unknown or the chain is a circle.
    """
    return tuple(node.key for node in _follow(key, tree, parents=True))


def living_successor(key: str, tree: Tree, *, on: date) -> str | None:
    """Give the library that stands in for this one on that day: itself while it lives.

    `None` when it ended without a successor that lives. Raises TreeBroken as `lineage`.
    """
    for node in _follow(key, tree, parents=False):
        if node.is_living(on=on):
            return node.key
    return None


def placement_faults(node: LibraryNode, tree: Tree, *, on: date) -> tuple[TreeFault, ...]:
    """Say everything that forbids the library as it would stand in the tree on that day.

    The tree may hold the library's former state or not hold it yet.
    """
    after = {**tree, node.key: node}
    return (*_parent_faults(node, after, on=on), *_life_faults(node, after, on=on))


def _parent_faults(node: LibraryNode, tree: Tree, *, on: date) -> Iterator[TreeFault]:
    if node.parent is None:
        if node.kind not in ROOT_KINDS:
            yield TreeFault.PARENT_KIND
        return
    parent = tree.get(node.parent)
    if parent is None:
        yield TreeFault.PARENT_UNKNOWN
        return
    if parent.kind not in PARENT_KINDS[node.kind]:
        yield TreeFault.PARENT_KIND
    if node.is_living(on=on) and parent.valid_to is not None and parent.valid_to < on:
        yield TreeFault.PARENT_DISSOLVED
    if _is_broken(node.key, tree, parents=True):
        yield TreeFault.PARENT_CYCLE


def _life_faults(node: LibraryNode, tree: Tree, *, on: date) -> Iterator[TreeFault]:
    if node.valid_to is None:
        if node.successor is not None:
            yield TreeFault.SUCCESSOR_WITHOUT_END
        return
    if node.valid_from is not None and node.valid_to < node.valid_from:
        yield TreeFault.ENDS_BEFORE_IT_BEGINS
    if node.valid_to < on and _has_living_branch(node, tree, on=on):
        yield TreeFault.LIVING_BRANCHES
    if node.successor is not None:
        yield from _successor_faults(node, tree)


def _successor_faults(node: LibraryNode, tree: Tree) -> Iterator[TreeFault]:
    if node.successor not in tree:
        yield TreeFault.SUCCESSOR_UNKNOWN
    elif _is_broken(node.key, tree, parents=False):
        yield TreeFault.SUCCESSOR_CYCLE
    else:
        *_, last = _follow(node.key, tree, parents=False)
        if last.valid_to is not None:
            yield TreeFault.SUCCESSOR_DISSOLVED


def _has_living_branch(node: LibraryNode, tree: Tree, *, on: date) -> bool:
    return any(other.parent == node.key and other.is_living(on=on) for other in tree.values())


def _is_broken(key: str, tree: Tree, *, parents: bool) -> bool:
    try:
        for _ in _follow(key, tree, parents=parents):
            pass
    except TreeBroken:
        return True
    return False


def _follow(key: str, tree: Tree, *, parents: bool) -> Iterator[LibraryNode]:
    seen: set[str] = set()
    here: str | None = key
    while here is not None:
        if here in seen or here not in tree:
            raise TreeBroken(here)
        seen.add(here)
        yield tree[here]
        here = tree[here].parent if parents else tree[here].successor
