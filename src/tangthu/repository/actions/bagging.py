"""Taking bags in: our own come back as the objects they were, those of others become new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.formats import bagit
from tangthu.formats.bagit import BadBag, Bag
from tangthu.libraries.models import Library
from tangthu.repository import foreign, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.files import Incoming, Taken, keep_row, taken_in
from tangthu.repository.actions.matching import match_of
from tangthu.repository.actions.preserving import make_ready
from tangthu.repository.actions.rebuilding import Parts, make_object, make_parts
from tangthu.repository.bags import DESCRIPTION
from tangthu.repository.describing import rebuild_parts
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import (
    BagReceipt,
    DigitalFile,
    DigitalObject,
    ObjectRecord,
)
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import descriptions
from tangthu.repository.policy.descriptions import Description, FileTold
from tangthu.repository.policy.identifiers import new_identifier
from tangthu.repository.policy.kinds import EventKind
from tangthu.repository.policy.media import CAPTIONS


@dataclass(frozen=True, slots=True)
class Received:
    """The object that a bag is, and whether it is new here."""

    object: DigitalObject
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a bag holds for us: its own description, or what others tell."""

    bag: Bag
    name: str
    own: Description | None

    def wanted(self) -> list[str]:
        if self.own is None:
            return foreign.payload_of(self.bag)
        return [each.path for each in self.own.files]


def take_in_bag(files: Mapping[str, Path], *, name: str, library: Library, by: Actor) -> Received:
    """Make the object that a bag holds, as a draft; `files` are named from the bag's root.

    A bag that came before gives the object that it became, and changes nothing. Raises FileRefused
    for a bag that is not whole, names places outside of itself, holds nothing or what the library
    does not keep, and for one whose object is here with other files.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=library.pk)
    contents = _read(files, name)
    known = _known(contents)
    if known is not None:
        return Received(known, is_new=False)
    try:
        obj = _take_in(contents, library, by=by)
    except IntegrityError:
        # Somebody took the same bag in meanwhile.
        known = _known(contents)
        if known is None:
            raise
        return Received(known, is_new=False)
    make_ready(obj, by=by)
    return Received(obj, is_new=True)


def _read(files: Mapping[str, Path], name: str) -> _Contents:
    try:
        bag = bagit.opened(files)
    except BadBag as bad:
        raise FileRefused(bad.fault, name=bad.name) from bad
    described = bag.payload.get(DESCRIPTION)
    own = None
    if described is not None and described.stat().st_size < bagit.LARGEST_TAG_FILE:
        try:
            own = descriptions.read(described.read_bytes())
        except descriptions.Unreadable:
            own = None
    contents = _Contents(bag, name, own)
    if not contents.wanted():
        raise FileRefused("nothing_inside", name=name)
    for each in own.files if own else ():
        if bag.digests.get(each.path) != each.sha256:
            raise FileRefused("bag_file_missing", name=each.name)
    return contents


def _known(contents: _Contents) -> DigitalObject | None:
    """Return the object that the bag became before. Raises FileRefused for one that differs."""
    receipt = BagReceipt.objects.filter(digest=contents.bag.digest).select_related("object").first()
    if receipt is not None:
        return receipt.object
    own = contents.own
    if own is None:
        return None
    obj = DigitalObject.objects.filter(identifier=own.identifier).first()
    if obj is None:
        return None
    here = set(DigitalFile.objects.filter(object=obj).values_list("sha256", flat=True))
    if not {each.sha256 for each in own.files} <= here:
        raise FileRefused("bag_differs", name=obj.title)
    return obj


def _take_in(contents: _Contents, library: Library, *, by: Actor) -> DigitalObject:
    wanted = contents.wanted()
    with _looked_at(contents, wanted) as taken, transaction.atomic():
        told = contents.own or _foreign(contents, taken)
        obj = make_object(told, library=library, by=by)
        if contents.own is None:
            _link(obj, contents, library)
        rows = {each.path: _row(obj, each, taken[each.path], by=by) for each in told.files}
        make_parts(obj, Parts(told, rows, storage.path_of), by=by)
        BagReceipt.objects.create(
            digest=contents.bag.digest, object=obj, name=contents.name, received_at=timezone.now()
        )
        rebuild_parts(obj, told, by=by)
        _told(obj, contents, by=by)
    return obj


@contextmanager
def _looked_at(contents: _Contents, wanted: list[str]) -> Iterator[dict[str, Taken]]:
    """Copy the files into the store and look at each, while nothing is locked."""
    bag = contents.bag
    incoming = [Incoming(bag.payload[path], path) for path in wanted]
    identifier = contents.own.identifier if contents.own else new_identifier()
    with taken_in(identifier, incoming) as copied:
        taken = dict(zip(wanted, copied, strict=True))
        for path, each in taken.items():
            if each.file.digests.sha256 != bag.digests[path]:
                raise FileRefused("bag_file_changed", name=path)
        yield taken


def _foreign(contents: _Contents, taken: Mapping[str, Taken]) -> Description:
    found = {
        path: foreign.Found(
            each.file.media_type, each.file.digests.size, each.file.digests.sha256, each.file.frames
        )
        for path, each in taken.items()
    }
    work = foreign.work_of(contents.bag)
    return foreign.described(contents.bag, work, found, name=contents.name)


def _link(obj: DigitalObject, contents: _Contents, library: Library) -> None:
    """Let the object belong to the one record that the bag names, if it names one."""
    bag = contents.bag
    for name in foreign.names_of(bag, foreign.work_of(bag), contents.name):
        try:
            match = match_of(name, library=library)
        except FileRefused:
            continue
        ObjectRecord.objects.create(object=obj, record=match.record, position=0)
        return


def _row(obj: DigitalObject, told: FileTold, taken: Taken, *, by: Actor) -> DigitalFile:
    row = keep_row(obj, taken, role=told.role, by=by)
    parts = told.path.split("/")
    if len(parts) == 3 and len(parts[1]) == len(row.identifier):
        # Its own name comes back with it, unless another file has it meanwhile.
        free = not DigitalFile.objects.filter(identifier=parts[1]).exists()
        row.identifier = parts[1] if free else row.identifier
    if told.media_type == CAPTIONS:
        row.media_type = CAPTIONS
    row.save(update_fields=["identifier", "media_type"])
    return row


def _told(obj: DigitalObject, contents: _Contents, *, by: Actor) -> None:
    note_event(
        obj, EventKind.INGESTION, by=by.name, detail=f"bag {contents.name} {contents.bag.digest}"
    )
    audit.record(
        "object.bag_taken_in",
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        after={"bag": contents.name, "digest": contents.bag.digest},
    )
    tell(obj)
