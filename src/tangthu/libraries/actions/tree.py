"""Founding, changing, moving and dissolving libraries, judged on the whole tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries import policy
from tangthu.libraries.actions.traces import LIBRARY_CHANGED, require_words
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.models import Library
from tangthu.libraries.permissions import LibrariesPermission

LIBRARY_RENUMBERED = "library_code"
"""News that a library has another code: what was written down under the old one is stale."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")

_FIELDS = {
    policy.TreeFault.ENDS_BEFORE_IT_BEGINS: "valid_to",
    policy.TreeFault.LIVING_BRANCHES: "valid_to",
    policy.TreeFault.SUCCESSOR_CYCLE: "successor",
    policy.TreeFault.SUCCESSOR_DISSOLVED: "successor",
    policy.TreeFault.SUCCESSOR_UNKNOWN: "successor",
    policy.TreeFault.SUCCESSOR_WITHOUT_END: "successor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryData:
    """What is said of a library when it is founded or changed."""

    code: str
    name: str
    kind: policy.LibraryKind
    parent: Library | None = None
    ward_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    valid_from: date | None = None


def create_library(data: LibraryData, *, by: Actor) -> Library:
    """Found a library under its parent, or a new tree, which only the machine may.

    Raises LibraryRefused when it may not stand there, or its code is taken, empty or not plain.
    """
    try:
        return _create_library(data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


def change_library(library: Library, data: LibraryData, *, by: Actor) -> Library:
    """Change what is said of a library; with another parent, move it and all below it.

    Needs the permission at the library, and at its new parent. Raises LibraryRefused as
    `create_library`.
    """
    try:
        return _change_library(library, data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


@transaction.atomic
def dissolve_library(
    library: Library, *, on: date, successor: Library | None = None, by: Actor
) -> Library:
    """Let a library end on that day, its last, and name the one that carries on.

    Its copies and readers stay on record and keep their numbers. Refused while libraries
    below it would live on, and with a successor that does not.
    """
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    library.valid_to, library.successor = on, successor
    # Judged as of the day after: that is when its branches would hang in the air.
    _require_place(library, tree, on=on + timedelta(days=1))
    library.save(update_fields=["valid_to", "successor"])
    _leave_traces("library.dissolve", library, by=by, before=before)
    return library


@transaction.atomic
def revive_library(library: Library, *, by: Actor) -> Library:
    """Take back the end of a library that was entered by mistake or put off."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    library.valid_to, library.successor = None, None
    _require_place(library, tree, on=_today())
    library.save(update_fields=["valid_to", "successor"])
    _leave_traces("library.revive", library, by=by, before=before)
    return library


@transaction.atomic
def _create_library(data: LibraryData, *, by: Actor) -> Library:
    _require_right_over(data.parent, by=by)
    tree = _locked_tree()
    require_words(code=data.code, name=data.name)
    _require_plain(data.code)
    library = Library(**_texts(data), parent=data.parent)
    _require_place(library, tree, on=_today())
    library.save(force_insert=True)
    library.path = f"{_path(data.parent)}{library.pk}/"
    library.save(update_fields=["path"])
    _leave_traces("library.create", library, by=by, before=None)
    return library


@transaction.atomic
def _change_library(library: Library, data: LibraryData, *, by: Actor) -> Library:
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    require_words(code=data.code, name=data.name)
    _require_plain(data.code)
    parent = tree[data.parent.pk] if data.parent else None
    moves = library.parent_id != (parent.pk if parent else None)
    if moves:
        _require_right_over(parent, by=by)
    for name, value in _texts(data).items():
        setattr(library, name, value)
    library.parent = parent
    _require_place(library, tree, on=_today())
    library.save()
    if moves:
        _move_branch(library, to=f"{_path(parent)}{library.pk}/")
    if library.code != before["code"]:
        changes.append(LIBRARY_RENUMBERED, [library.pk], library=library.pk)
    _leave_traces("library.change", library, by=by, before=before)
    return library


def _move_branch(library: Library, *, to: str) -> None:
    below = Concat(Value(to), Substr("path", len(library.path) + 1))
    Library.objects.under(library).update(path=below)
    library.refresh_from_db(fields=["path"])


def _require_right_over(parent: Library | None, *, by: Actor) -> None:
    # Nobody's roles reach beyond the tree: a tree of its own is for the machine to plant.
    at = parent.pk if parent else 0
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=at)


def _require_place(library: Library, tree: dict[int, Library], *, on: date) -> None:
    others = (_node(each) for each in tree.values() if each.pk != library.pk)
    nodes = {node.key: node for node in others}
    faults = policy.placement_faults(_node(library), nodes, on=on)
    if faults:
        raise LibraryRefused(
            _FIELDS.get(faults[0], "parent"),
            fault=str(faults[0]),
            faults=[str(fault) for fault in faults],
        )


def _node(library: Library) -> policy.LibraryNode:
    return policy.LibraryNode(
        key=str(library.pk),
        kind=policy.LibraryKind(library.kind),
        parent=str(library.parent_id) if library.parent_id else None,
        valid_from=library.valid_from,
        valid_to=library.valid_to,
        successor=str(library.successor_id) if library.successor_id else None,
    )


def _locked_tree() -> dict[int, Library]:
    """Lock all libraries in the order of their keys: the tree is judged as a whole."""
    rows = Library.objects.select_for_update(no_key=True).order_by("pk")
    return {library.pk: library for library in rows}


def _texts(data: LibraryData) -> dict[str, object]:
    return {
        "code": data.code.strip(),
        "name": data.name.strip(),
        "kind": str(data.kind),
        "ward_code": data.ward_code.strip(),
        "address": data.address.strip(),
        "phone": data.phone.strip(),
        "email": data.email.strip(),
        "valid_from": data.valid_from,
    }


def _path(parent: Library | None) -> str:
    return parent.path if parent else "/"


def _today() -> date:
    return timezone.localdate()


def _require_plain(code: str) -> None:
    """Refuse a code that could not stand in a barcode, in an address and in a file's name."""
    if not _CODE.fullmatch(code.strip()):
        raise LibraryRefused("code", fault="not_plain")


def _leave_traces(
    action: str, library: Library, *, by: Actor, before: dict[str, object] | None
) -> None:
    audit.record(
        action,
        by=by,
        kind="library",
        key=library.pk,
        library=library.pk,
        before=before,
        after=audit.snapshot(library),
    )
    changes.append(LIBRARY_CHANGED, [library.pk], library=library.pk)
