"""Writing down how an object was digitised."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.models import Capture, Sheet, Step
from tangthu.digitisation.policy.stages import Effect
from tangthu.repository.models import DigitalObject
from tangthu.repository.permissions import RepositoryPermission

_OURS = frozenset({"id", "object", "changed_at", "changed_by"})


@transaction.atomic
def keep_sheet(sheet: Sheet, *, by: Actor) -> Sheet:
    """Keep the sheet of an object as it stands now."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=sheet.object.library_id)
    DigitalObject.objects.select_for_update(no_key=True).get(pk=sheet.object_id)
    former = Sheet.objects.filter(object=sheet.object_id).first()
    sheet.pk = former.pk if former else None
    sheet.changed_at, sheet.changed_by = timezone.now(), by.name
    sheet.save()
    audit.record(
        "digitisation.sheet_kept",
        by=by,
        kind="object",
        key=sheet.object_id,
        library=sheet.object.library_id,
        before=audit.snapshot(former) if former else None,
        after=audit.snapshot(sheet),
    )
    return sheet


def begun_sheet(obj: DigitalObject) -> Sheet:
    """Return the object's sheet, or one with what the project's steps tell already."""
    kept = Sheet.objects.filter(object=obj).first()
    if kept is not None:
        return kept
    sheet = Sheet(object=obj)
    capture = Capture.objects.filter(object=obj).select_related("item").order_by("-id").first()
    if capture is None:
        return sheet
    sheet.original_number = capture.item.accession_number if capture.item else ""
    for step in capture.steps.exclude(ended_at=None).select_related("stage"):
        _take_over(sheet, step)
    return sheet


def told_of(obj: DigitalObject) -> dict[str, object]:
    """Return the sheet as plain data, for the description that lies in the archive."""
    sheet = Sheet.objects.filter(object=obj).first()
    if sheet is None:
        return {}
    told = audit.snapshot(sheet)
    return {name: value for name, value in told.items() if name not in _OURS and value}


def keep_told(obj: DigitalObject, told: object, by: Actor) -> None:
    """Keep the sheet as an archive or a bag tells it; what does not fit is left out."""
    if not isinstance(told, Mapping) or Sheet.objects.filter(object=obj).exists():
        return
    sheet = Sheet(object=obj)
    for field in Sheet._meta.concrete_fields:
        if field.name in told and field.name not in _OURS and not field.is_relation:
            with suppress(ValidationError):
                setattr(sheet, field.name, field.clean(told[field.name], sheet))
    keep_sheet(sheet, by=by)


def _take_over(sheet: Sheet, step: Step) -> None:
    day = timezone.localdate(step.ended_at) if step.ended_at else None
    if step.stage.effect == Effect.SCAN:
        sheet.operator, sheet.scanned_on = step.worker, day
    elif step.stage.effect == Effect.CHECK:
        sheet.checker, sheet.checked_on = step.worker, day
