"""What the program does when a stage is begun or finished: copy, object, publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangthu.catalogue.actions.digitising import bring_back_digitised, take_to_digitise
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission
from tangthu.digitisation import stack
from tangthu.digitisation.errors import CopyElsewhere, NothingScanned, PagesNotSettled
from tangthu.digitisation.models import Capture, Finding, Stage
from tangthu.digitisation.policy.stages import Effect
from tangthu.repository.actions import ObjectData, create_object, publish

Deed = Callable[[Capture, Actor], None]


def begin(capture: Capture, stage: Stage, *, by: Actor) -> None:
    """Do what beginning the stage brings. The capture is locked, and saved by the caller."""
    deed = _BEGUN.get(Effect(stage.effect))
    if deed is not None:
        deed(capture, by)


def end(capture: Capture, stage: Stage, *, by: Actor) -> None:
    """Do what finishing the stage brings with it; raises what stands against finishing it."""
    deed = _ENDED.get(Effect(stage.effect))
    if deed is not None:
        deed(capture, by)
    if stage.gives_back:
        give_back(capture, by)


def give_back(capture: Capture, by: Actor) -> None:
    """Let the copy return to the stack, and to its library; nothing where it was not fetched."""
    if capture.item is None or not capture.status_before:
        return
    deputy = _deputy(by, capture)
    bring_back_digitised(capture.item, to=capture.status_before, by=deputy)
    capture.status_before = ""
    stack.carrier().send_home(capture.item, by=deputy)


def _ask_for_copy(capture: Capture, by: Actor) -> None:
    library = capture.project.library
    if capture.item is not None and not stack.carrier().is_at(capture.item, library):
        stack.carrier().ask(capture.item, to=library, by=_deputy(by, capture))


def _take_copy(capture: Capture, by: Actor) -> None:
    if capture.item is None or capture.status_before:
        return
    library = capture.project.library
    if not stack.carrier().is_at(capture.item, library):
        raise CopyElsewhere(barcode=capture.item.barcode, library=library.name)
    before = take_to_digitise(capture.item, by=_deputy(by, capture))
    capture.status_before = before or "available"


def _make_object(capture: Capture, by: Actor) -> None:
    """Make the object that the scans go into; one that is linked to the capture stays."""
    if capture.object is not None:
        return
    project = capture.project
    record = capture.record
    data = ObjectData(
        title=record.title or capture.number,
        languages=record.language,
        rights=project.rights,
        access=project.access,
        provenance=_provenance(capture),
        collections=(project.collection,) if project.collection else (),
        records=(record,),
    )
    capture.object = create_object(data, library=project.library, by=by)


def _provenance(capture: Capture) -> str:
    item = capture.item
    if item is None:
        return capture.number
    place = item.location.name if item.location else item.library.name
    return f"{item.accession_number} · {place} · {capture.number}"


def _require_pages(capture: Capture, by: Actor) -> None:
    obj = capture.object
    if obj is None or not (obj.pages.exists() or obj.files.exists()):
        raise NothingScanned(capture=capture.number)


def _require_settled(capture: Capture, by: Actor) -> None:
    if capture.object is None:
        raise NothingScanned(capture=capture.number)
    count = Finding.objects.of_object(capture.object).unsettled().count()
    if count:
        raise PagesNotSettled(capture=capture.number, count=count)


def _publish(capture: Capture, by: Actor) -> None:
    if capture.object is None:
        raise NothingScanned(capture=capture.number)
    publish(capture.object, by=by)


def _deputy(by: Actor, capture: Capture) -> Actor:
    """Return the actor as one who may mark this copy and have it carried.

    Whoever fetches documents for scanning is no cataloguer and stands at no desk; the deed has
    asked for its own right already.
    """
    library = capture.project.library_id
    there = frozenset({library, capture.item.library_id} if capture.item else {library})
    grants: dict[Permission, frozenset[int]] = {CataloguePermission.EDIT_ITEMS: there}
    return Actor(
        face=by.face,
        name=by.name,
        user_id=by.user_id,
        library_id=library,
        grants=grants,
        everywhere=by.everywhere,
    )


_BEGUN: Mapping[Effect, Deed] = {Effect.FETCH: _ask_for_copy, Effect.SCAN: _make_object}
_ENDED: Mapping[Effect, Deed] = {
    Effect.FETCH: _take_copy,
    Effect.SCAN: _require_pages,
    Effect.CHECK: _require_settled,
    Effect.PUBLISH: _publish,
}
